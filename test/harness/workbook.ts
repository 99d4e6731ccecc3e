import { strToU8, zipSync } from 'fflate'

const SHEET = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const LINKS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

const escaped = (text: string) => text.replace(/[<>&"]/g, char => `&#${char.charCodeAt(0)};`)

const cellOf = (value: string | number): string =>
  typeof value === 'number' ? `<c><v>${value}</v></c>` : `<c t="inlineStr"><is><t>${escaped(value)}</t></is></c>`

export const sheetOf = (rows: Array<Array<string | number>>): string =>
  `<worksheet xmlns="${SHEET}"><sheetData>${rows.map(row => `<row>${row.map(cellOf).join('')}</row>`).join('')}</sheetData></worksheet>`

/** A workbook of parts by hand, so that it may also be what no program would write. */
export const archive = (parts: Record<string, string>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])), { level: 9 })

export const WORKBOOK = `<workbook xmlns="${SHEET}" xmlns:r="${LINKS}"><sheets><sheet name="督办" sheetId="1" r:id="rId7"/></sheets></workbook>`
export const RELATIONS = `<Relationships><Relationship Id="rId1" Type="styles" Target="styles.xml"/><Relationship Id="rId7" Type="worksheet" Target="worksheets/tasks.xml"/></Relationships>`

export const workbook = (sheet: string, shared?: string): Uint8Array =>
  archive({
    'xl/workbook.xml': WORKBOOK,
    'xl/_rels/workbook.xml.rels': RELATIONS,
    'xl/worksheets/tasks.xml': sheet,
    ...(shared ? { 'xl/sharedStrings.xml': shared } : {}),
  })

/** A text document of paragraphs, each of them runs one after another. */
export const textDocument = (...paragraphs: string[][]): Uint8Array =>
  archive({
    'word/document.xml': `<w:document><w:body>${paragraphs
      .map(runs => `<w:p>${runs.map(run => `<w:r><w:t>${escaped(run)}</w:t></w:r>`).join('')}</w:p>`)
      .join('')}</w:body></w:document>`,
  })
