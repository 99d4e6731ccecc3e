import { Stint } from './stint.ts'

/** What stands in a cell, and in which column. */
export interface Cell {
  place: number
  text: string
}

/** So much of a head tells what stands beneath it, and so much of what is above all rows what they are about. */
const [HEAD, TOP] = [30, 400]
/** A line by itself, so that the end of a cell and the next head do not make a word: 打印机, 密级. */
export const APART = '\nx\n'

/** A table as people read it. `top`: what is above all rows; `said`: a cell beneath the head of its column, undefined where none has one. */
export function beneathHeads(rows: ReadonlyArray<readonly Cell[]>): {
  top: string
  said: (row: number, cell: Cell) => string | undefined
} {
  const at = headsAt(rows)
  const heads = new Map(rows[at]?.map(({ place, text }) => [place, text.slice(0, HEAD)]))
  const above = rows.slice(0, at + 1).map(cells => cells.map(({ text }) => text).join('\n'))
  return {
    top: above.join('\n').slice(0, TOP),
    said: (row, { place, text }) => {
      const head = row > at && text !== '' ? heads.get(place) : ''
      return head ? `${head}:${text}` : undefined
    },
  }
}

const HEADS_WITHIN = 10

/** A title may stand above the heads. Of the first rows they are the one with the most words: numbers stand beneath. */
function headsAt(rows: ReadonlyArray<readonly Cell[]>): number {
  const words = rows.slice(0, HEADS_WITHIN).map(cells => cells.filter(({ text }) => /^\D+$/.test(text)).length)
  return words.indexOf(Math.max(...words))
}

/** So much of a cell is read with its head: all of it stands by itself, too. */
const CELL = 100
/** Nobody's number is next to somebody of another row. */
const NEXT_ROW = 'x'.repeat(20)

/**
 * A table as people read it, line by line: the cells that stand beneath a head, apart from each other, and then each row by itself, for
 * in a form a word stands to the left of what is filled in.
 */
export async function linesOfTable(rows: ReadonlyArray<readonly Cell[]>, keep: (line: string) => void): Promise<void> {
  const stint = new Stint()
  if (rows.length > 1) await linesBeneath(rows, keep, stint)
  for (const cells of rows) {
    if (stint.isOver()) await stint.rest()
    const line = lineOfForm(cells)
    if (line) keep(`${NEXT_ROW}\n${line}`)
  }
}

/** More than how many, how much or when: that stands next to all kinds of words. */
const TELLS = /[^\d\s年月日号时点分秒:：./%-]|\d(?: ?\d){5}/

/** Undefined where nothing stands to the left of something. The bracket: whatever is last may be one more word, with nothing behind it. */
function lineOfForm(cells: readonly Cell[]): string | undefined {
  const said = cells.map(({ text }) => text.slice(0, CELL)).filter(text => TELLS.test(text))
  return said.length > 1 ? `${said.join(':')}(` : undefined
}

async function linesBeneath(
  rows: ReadonlyArray<readonly Cell[]>,
  keep: (line: string) => void,
  stint: Stint,
): Promise<void> {
  const { top, said } = beneathHeads(rows)
  keep(top)
  for (const [i, cells] of rows.entries()) {
    let between = NEXT_ROW
    for (const { place, text } of cells) {
      if (stint.isOver()) await stint.rest()
      const line = said(i, { place, text: text.slice(0, CELL) })
      if (line === undefined) continue
      keep(`${between}\n${line}`)
      between = 'x'
    }
  }
}
