import { PAGE, packed, TITLE_FACE } from './document.ts'
import { escapeXml, type Part } from './package.ts'

/** In points: A4 is cut across into two cards, each of them folded along its middle. */
const FACE = { width: 595.3, height: 210.45 }
/** What a name may take of its face. */
const MOST = { width: 500, height: 150 }
const EDGELESS: typeof PAGE = { ...PAGE, top: 567, left: 567, bottom: 567, right: 567, footer: 0 }

const NAMESPACES = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
/** Text that is drawn as a shape: Word, WPS and LibreOffice all turn it with the shape, which they do not with text in a box. */
const ART =
  '<v:shapetype id="art" coordsize="21600,21600" o:spt="136" path="m,l21600,m,21600l21600,21600e"><v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>'

/** Name cards (桌签), two on a page: each shows its name upright on both sides once it is folded. */
export function tentsDocument(names: readonly string[]): Part[] {
  const pages = Array.from({ length: Math.ceil(names.length / 2) }, (_, i) => names.slice(i * 2, i * 2 + 2))
  return packed(
    pages.map((some, i) => pageOf(some, i > 0)),
    EDGELESS,
  )
}

/** Of each card the upper face stands on its head: below the fold, it is upright. */
function pageOf(names: readonly string[], breaks: boolean): string {
  const shapes = names.flatMap((name, i) => [
    ...[face(name, i * 2, 180), line(i * 2 + 1, 'dash')],
    ...[face(name, i * 2 + 1, 0), ...(i === 0 ? [line(2, 'solid')] : [])],
  ])
  const runs = shapes.map(
    (shape, i) => `<w:r><w:pict ${NAMESPACES}>${i === 0 && !breaks ? ART : ''}${shape}</w:pict></w:r>`,
  )
  return `<w:p><w:pPr>${breaks ? '<w:pageBreakBefore/>' : ''}</w:pPr>${runs.join('')}</w:p>`
}

const placed = (left: number, top: number, width: number, height: number): string =>
  `position:absolute;margin-left:${left}pt;margin-top:${top}pt;width:${width}pt;height:${height}pt;mso-position-horizontal-relative:page;mso-position-vertical-relative:page`

/** A name in the middle of the face that is so many faces from the top of the page. */
function face(name: string, row: number, turned: 0 | 180): string {
  const chars = Array.from(name)
  // two characters stand as wide as three
  const shown = chars.length === 2 ? chars.join('　') : name
  const length = Math.max(Array.from(shown).length, 1)
  const height = Math.min(MOST.height, MOST.width / length)
  const width = height * length
  const at = placed((FACE.width - width) / 2, row * FACE.height + (FACE.height - height) / 2, width, height)
  const text = `<v:textpath style="font-family:&quot;${TITLE_FACE}&quot;" string="${escapeXml(shown)}"/>`
  return `<v:shape type="#art" style="${at};rotation:${turned}" fillcolor="black" stroked="f">${text}</v:shape>`
}

/** Where a card is folded, or cut off. */
const line = (row: number, dash: 'dash' | 'solid'): string =>
  `<v:line style="position:absolute;mso-position-horizontal-relative:page;mso-position-vertical-relative:page" from="0,${row * FACE.height}pt" to="${FACE.width}pt,${row * FACE.height}pt" strokecolor="#bfbfbf" strokeweight=".5pt"><v:stroke dashstyle="${dash}"/></v:line>`
