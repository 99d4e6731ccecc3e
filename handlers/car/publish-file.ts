import { getPublication, publicationRows } from '../../db/car-publication.ts'
import type { Look } from '../../src/bot/feature.ts'
import type { Value } from '../../src/kit/card.ts'
import type { Part } from '../../src/kit/package.ts'
import { rowXml, type Sheet, sheetEnd, sheetStart, workbook } from '../../src/kit/sheet.ts'
import { maySeePublication, type Publication } from '../../src/office/car/publication.ts'
import { publicationCells, publicationSheet, publicationTotal } from '../../src/office/car/publication-sheet.ts'
import { may } from '../../src/office/role/role.ts'
import { actorOf } from './setting.ts'

/** So many rows are read and written before others have their turn. */
const SLICE = 200

/** The ordered form as things are when it leaves: nothing of it for whoever may not see it by then; a group gets what is issued. */
export async function publicationFile(look: Look, { publication, by }: Value): Promise<Part[]> {
  const found = await getPublication(look.db, Number(publication))
  const isSeen =
    by === undefined ? found.state === 'issued' : maySeePublication(found, await actorOf(look, String(by)), may)
  const shown = isSeen ? found : withheld(found)
  const sheet = publicationSheet(shown)
  return workbook([{ sheet, text: sheetText(look, sheet, shown) }])
}

const withheld = (found: Publication): Publication => ({
  ...found,
  ...{ remark: '您已无权查看该公示,内容不予显示。', runs: 0, km: 0, cents: 0 },
})

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
