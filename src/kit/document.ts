import { contentTypes, escapeXml, type Part, relations, xmlPart } from './package.ts'

/** An official document in the layout of GB/T 9704: red head, number, title, body, signature and date, then an annex. */
export interface OfficialDocument {
  /** 发文机关标志, in red. */
  issuer: string
  number: string
  title: string
  body: ReadonlyArray<{ style: 'heading' | 'text'; text: string }>
  /** Who signs, and the day in Arabic digits. */
  signed: string
  dated: string
  annex?: { title: string; rows: readonly string[][]; notes: readonly string[] }
}

/** A slip that is printed, filled in and signed by hand: a title, a line beneath it, and a table of labels and what stands for them. */
export interface Slip {
  title: string
  /** Left and right above the table. */
  heads: readonly [string, string]
  rows: ReadonlyArray<readonly SlipCell[]>
  /** So many of the first rows stand again on each page. */
  repeated?: number
  notes: readonly string[]
}
/** `wide`: how many of the table's columns it takes; `tall`: room for handwriting, in lines. */
export interface SlipCell {
  text: string
  isLabel?: true
  wide: number
  tall?: number
}

const MAIN = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml'

/** Twentieths of a point: A4, and margins of 37, 28, 35 and 26 mm (above, left, below, right); no page numbers where `footer` is 0. */
export const PAGE = {
  width: 11_906,
  height: 16_838,
  top: 2_098,
  left: 1_588,
  bottom: 1_984,
  right: 1_474,
  footer: 1_400,
}
/** A slip stands on one page, 20 mm from its edges. */
export const SLIP_PAGE: typeof PAGE = { ...PAGE, top: 1_134, left: 1_134, bottom: 1_134, right: 1_134, footer: 567 }
/** 22 lines a page. */
const LINE = 579

/** Sizes in half points: 二号, 三号, 四号; the red head is as large as fits onto one line, and at most 初号. */
const FONTS = {
  mark: { face: '方正小标宋简体', size: 84, colour: 'FF0000' },
  title: { face: '方正小标宋简体', size: 44, colour: '' },
  heading: { face: '黑体', size: 32, colour: '' },
  text: { face: '仿宋_GB2312', size: 32, colour: '' },
  note: { face: '楷体_GB2312', size: 28, colour: '' },
  cell: { face: '仿宋_GB2312', size: 24, colour: '' },
  page: { face: '宋体', size: 28, colour: '' },
} as const
type Font = keyof typeof FONTS

const INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
export const CENTRED = '<w:jc w:val="center"/>'
const RULE = '<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="4" w:color="FF0000"/></w:pBdr>'
const EMPTY = paragraph('text', '')
/** The date stands four characters from the right edge, what is signed above it. */
const SIGNED = '<w:ind w:rightChars="400" w:right="1280"/><w:jc w:val="right"/>'
const NEW_PAGE = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'

export const officialDocument = (of: OfficialDocument): Part[] => packed(officialBlocks(of), PAGE)

export const slipDocument = (of: Slip): Part[] => packed(slipBlocks(of), SLIP_PAGE)

export function packed(blocks: readonly string[], page: typeof PAGE): Part[] {
  return [
    contentTypes({
      'word/document.xml': `${TYPE}.document.main+xml`,
      'word/styles.xml': `${TYPE}.styles+xml`,
      'word/settings.xml': `${TYPE}.settings+xml`,
      'word/footer1.xml': `${TYPE}.footer+xml`,
      'word/footer2.xml': `${TYPE}.footer+xml`,
    }),
    relations('_rels/.rels', [['officeDocument', 'word/document.xml']]),
    relations('word/_rels/document.xml.rels', [
      ['styles', 'styles.xml'],
      ['settings', 'settings.xml'],
      ['footer', 'footer1.xml'],
      ['footer', 'footer2.xml'],
    ]),
    xmlPart('word/styles.xml', STYLES),
    xmlPart('word/settings.xml', `<w:settings xmlns:w="${MAIN}"><w:evenAndOddHeaders/></w:settings>`),
    xmlPart('word/footer1.xml', footer('right')),
    xmlPart('word/footer2.xml', footer('left')),
    xmlPart('word/document.xml', documentXml(blocks, page)),
  ]
}

function officialBlocks({ issuer, number, title, body, signed, dated, annex }: OfficialDocument): string[] {
  return [
    paragraph('mark', issuer, `<w:spacing w:before="600" w:after="600"/>${CENTRED}`),
    paragraph('text', number, `${RULE}${CENTRED}`),
    EMPTY,
    paragraph('title', title, `<w:spacing w:line="700" w:lineRule="exact"/>${CENTRED}`),
    EMPTY,
    ...body.flatMap(({ style, text }) => text.split('\n').map(line => paragraph(style, line, INDENT))),
    ...(annex ? [EMPTY, paragraph('text', `附件：${annex.title}`, INDENT)] : []),
    EMPTY,
    EMPTY,
    paragraph('text', signed, SIGNED),
    paragraph('text', dated, SIGNED),
    ...(annex ? annexBlocks(annex) : []),
  ]
}

function annexBlocks(annex: NonNullable<OfficialDocument['annex']>): string[] {
  return [
    NEW_PAGE,
    paragraph('heading', '附件'),
    paragraph(
      'title',
      annex.title,
      `<w:spacing w:before="300" w:after="300" w:line="700" w:lineRule="exact"/>${CENTRED}`,
    ),
    table(annex.rows),
    ...annex.notes.map(line => paragraph('note', line, INDENT)),
  ]
}

function slipBlocks({ title, heads: [left, right], rows, repeated = 0, notes }: Slip): string[] {
  const tab = `<w:tabs><w:tab w:val="right" w:pos="${textWidth(SLIP_PAGE)}"/></w:tabs>`
  const head = `<w:p><w:pPr>${tab}${SLIP_LAYOUT}</w:pPr>${run('cell', left)}<w:r><w:tab/></w:r>${run('cell', right)}</w:p>`
  return [
    paragraph('title', title, `<w:spacing w:after="240" w:line="700" w:lineRule="exact"/>${CENTRED}`),
    head,
    slipTable(rows, repeated),
    ...notes.map(line => paragraph('note', line, SLIP_LAYOUT)),
  ]
}

function documentXml(
  blocks: readonly string[],
  { width, height, top, right, bottom, left, footer: below }: typeof PAGE,
): string {
  const numbered = below
    ? '<w:footerReference w:type="default" r:id="rId3"/><w:footerReference w:type="even" r:id="rId4"/>'
    : ''
  const section = `<w:sectPr>${numbered}<w:pgSz w:w="${width}" w:h="${height}"${width > height ? ' w:orient="landscape"' : ''}/><w:pgMar w:top="${top}" w:right="${right}" w:bottom="${bottom}" w:left="${left}" w:header="851" w:footer="${below}" w:gutter="0"/><w:docGrid w:type="lines" w:linePitch="${LINE}"/></w:sectPr>`
  return `<w:document xmlns:w="${MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>${blocks.join('')}${section}</w:body></w:document>`
}

/** In half points. */
const LINE_WIDTH = 884

export function paragraph(font: Font, text: string, layout = ''): string {
  const size = font === 'mark' ? Math.min(FONTS.mark.size, Math.floor(LINE_WIDTH / text.length)) : FONTS[font].size
  return `<w:p><w:pPr>${layout}</w:pPr>${text ? run(font, text, size) : ''}</w:p>`
}

const run = (font: Font, text: string, size?: number): string =>
  `<w:r>${faceOf(font, size)}<w:t xml:space="preserve">${escapeXml(text)}</w:t></w:r>`

export const TITLE_FACE = FONTS.title.face

export function faceOf(font: Font, size: number = FONTS[font].size): string {
  const { face, colour } = FONTS[font]
  const tint = colour ? `<w:color w:val="${colour}"/>` : ''
  return `<w:rPr><w:rFonts w:ascii="${face}" w:hAnsi="${face}" w:eastAsia="${face}" w:cs="${face}"/>${tint}<w:sz w:val="${size}"/></w:rPr>`
}

export const SIDES = ['top', 'left', 'bottom', 'right', 'insideH', 'insideV'].map(
  side => `<w:${side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>`,
)

export const textWidth = ({ width, left, right }: typeof PAGE): number => width - left - right
const CELL_LINE = '<w:spacing w:line="360" w:lineRule="exact"/>'
/** Off the grid of lines that a document's text keeps to. */
const SLIP_LAYOUT = `<w:snapToGrid w:val="0"/>${CELL_LINE}`

/** The first row are heads, again on each page. */
function table(rows: readonly string[][]): string {
  const width = Math.floor(textWidth(PAGE) / (rows[0]?.length || 1))
  const columns = (rows[0] ?? []).map(() => `<w:gridCol w:w="${width}"/>`)
  const lines = rows.map((cells, i) => {
    const all = cells.map(
      cell =>
        `<w:tc><w:tcPr><w:tcW w:w="${width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>${paragraph('cell', cell, `${CELL_LINE}${CENTRED}`)}</w:tc>`,
    )
    return `<w:tr><w:trPr><w:cantSplit/>${i === 0 ? '<w:tblHeader/>' : ''}</w:trPr>${all.join('')}</w:tr>`
  })
  return tableXml(columns, lines)
}

/** Every row is as wide as the page's text; labels stand in the middle of their cells. */
function slipTable(rows: ReadonlyArray<readonly SlipCell[]>, repeated: number): string {
  const count = Math.max(...rows.map(row => row.reduce((sum, { wide }) => sum + wide, 0)))
  const width = Math.floor(textWidth(SLIP_PAGE) / count)
  const lines = rows.map((row, i) => {
    const tall = Math.max(1, ...row.map(cell => cell.tall ?? 1))
    const height = `<w:trHeight w:val="${SLIP_ROW + (tall - 1) * SLIP_LINE}" w:hRule="atLeast"/>`
    const again = i < repeated ? '<w:tblHeader/>' : ''
    return `<w:tr><w:trPr><w:cantSplit/>${height}${again}</w:trPr>${row.map(cell => slipCell(cell, width)).join('')}</w:tr>`
  })
  return tableXml(Array<string>(count).fill(`<w:gridCol w:w="${width}"/>`), lines)
}

const SLIP_ROW = 680
const SLIP_LINE = 360

function slipCell({ text, isLabel, wide }: SlipCell, width: number): string {
  const lines = text.split('\n').map(line => paragraph('cell', line, `${SLIP_LAYOUT}${isLabel ? CENTRED : ''}`))
  return `<w:tc><w:tcPr><w:tcW w:w="${width * wide}" w:type="dxa"/><w:gridSpan w:val="${wide}"/><w:vAlign w:val="center"/></w:tcPr>${lines.join('')}</w:tc>`
}

function tableXml(columns: string[], lines: string[]): string {
  return `<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>${SIDES.join('')}</w:tblBorders></w:tblPr><w:tblGrid>${columns.join('')}</w:tblGrid>${lines.join('')}</w:tbl>`
}

/** `— 1 —`, outside: on the right of odd pages, on the left of even ones, one character from the edge. */
function footer(side: 'left' | 'right'): string {
  const inFace = (inside: string) => `<w:r>${faceOf('page')}${inside}</w:r>`
  return `<w:ftr xmlns:w="${MAIN}"><w:p><w:pPr><w:ind w:${side}Chars="100" w:${side}="280"/><w:jc w:val="${side}"/></w:pPr>${inFace('<w:t xml:space="preserve">— </w:t>')}<w:fldSimple w:instr=" PAGE ">${inFace('<w:t>1</w:t>')}</w:fldSimple>${inFace('<w:t xml:space="preserve"> —</w:t>')}</w:p></w:ftr>`
}

const STYLES = `<w:styles xmlns:w="${MAIN}"><w:docDefaults><w:rPrDefault>${faceOf('text')}</w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="0" w:line="${LINE}" w:lineRule="exact"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style></w:styles>`
