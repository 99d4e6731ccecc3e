import { prolong } from '../../db/claims.ts'
import type { Waiting } from '../../db/outbox.ts'
import { Refusal } from '../kit/refusal.ts'
import { Desk } from './desk.ts'
import type { Passed, Table } from './feature.ts'
import type { Caught } from './gate.ts'
import { describe } from './log.ts'
import type { Office } from './office.ts'
import { readSheet } from './read-sheet.ts'
import { textOfWorkbook } from './read-text.ts'
import { caughtIn, type Found, isAdvised, screenFile, screenScan } from './screen.ts'
import { screenTable } from './screen-table.ts'
import { Scan, TryLater, UNREADABLE_TEXT } from './unread.ts'
import { UNREADABLE } from './unzip.ts'
import { FILE_MS } from './upload.ts'

const MOST_FILE_BYTES = 5 * 1_048_576
/** Of one that is passed on: Feishu takes 30 MB, but it has to come and to go within the time of a call each. */
const MOST_PASSED_BYTES = 20 * 1_048_576

type Fetch = NonNullable<Waiting['parcel']['fetch']>

/** Fetches a file that somebody sent, for the feature that waits for it: a table to be read, or a file to be handed in anew. */
export async function fetchFile(office: Office, row: Waiting): Promise<void> {
  const { fetch } = row.parcel
  if (fetch?.passAs !== undefined) await passOn(office, row, fetch, fetch.passAs)
  else if (fetch?.lookAs !== undefined) await look(office, row, fetch, fetch.lookAs)
  else if (fetch) await readTable(office, row, fetch)
}

/** Fetches a file and hands it in anew as it is. */
async function passOn(office: Office, row: Waiting, fetch: Fetch, name: string): Promise<void> {
  const came = await lookedInto(office, row, fetch, name)
  if (!('bytes' in came)) return handOver(office, row, came)
  await handOver(office, row, { key: await office.feishu.upload(name, came.bytes) }, came.found)
}

/** Fetches a file for nothing but to look into it. */
async function look(office: Office, row: Waiting, fetch: Fetch, name: string): Promise<void> {
  const came = await lookedInto(office, row, fetch, name)
  await ('bytes' in came ? handOver(office, row, { fine: true }, came.found) : handOver(office, row, came))
}

/** A file in which nothing was found, or nothing that was not released; an empty one Feishu does not take, and what cannot be looked into does not pass. */
async function lookedInto(
  office: Office,
  row: Waiting,
  fetch: Fetch,
  name: string,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; found: Found } | { fault: string } | Caught> {
  await prolong(office.db, row, office.clock.wire() + FILE_MS)
  const bytes = await office.feishu.file(fetch.message, fetch.key, MOST_PASSED_BYTES)
  if (!bytes.length) return { fault: '文件没有内容' }
  const came = await inspected(office, row, fetch, bytes, async () =>
    screenFile(office.gate, await office.readText(name, bytes)),
  )
  if (!('found' in came)) return came
  // what would be hidden in a text cannot be hidden in a file
  return came.found.hides ? { fault: PERSONAL } : { bytes: new Uint8Array(bytes), found: came.found }
}

const PERSONAL = '文件含有身份证号等个人敏感信息,请删除后重新发送'

async function readTable(office: Office, row: Waiting, fetch: Fetch): Promise<void> {
  const bytes = await office.feishu.file(fetch.message, fetch.key, MOST_FILE_BYTES)
  const table = await tableIn(office, bytes)
  if ('fault' in table) return handOver(office, row, table)
  const came = await inspected(office, row, fetch, bytes, async () =>
    screenTable(office.gate, await textOfWorkbook(bytes), table.rows),
  )
  if (!('found' in came)) return handOver(office, row, came)
  const rows = came.found.passes
  await (rows ? handOver(office, row, { rows }, came.found) : handOver(office, row, { fault: PERSONAL }))
}

const sourceOf = ({ sender }: Waiting, { message, chat = '' }: Fetch) => ({ sender, message, chat })

/** What the gate makes of a file. A scan stays one though it was released. */
async function inspected<F extends Found>(
  office: Office,
  row: Waiting,
  fetch: Fetch,
  bytes: Uint8Array,
  look: () => Promise<F>,
): Promise<{ found: F } | { fault: string } | Caught> {
  const came = await lookThrough(office, fetch.key, bytes, look)
  const caught = came.found && (await caughtIn(office, came.found, sourceOf(row, fetch)))
  return caught ?? ('fault' in came ? { fault: came.fault } : came)
}

/** What is found in a file, and why it cannot be read. Whatever reading it breaks on, it is the file that cannot be. */
async function lookThrough<F extends Found>(
  office: Office,
  key: string,
  bytes: Uint8Array,
  look: () => Promise<F>,
): Promise<{ found: F } | { found?: Found; fault: string }> {
  try {
    return { found: await look() }
  } catch (error) {
    if (error instanceof TryLater) throw error
    if (error instanceof Scan) return { found: screenScan(office.gate, key), fault: error.message }
    if (error instanceof Refusal) return { fault: error.message }
    office.log('warn', 'file not inspected', { bytes: bytes.length, ...describe(error) })
    return { fault: UNREADABLE_TEXT }
  }
}

/** Whatever a file breaks on, it is the file that cannot be read. */
async function tableIn(office: Office, bytes: Uint8Array): Promise<Table> {
  try {
    return { rows: await readSheet(bytes) }
  } catch (error) {
    if (error instanceof Refusal) return { fault: error.message }
    office.log('warn', 'file not read', { bytes: bytes.length, ...describe(error) })
    return { fault: UNREADABLE }
  }
}

/** Gives what came of a file to the feature that waits for it, in a transaction of its own. `passed`: what was found in it and let pass. */
export async function handOver(
  office: Office,
  { id, sender, parcel }: Waiting,
  came: Table | Passed | Caught | { fine: true },
  passed?: Found,
): Promise<void> {
  const { fetch } = parcel
  const feature = fetch && office.features.find(one => one.name === fetch.feature)
  if (!feature) return
  const { files } = feature
  await office.db.transaction(async tx => {
    const desk = new Desk(office, tx, office.clock.now(), { who: sender, chat: '', delivery: `file:${id}` })
    if ('rules' in came) await office.gate.stopped(desk.beat(), came)
    const found = 'rules' in came ? { fault: office.gate.replyTo(came).join('') } : came
    const { message, key, matter, passAs, lookAs } = fetch
    if (lookAs !== undefined && ('fine' in found || 'fault' in found)) {
      const file = { kind: 'file', name: lookAs, key, message } as const
      const what = 'fault' in found ? { ...found, caught: 'rules' in came } : found
      await feature.looked?.(desk.beat(), matter, { file, by: sender, ...what })
    } else if (passAs !== undefined && ('key' in found || 'fault' in found))
      await files?.passed?.(desk.beat(), matter, found)
    else if ('rows' in found || 'fault' in found) await files?.read?.(desk.beat(), matter, found)
    if (passed && isAdvised(passed)) {
      const words = office.gate.passed(desk.beat(), passed)
      desk.beat().send({ to: { person: sender }, body: { text: words }, urgent: true })
    }
    await desk.close('')
  })
}
