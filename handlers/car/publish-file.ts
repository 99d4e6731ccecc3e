import { getPublication, publicationRows } from '../../db/car-publication.ts'
import type { Look } from '../../src/bot/feature.ts'
import type { Part } from '../../src/kit/package.ts'
import { rowXml, type Sheet, sheetEnd, sheetStart, workbook } from '../../src/kit/sheet.ts'
import type { Publication } from '../../src/office/car/publication.ts'
import { publicationCells, publicationSheet, publicationTotal } from '../../src/office/car/publication-sheet.ts'

/** So many rows are read and written before others have their turn. */
const SLICE = 200

export async function publicationFile(look: Look, id: number): Promise<Part[]> {
  const found = await getPublication(look.db, id)
  const sheet = publicationSheet(found)
  return workbook([{ sheet, text: sheetText(look, sheet, found) }])
}

async function* sheetText(look: Look, sheet: Sheet, of: Publication): AsyncIterable<string> {
  yield sheetStart(sheet)
  for (let last = 0; last < of.runs; ) {
    const some = await publicationRows(look.db, of.id, last, SLICE)
    if (!some.length) break
    yield some.map(row => rowXml(sheet, row.place, publicationCells(row))).join('')
    last = some.at(-1)?.place ?? of.runs
  }
  yield sheetEnd(sheet, of.runs, publicationTotal(of))
}
