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
  annex: { title: string; rows: readonly string[][]; notes: readonly string[] }
}

const MAIN = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml'

/** Twentieths of a point: A4, and margins of 37, 28, 35 and 26 mm (above, left, below, right). */
const PAGE = { width: 11_906, height: 16_838, top: 2_098, left: 1_588, bottom: 1_984, right: 1_474 } as const
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
const CENTRED = '<w:jc w:val="center"/>'
const RULE = '<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="4" w:color="FF0000"/></w:pBdr>'
const EMPTY = paragraph('text', '')
/** The date stands four characters from the right edge, what is signed above it. */
const SIGNED = '<w:ind w:rightChars="400" w:right="1280"/><w:jc w:val="right"/>'
const NEW_PAGE = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'

export function officialDocument(of: OfficialDocument): Part[] {
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
    xmlPart('word/document.xml', documentXml(of)),
  ]
}

function documentXml({ issuer, number, title, body, signed, dated, annex }: OfficialDocument): string {
  const blocks = [
    paragraph('mark', issuer, `<w:spacing w:before="600" w:after="600"/>${CENTRED}`),
    paragraph('text', number, `${RULE}${CENTRED}`),
    EMPTY,
    paragraph('title', title, `<w:spacing w:line="700" w:lineRule="exact"/>${CENTRED}`),
    EMPTY,
    ...body.flatMap(({ style, text }) => text.split('\n').map(line => paragraph(style, line, INDENT))),
    EMPTY,
    paragraph('text', `附件：${annex.title}`, INDENT),
    EMPTY,
    EMPTY,
    paragraph('text', signed, SIGNED),
    paragraph('text', dated, SIGNED),
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
  const { width, height, top, right, bottom, left } = PAGE
  const section = `<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:footerReference w:type="even" r:id="rId4"/><w:pgSz w:w="${width}" w:h="${height}"/><w:pgMar w:top="${top}" w:right="${right}" w:bottom="${bottom}" w:left="${left}" w:header="851" w:footer="1400" w:gutter="0"/><w:docGrid w:type="lines" w:linePitch="${LINE}"/></w:sectPr>`
  return `<w:document xmlns:w="${MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>${blocks.join('')}${section}</w:body></w:document>`
}

/** In half points. */
const LINE_WIDTH = 884

function paragraph(font: Font, text: string, layout = ''): string {
  const size = font === 'mark' ? Math.min(FONTS.mark.size, Math.floor(LINE_WIDTH / text.length)) : FONTS[font].size
  const inside = text ? `<w:r>${faceOf(font, size)}<w:t xml:space="preserve">${escapeXml(text)}</w:t></w:r>` : ''
  return `<w:p><w:pPr>${layout}</w:pPr>${inside}</w:p>`
}

function faceOf(font: Font, size: number = FONTS[font].size): string {
  const { face, colour } = FONTS[font]
  const tint = colour ? `<w:color w:val="${colour}"/>` : ''
  return `<w:rPr><w:rFonts w:ascii="${face}" w:hAnsi="${face}" w:eastAsia="${face}" w:cs="${face}"/>${tint}<w:sz w:val="${size}"/></w:rPr>`
}

const SIDES = ['top', 'left', 'bottom', 'right', 'insideH', 'insideV'].map(
  side => `<w:${side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>`,
)

/** The first row are heads, again on each page. */
function table(rows: readonly string[][]): string {
  const width = Math.floor((PAGE.width - PAGE.left - PAGE.right) / (rows[0]?.length || 1))
  const columns = (rows[0] ?? []).map(() => `<w:gridCol w:w="${width}"/>`)
  const lines = rows.map((cells, i) => {
    const all = cells.map(
      cell =>
        `<w:tc><w:tcPr><w:tcW w:w="${width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>${paragraph('cell', cell, `<w:spacing w:line="360" w:lineRule="exact"/>${CENTRED}`)}</w:tc>`,
    )
    return `<w:tr><w:trPr><w:cantSplit/>${i === 0 ? '<w:tblHeader/>' : ''}</w:trPr>${all.join('')}</w:tr>`
  })
  return `<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>${SIDES.join('')}</w:tblBorders></w:tblPr><w:tblGrid>${columns.join('')}</w:tblGrid>${lines.join('')}</w:tbl>`
}

/** `— 1 —`, outside: on the right of odd pages, on the left of even ones, one character from the edge. */
function footer(side: 'left' | 'right'): string {
  const run = (inside: string) => `<w:r>${faceOf('page')}${inside}</w:r>`
  return `<w:ftr xmlns:w="${MAIN}"><w:p><w:pPr><w:ind w:${side}Chars="100" w:${side}="280"/><w:jc w:val="${side}"/></w:pPr>${run('<w:t xml:space="preserve">— </w:t>')}<w:fldSimple w:instr=" PAGE ">${run('<w:t>1</w:t>')}</w:fldSimple>${run('<w:t xml:space="preserve"> —</w:t>')}</w:p></w:ftr>`
}

const STYLES = `<w:styles xmlns:w="${MAIN}"><w:docDefaults><w:rPrDefault>${faceOf('text')}</w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="0" w:line="${LINE}" w:lineRule="exact"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style></w:styles>`
