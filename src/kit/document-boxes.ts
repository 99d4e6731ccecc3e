import { CENTRED, faceOf, PAGE, packed, paragraph, SIDES, SLIP_PAGE, textWidth } from './document.ts'
import { escapeXml, type Part } from './package.ts'

/** Rows of boxes, as seats stand in a hall, on A4 landscape. */
export interface Boxes {
  title: string
  /** Under the title. */
  says: string
  rows: ReadonlyArray<{ label: string; boxes: ReadonlyArray<readonly [number: string, name: string]> }>
  notes: readonly string[]
}

const LANDSCAPE: typeof PAGE = { ...SLIP_PAGE, width: PAGE.height, height: PAGE.width }
/** In twentieths of a point. */
const WIDEST = 1_500
const HIGH = 760
const LINE = '<w:snapToGrid w:val="0"/><w:spacing w:line="280" w:lineRule="exact"/>'
const GAP = '<w:p><w:pPr><w:snapToGrid w:val="0"/><w:spacing w:line="160" w:lineRule="exact"/></w:pPr></w:p>'
/** From so many boxes in a row on, names are smaller. */
const MANY = 14

export const boxesDocument = ({ title, says, rows, notes }: Boxes): Part[] =>
  packed(
    [
      paragraph('title', title, `<w:spacing w:after="120" w:line="640" w:lineRule="exact"/>${CENTRED}`),
      paragraph('cell', says, `${LINE}${CENTRED}`),
      GAP,
      ...rows.flatMap(({ label, boxes }) => [
        ...(label ? [paragraph('heading', label, `<w:keepNext/>${CENTRED}`)] : []),
        rowOf(boxes),
        GAP,
      ]),
      ...notes.map(line => paragraph('note', line, LINE)),
    ],
    LANDSCAPE,
  )

function rowOf(boxes: Boxes['rows'][number]['boxes']): string {
  const width = Math.min(WIDEST, Math.floor(textWidth(LANDSCAPE) / Math.max(boxes.length, 1)))
  const grid = boxes.map(() => `<w:gridCol w:w="${width}"/>`)
  const margins = ['left', 'right'].map(side => `<w:${side} w:w="20" w:type="dxa"/>`)
  const cells = boxes.map(
    ([number, name]) =>
      `<w:tc><w:tcPr><w:tcW w:w="${width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>${small(number, 18)}${small(name, boxes.length > MANY ? 20 : 24)}</w:tc>`,
  )
  return `<w:tbl><w:tblPr><w:tblW w:w="${width * boxes.length}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>${SIDES.join('')}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>${margins.join('')}</w:tblCellMar></w:tblPr><w:tblGrid>${grid.join('')}</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="${HIGH}" w:hRule="atLeast"/></w:trPr>${cells.join('')}</w:tr></w:tbl>`
}

const small = (text: string, size: number): string =>
  `<w:p><w:pPr>${LINE}${CENTRED}</w:pPr><w:r>${faceOf('cell', size)}<w:t xml:space="preserve">${escapeXml(text)}</w:t></w:r></w:p>`
