import { contentTypes, escapeXml, type Part, relations, xmlHead, xmlPart } from './package.ts'

/** A table for printing on A4 landscape, as a sheet of a workbook. */
export interface Sheet {
  name: string
  title: string
  /** Under the title: what it shows and until when. */
  says: string
  columns: readonly Column[]
  /** The first ones are printed, the rest is for the screen. */
  printed: number
  /** At the foot of each printed page: who had it made, and when. */
  mark: string
}

export interface Column {
  head: string
  /** In characters of Latin width; a Chinese one takes two. */
  width: number
}

/** Money, shown with two decimals and groups of thousands. */
export interface Money {
  yuan: number
}

/** An instant is shown as day and time in Shanghai, nothing as an empty cell. Text stays text, whatever it begins with. */
export type Cell = string | number | Money | Date | undefined

/** The row of the heads; above it stand the title and what is said about it. */
const HEAD_ROW = 3
/** Columns that stay in sight. */
const STEADY = 2
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** A sheet with its text: that of `sheetStart`, `rowXml` and `sheetEnd`. */
export interface Written {
  sheet: Sheet
  text: Part['text']
}

const sheetPath = (i: number): string => `xl/worksheets/sheet${i + 1}.xml`

/** The workbook around its sheets. */
export function workbook(sheets: readonly Written[]): Part[] {
  return [
    contentTypes({
      'xl/workbook.xml': `${TYPE}.sheet.main+xml`,
      ...Object.fromEntries(sheets.map((_, i) => [sheetPath(i), `${TYPE}.worksheet+xml`])),
      'xl/styles.xml': `${TYPE}.styles+xml`,
    }),
    relations('_rels/.rels', [['officeDocument', 'xl/workbook.xml']]),
    relations('xl/_rels/workbook.xml.rels', [
      ...sheets.map((_, i): [string, string] => ['worksheet', `worksheets/sheet${i + 1}.xml`]),
      ['styles', 'styles.xml'],
    ]),
    xmlPart('xl/styles.xml', STYLES),
    ...sheets.map(({ text }, i) => ({ path: sheetPath(i), text })),
    xmlPart('xl/workbook.xml', bookXml(sheets.map(({ sheet }) => sheet))),
  ]
}

function bookXml(sheets: readonly Sheet[]): string {
  const named = sheets.map(({ name }, i) => `<sheet name="${escapeXml(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`)
  return `<workbook xmlns="${MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>${named.join('')}</sheets><definedNames>${sheets.map(namesXml).join('')}</definedNames></workbook>`
}

/** What of a sheet is printed, and what on each page again. */
function namesXml({ name, printed }: Sheet, i: number): string {
  const of = `'${escapeXml(name)}'!`
  return `<definedName name="_xlnm.Print_Area" localSheetId="${i}">${of}$A:$${letterOf(printed)}</definedName><definedName name="_xlnm.Print_Titles" localSheetId="${i}">${of}$${HEAD_ROW}:$${HEAD_ROW}</definedName>`
}

/** Styles by their place in `cellXfs`. */
const STYLE = {
  title: 1,
  says: 2,
  head: 3,
  text: 4,
  quoted: 5,
  number: 6,
  date: 7,
  total: 8,
  money: 9,
  moneyTotal: 10,
} as const

const FRAMED = 'borderId="1" applyBorder="1"'
/** `#,##0.00`, which every program knows by this number. */
const MONEY = 'numFmtId="4" applyNumberFormat="1"'
const WRAPPED = '<alignment vertical="center" wrapText="1"/>'
const CENTRED = '<alignment horizontal="center" vertical="center" wrapText="1"/>'
const SIDES = ['left', 'right', 'top', 'bottom'].map(side => `<${side} style="thin"><color auto="1"/></${side}>`)

const STYLES = `<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts><fonts count="4"><font><sz val="10"/><name val="宋体"/></font><font><sz val="18"/><name val="方正小标宋简体"/></font><font><sz val="10"/><name val="黑体"/></font><font><b/><sz val="10"/><name val="宋体"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE7EBF2"/></patternFill></fill></fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border>${SIDES.join('')}<diagonal/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="11"><xf fontId="0"/><xf fontId="1" applyFont="1" applyAlignment="1">${CENTRED}</xf><xf fontId="0" applyAlignment="1">${WRAPPED}</xf><xf fontId="2" fillId="2" ${FRAMED} applyFont="1" applyFill="1" applyAlignment="1">${CENTRED}</xf><xf ${FRAMED} applyAlignment="1">${WRAPPED}</xf><xf ${FRAMED} quotePrefix="1" applyAlignment="1">${WRAPPED}</xf><xf ${FRAMED} applyAlignment="1">${CENTRED}</xf><xf numFmtId="164" ${FRAMED} applyNumberFormat="1" applyAlignment="1">${CENTRED}</xf><xf fontId="3" ${FRAMED} applyFont="1" applyAlignment="1">${CENTRED}</xf><xf ${MONEY} ${FRAMED} applyAlignment="1">${CENTRED}</xf><xf fontId="3" ${MONEY} ${FRAMED} applyFont="1" applyAlignment="1">${CENTRED}</xf></cellXfs></styleSheet>`

/** Everything above the first row. */
export function sheetStart({ title, says, columns }: Sheet): string {
  const widths = columns.map(({ width }, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`)
  const heads = columns.map(({ head }, i) => textCell(i + 1, HEAD_ROW, head, STYLE.head))
  const corner = `${letterOf(STEADY + 1)}${HEAD_ROW + 1}`
  return `${xmlHead}<worksheet xmlns="${MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0"><pane xSplit="${STEADY}" ySplit="${HEAD_ROW}" topLeftCell="${corner}" activePane="bottomRight" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="16"/><cols>${widths.join('')}</cols><sheetData><row r="1" ht="32" customHeight="1">${textCell(1, 1, title, STYLE.title)}</row><row r="2" ht="30" customHeight="1">${textCell(1, 2, says, STYLE.says)}</row><row r="${HEAD_ROW}" ht="30" customHeight="1">${heads.join('')}</row>`
}

/** The nth row (from 1) under the heads, as high as what is printed of it. */
export function rowXml(
  { columns, printed }: Pick<Sheet, 'columns' | 'printed'>,
  n: number,
  cells: readonly Cell[],
): string {
  const row = HEAD_ROW + n
  const lines = cells.slice(0, printed).map((cell, i) => linesOf(cell, columns[i]?.width ?? 1))
  const height = Math.min(LINE * Math.max(1, ...lines) + MARGIN, HIGHEST)
  return `<row r="${row}" ht="${height}" customHeight="1">${cells.map((cell, i) => cellXml(i + 1, row, cell)).join('')}</row>`
}

/** In points. Not every program reckons the height of a wrapped row by itself. */
const LINE = 13
const MARGIN = 5
const HIGHEST = 400

/** A Chinese character is as wide as two Latin ones. */
function linesOf(cell: Cell, width: number): number {
  if (typeof cell !== 'string') return 1
  return cell.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / (width - 1))), 0)
}

const widthOf = (line: string): number => line.length + (line.match(/[\u0100-\ud7ff\ue000-\uffff]/g)?.length ?? 0)

/** What comes after `count` rows: the total, and how all is printed. */
export function sheetEnd({ columns, printed, mark }: Sheet, count: number, total: readonly Cell[]): string {
  const last = HEAD_ROW + count + 1
  const right = letterOf(printed)
  const sums = total.map((cell, i) => totalXml(i + 1, last, cell))
  const filter = `A${HEAD_ROW}:${letterOf(columns.length)}${last - 1}`
  const foot = escapeXml(`&L${mark.slice(0, 100).replaceAll('&', '&&')}&R第 &P 页,共 &N 页`)
  return `<row r="${last}">${sums.join('')}</row></sheetData><autoFilter ref="${filter}"/><mergeCells count="2"><mergeCell ref="A1:${right}1"/><mergeCell ref="A2:${right}2"/></mergeCells><printOptions horizontalCentered="1"/><pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/><headerFooter><oddFooter>${foot}</oddFooter></headerFooter></worksheet>`
}

function totalXml(column: number, row: number, cell: Cell): string {
  if (typeof cell === 'number') return numberCell(column, row, cell, STYLE.total)
  if (isMoney(cell)) return numberCell(column, row, cell.yuan, STYLE.moneyTotal)
  return textCell(column, row, `${cell ?? ''}`, STYLE.total)
}

const isMoney = (cell: Cell): cell is Money => typeof cell === 'object' && 'yuan' in cell

function cellXml(column: number, row: number, cell: Cell): string {
  if (cell === undefined || cell === '') return `<c r="${letterOf(column)}${row}" s="${STYLE.text}"/>`
  if (typeof cell === 'number') return numberCell(column, row, cell, STYLE.number)
  if (isMoney(cell)) return numberCell(column, row, cell.yuan, STYLE.money)
  if (typeof cell === 'string') return textCell(column, row, cell, FORMULA_LIKE.test(cell) ? STYLE.quoted : STYLE.text)
  return numberCell(column, row, serial(cell), STYLE.date)
}

/** What a program may take for a formula when somebody edits the cell or saves it as another kind of file. */
const FORMULA_LIKE = /^[=+\-@\t\r＝＋－＠]/
const LONGEST = 32_000

function textCell(column: number, row: number, said: string, style: number): string {
  // _x0041_ would be read as the character of that number
  const text = escapeXml(said.slice(0, LONGEST).replace(/_(?=x[0-9a-fA-F]{4}_)/g, '_x005F_'))
  return `<c r="${letterOf(column)}${row}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`
}

const numberCell = (column: number, row: number, value: number, style: number): string =>
  `<c r="${letterOf(column)}${row}" s="${style}"><v>${value}</v></c>`

const SHANGHAI_MS = 8 * 3_600_000
const DAY_MS = 86_400_000
/** 1 January 1970, in days of the sheet. */
const EPOCH = 25_569

/** To the minute, as days since the sheet's beginning, in Shanghai time. */
const serial = (at: Date): number => Math.round(((at.getTime() + SHANGHAI_MS) / DAY_MS + EPOCH) * 1_440_000) / 1_440_000

/** 1 → A, 27 → AA. */
function letterOf(column: number): string {
  const before = Math.floor((column - 1) / 26)
  return `${before > 0 ? letterOf(before) : ''}${String.fromCharCode(65 + ((column - 1) % 26))}`
}
