import { Refusal } from '../kit/refusal.ts'
import { tidy } from '../kit/text.ts'
import { eachTag, safe, type Tag, tagsOf, unescaped } from './markup.ts'
import { Stint } from './stint.ts'
import { openArchive, UNREADABLE } from './unzip.ts'

const MOST_ROWS = 1_000
const MOST_COLUMNS = 40
const LONGEST_CELL = 2_000

/**
 * The cells of a workbook's first sheet as text, row by row; empty rows are left out. It reads just the few elements that make
 * up cells, each character once, and no entity but the five of XML, so that nothing outside the file is ever asked for.
 * @throws Refusal in words for the sender; what is broken otherwise throws as it breaks.
 */
export async function readSheet(bytes: Uint8Array): Promise<string[][]> {
  const archive = openArchive(bytes)
  const xml = async (name: string): Promise<string | undefined> => safe(await archive.part(name))
  const sheet = await xml(
    await firstSheet((await xml('xl/workbook.xml')) ?? '', (await xml('xl/_rels/workbook.xml.rels')) ?? ''),
  )
  if (sheet === undefined) throw new Refusal(UNREADABLE)
  return rowsOf(sheet, await sharedStrings((await xml('xl/sharedStrings.xml')) ?? ''))
}

/** The first of its kind; those before it are not kept. */
async function tagIn(xml: string, is: (tag: Tag) => boolean): Promise<Tag | undefined> {
  const stint = new Stint()
  for (const tag of tagsOf(xml)) {
    if (tag && is(tag)) return tag
    if (stint.isOver()) await stint.rest()
  }
  return undefined
}

/** The file of the first sheet, as the workbook names it. */
async function firstSheet(workbook: string, relations: string): Promise<string> {
  const first = await tagIn(workbook, ({ name }) => name === 'sheet')
  const id = first && attribute(first.attributes, 'r:id')
  const isLink = ({ name, attributes }: Tag) => name === 'Relationship' && attribute(attributes, 'Id') === id
  const link = await tagIn(relations, isLink)
  const target = link && attribute(link.attributes, 'Target')
  return target ? `xl/${target.replace(/^\/?(xl\/)?/, '')}` : 'xl/worksheets/sheet1.xml'
}

export function attribute(attributes: string, name: string): string {
  const at = attributes.indexOf(` ${name}="`)
  const from = at + name.length + 3
  return at < 0 ? '' : attributes.slice(from, attributes.indexOf('"', from))
}

/** Their runs of text one after another, without the reading aids of East Asian names. */
async function sharedStrings(xml: string): Promise<string[]> {
  const strings: string[] = []
  let run = ''
  let aid = false
  await eachTag(xml, ({ name, empty, text }) => {
    if (name === 'rPh') aid = !empty
    else if (name === '/rPh') aid = false
    else if (name === '/t' && !aid) run += text
    else if (name === '/si' || (name === 'si' && empty)) {
      strings.push(fitting(run))
      run = ''
    }
  })
  return strings
}

interface Cell {
  place: number
  type: string
  value: string
}

async function rowsOf(xml: string, shared: string[]): Promise<string[][]> {
  const rows: string[][] = []
  let cells: string[] = []
  let cell: Cell | undefined
  await eachTag(xml, ({ name, attributes, empty, text }) => {
    if (name === 'row') cells = []
    else if (name === 'c') {
      cell = {
        place: columnOf(attribute(attributes, 'r')) ?? cells.length,
        type: attribute(attributes, 't'),
        value: '',
      }
      if (empty) cell = undefined
    } else if (name === '/v' || name === '/t') {
      if (cell) cell.value += text
    } else if (name === '/c' && cell) put(cells, cell, shared)
    else if (name === '/row' && cells.some(one => one !== '')) rows.push(cells)
    if (rows.length > MOST_ROWS) throw new Refusal(`表格超过${MOST_ROWS}行,请拆分后重新发送`)
  })
  return rows
}

/** `C` of `C7` is column 2. */
export function columnOf(reference: string): number | undefined {
  const letters = /^([A-Z]{1,3})\d/.exec(reference)?.[1]
  return letters ? [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1 : undefined
}

function put(cells: string[], { place, type, value }: Cell, shared: string[]): void {
  if (place >= MOST_COLUMNS) return
  while (cells.length < place) cells.push('')
  const said = type === 's' ? (shared[Number(value)] ?? '') : type === 'e' ? '' : fitting(value)
  cells[place] = said
}

/** Cut before it is looked at: one long text may stand in thousands of cells. */
const fitting = (xml: string): string => tidy(unescaped(xml.slice(0, 8 * LONGEST_CELL)), LONGEST_CELL).trim()
