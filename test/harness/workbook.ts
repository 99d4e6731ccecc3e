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

/** The same with one table. */
export const tableDocument = (...rows: string[][]): Uint8Array =>
  archive({
    'word/document.xml': `<w:document><w:body><w:p><w:r><w:t>情况</w:t></w:r></w:p>${tableIn('w', rows)}</w:body></w:document>`,
  })

export const tableSlide = (...rows: string[][]): Uint8Array =>
  archive({ 'ppt/slides/slide1.xml': `<p:sld>${tableIn('a', rows)}</p:sld>` })

/** `+` before a cell: it spans two columns. */
const tableIn = (of: string, rows: string[][]): string => {
  const cell = (text: string) =>
    `<${of}:tc>${text.startsWith('+') ? `<${of}:tcPr><${of}:gridSpan ${of}:val="2"/></${of}:tcPr>` : ''}<${of}:p><${of}:r><${of}:t>${escaped(text.replace('+', ''))}</${of}:t></${of}:r></${of}:p></${of}:tc>`
  return `<${of}:tbl>${rows.map(cells => `<${of}:tr>${cells.map(cell).join('')}</${of}:tr>`).join('')}</${of}:tbl>`
}

/** A workbook whose cells say where they stand and share their texts, as programs write it; empty ones are left out. */
export const sharingWorkbook = (...rows: string[][]): Uint8Array => {
  const texts = [...new Set(rows.flat())]
  const cell = (text: string, row: number, column: number) =>
    text && `<c r="${String.fromCharCode(65 + column)}${row + 1}" t="s"><v>${texts.indexOf(text)}</v></c>`
  const lines = rows.map((cells, i) => `<row r="${i + 1}">${cells.map((one, at) => cell(one, i, at)).join('')}</row>`)
  return workbook(
    `<worksheet><sheetData>${lines.join('')}</sheetData></worksheet>`,
    `<sst>${texts.map(text => (text ? `<si><t>${escaped(text)}</t></si>` : '<si/>')).join('')}</sst>`,
  )
}
