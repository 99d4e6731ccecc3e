import { halfWidth } from './text.ts'

/** Columns of a table by the words that may stand above them; the first is the one we show. */
export type Columns<Name extends string> = Readonly<Record<Name, readonly string[]>>
export type CellsOf<Name extends string> = Record<Name, string>

export interface ReadTable<Name extends string> {
  rows: Array<CellsOf<Name>>
  /** Headings that mean nothing to us. */
  unknown: string[]
}

const HEAD_WITHIN = 10

/**
 * Rows of a table under the heading that names at least the columns that it `needs`; undefined when there is none. A row in which
 * all of these are empty does not count.
 */
export function readTable<Name extends string>(
  rows: readonly string[][],
  columns: Columns<Name>,
  needs: readonly NoInfer<Name>[],
): ReadTable<Name> | undefined {
  const names = Object.keys(columns) as Name[]
  const place = (row: readonly string[], name: Name): number => placeOf(row, columns[name])
  const head = rows.slice(0, HEAD_WITHIN).findIndex(row => needs.every(name => place(row, name) >= 0))
  const heading = rows[head]
  if (!heading) return undefined
  const places = Object.fromEntries(names.map(name => [name, place(heading, name)])) as Record<Name, number>
  const taken = new Set<number>(Object.values(places))
  const cellsOf = (row: readonly string[]) =>
    Object.fromEntries(names.map(name => [name, row[places[name]] ?? ''])) as CellsOf<Name>
  return {
    rows: rows
      .slice(head + 1)
      .map(cellsOf)
      .filter(cells => needs.some(name => cells[name] !== '')),
    unknown: heading.filter((word, i) => word !== '' && !taken.has(i) && !COUNTING.test(bare(word))),
  }
}

const COUNTING = /^(序号|编号|备注)$/

const bare = (word: string): string => word.replace(/[\s*\uff0a:\uff1a]/g, '')

function placeOf(row: readonly string[], words: readonly string[]): number {
  const heads = row.map(bare)
  return words.map(word => heads.indexOf(word)).find(place => place >= 0) ?? -1
}

/** `江A12345 应急保障用车 5座 里程:32000 年检:2027-03-31`: what is labelled, and the words that are left. */
export function readLine<Name extends string>(
  line: string,
  columns: Columns<Name>,
): { cells: Partial<CellsOf<Name>>; left: string[] } {
  const cells: Partial<CellsOf<Name>> = {}
  const left: string[] = []
  for (const word of halfWidth(line).trim().split(/\s+/)) {
    const [, label = '', value = ''] = /^([^:\uff1a]{1,12})[:\uff1a](.+)$/.exec(word) ?? []
    const name = (Object.keys(columns) as Name[]).find(one => columns[one].includes(label))
    if (name) cells[name] = value
    else if (word) left.push(word)
  }
  return { cells, left }
}

const DAY_ZERO = Date.UTC(1899, 11, 30)

/** A date as workbooks keep it (days since 1899-12-30, with the time as a fraction) in words; anything else as it is. */
export function dayInWords(cell: string): string {
  if (!/^\d{5}(\.\d{1,16})?$/.test(cell)) return cell
  const at = new Date(DAY_ZERO + Math.round(Number(cell) * 1_440) * 60_000).toISOString()
  const clock = at.slice(11, 16)
  return `${Number(at.slice(0, 4))}年${Number(at.slice(5, 7))}月${Number(at.slice(8, 10))}日${clock === '00:00' ? '' : clock}`
}
