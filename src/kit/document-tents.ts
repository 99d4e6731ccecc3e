import { CENTRED, faceOf, PAGE, packed } from './document.ts'
import { escapeXml, type Part } from './package.ts'

/** English metric units in a millimetre. */
const EMU = 36_000
/** Half of a card: A4 is cut across into two cards, each of them folded along its middle. */
const FACE = { width: 105 * EMU, height: 148.5 * EMU }
/** In half points: so large as the longest name that is usual, of four characters, lets it be. */
const LARGEST = 210
const LENGTH = 800
const EDGELESS: typeof PAGE = { ...PAGE, top: 567, left: 567, bottom: 567, right: 567, footer: 0 }

const NAMESPACES =
  'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'

/** Name cards (桌签), two on a page: each shows its name on both sides once it is folded. */
export function tentsDocument(names: readonly string[]): Part[] {
  const pages = Array.from({ length: Math.ceil(names.length / 2) }, (_, i) => names.slice(i * 2, i * 2 + 2))
  return packed(
    pages.map((some, i) => pageOf(some, i > 0)),
    EDGELESS,
  )
}

function pageOf(names: readonly string[], breaks: boolean): string {
  const faces = names.flatMap((name, i) => [face(name, 'vert', i, i * 2 + 1), face(name, 'vert270', i, i * 2 + 2)])
  const runs = faces.map(drawing => `<w:r>${drawing}</w:r>`)
  return `<w:p><w:pPr>${breaks ? '<w:pageBreakBefore/>' : ''}</w:pPr>${runs.join('')}</w:p>`
}

/** The tops of both faces meet at the fold: that on the left is turned to the right, that on the right to the left. */
function face(name: string, turned: 'vert' | 'vert270', row: number, id: number): string {
  const left = turned === 'vert' ? 0 : FACE.width
  const place = (axis: 'H' | 'V', offset: number) =>
    `<wp:position${axis} relativeFrom="page"><wp:posOffset>${offset}</wp:posOffset></wp:position${axis}>`
  const size = `cx="${FACE.width}" cy="${FACE.height}"`
  const shape = `<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext ${size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln w="6350"><a:solidFill><a:srgbClr val="BFBFBF"/></a:solidFill><a:prstDash val="dash"/></a:ln></wps:spPr><wps:txbx><w:txbxContent>${nameLine(name)}</w:txbxContent></wps:txbx><wps:bodyPr vert="${turned}" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"/></wps:wsp>`
  const graphic = `<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">${shape}</a:graphicData></a:graphic>`
  return `<mc:AlternateContent ${NAMESPACES}><mc:Choice Requires="wps"><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="${id}" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>${place('H', left)}${place('V', row * FACE.height)}<wp:extent ${size}/><wp:wrapNone/><wp:docPr id="${id}" name="${id}"/>${graphic}</wp:anchor></w:drawing></mc:Choice></mc:AlternateContent>`
}

function nameLine(name: string): string {
  const chars = Array.from(name)
  // two characters stand as wide as three
  const shown = chars.length === 2 ? chars.join('　') : name
  const size = Math.min(LARGEST, Math.floor(LENGTH / Math.max(Array.from(shown).length, 1)))
  return `<w:p><w:pPr><w:snapToGrid w:val="0"/><w:spacing w:line="240" w:lineRule="auto"/>${CENTRED}</w:pPr><w:r>${faceOf('title', size)}<w:t xml:space="preserve">${escapeXml(shown)}</w:t></w:r></w:p>`
}
