import {
  handOn,
  markCrowdFailed,
  markFailed,
  markHandedOver,
  markRetry,
  markSent,
  pauseApi,
  prolong,
  putBack,
  readdress,
} from '../../db/claims.ts'
import { isPassing } from '../../db/client.ts'
import { addCopy, getCopy, retireCopy } from '../../db/copies.ts'
import { record } from '../../db/events.ts'
import { enqueue, isOnItsWay, type Waiting } from '../../db/outbox.ts'
import { chatById, keepMembers, keepPeople, meetPeople } from '../../db/people.ts'
import { noteEnded } from '../../db/room.ts'
import { FAULT_WORDS, type FaultKind, FeishuFault } from '../feishu/fault.ts'
import { Refusal } from '../kit/refusal.ts'
import { afterCalendarFault, keepInCalendar } from './appoint.ts'
import { afterBusyFault, busyGivenUp, readBusy } from './busy.ts'
import { drawCode } from './code.ts'
import { Desk, drawCopy } from './desk.ts'
import type { Passed, Table } from './feature.ts'
import type { Caught } from './gate.ts'
import { backoffMs } from './limits.ts'
import { describe } from './log.ts'
import type { Office } from './office.ts'
import { pack } from './pack.ts'
import { readSheet } from './read-sheet.ts'
import { readText, textOfWorkbook } from './read-text.ts'
import { afterReadersFault, askReaders } from './readers.ts'
import { caughtIn, type Screened, screenFile, screenText } from './screen.ts'
import { tellUndelivered, undeliveredWords } from './undelivered.ts'
import { UNREADABLE_TEXT } from './unread.ts'
import { UNREADABLE } from './unzip.ts'

/** What a missing scope means where a file is asked for. */
const NO_FILES = '应用未开通读取文件的权限'

/** Feishu's `uuid` holds for an hour: past it, what may have arrived is not sent again but shown as uncertain. */
export const UNCERTAIN_MS = 55 * 60_000
const GIVE_UP_MS = 24 * 3_600_000
const LOCKED_MS = 400
/** Attempts at something that breaks on our side; then it is put where people see it, and the queue goes on. */
const MOST_BREAKS = 5

/**
 * Sends one parcel and notes how it went; whether it was sent. When the database is not there to note it, the claim runs out and the
 * parcel is sent again with the same uuid, which makes no second message.
 */
export async function deliverOne(office: Office, row: Waiting): Promise<boolean> {
  let arrived = false
  try {
    const hindrance = await hindranceOf(office, row)
    if (hindrance) {
      await giveUp(office, row, hindrance)
      return false
    }
    const message = await CARRIERS[row.api](office, row)
    arrived = makesMessage(row)
    if (row.api !== 'upload') await noteSent(office, row, message)
    office.metrics.count('huiyin_deliveries_total', { api: row.api, outcome: 'sent' })
    return true
  } catch (error) {
    await afterError(office, row, error, arrived)
    return false
  } finally {
    noteEnded(office.db, row.call, office.clock.wire())
  }
}

/** Why it is not even tried. */
async function hindranceOf(office: Office, row: Waiting): Promise<string | undefined> {
  // one that was handed over together with others and lost sight of: that call bears no uuid
  if (row.api === 'batch' || isPastRepeating(row, office.clock.wire())) return UNCERTAIN
  if (endsProcesses(row)) return BROKEN
  const isOut = row.parcel.chat === groupOf(row) && !row.parcel.open && (await isOutside(office, row.parcel.chat))
  return isOut ? OUTSIDERS : undefined
}

async function afterError(office: Office, row: Waiting, error: unknown, arrived: boolean): Promise<void> {
  if (error instanceof FeishuFault) return afterFault(office, row, error)
  if (error instanceof NotArrived) return tryAgain(office, row, NOT_ARRIVED)
  office.log('error', 'delivery broke', { parcel: row.id, attempts: row.attempts, ...describe(error) })
  // it may have arrived, and nothing is wrong with it: the claim runs out, and it is sent again with its uuid
  if (isPassing(error)) return
  if (row.attempts >= MOST_BREAKS) await giveUp(office, row, arrived ? `${BROKEN},${UNCERTAIN}` : BROKEN)
  else if (row.api === 'upload') await tryAgain(office, row, BROKEN)
}

/** That a file has left, and to whom, is part of the history. */
async function noteSent(office: Office, row: Waiting, message: string): Promise<void> {
  const { file, person, chat } = row.parcel
  const wireMs = office.clock.wire()
  if (!file || !('key' in file)) return markSent(office.db, row, message, wireMs)
  await office.db.transaction(async tx => {
    await markSent(tx, row, message, wireMs)
    await record(tx, {
      at: office.clock.now(),
      who: row.sender,
      feature: file.made?.feature ?? 'file',
      act: 'file.left',
      outcome: 'ok',
      chat: '',
      delivery: `parcel:${row.id}`,
      data: { to: person ?? chat ?? row.lane, message, ...(file.made ? { order: file.made.order } : {}) },
    })
  })
}

const OUTSIDERS = '群内有外部人员,不发送业务内容'

/** A private answer's lane is its person. */
const groupOf = ({ lane }: Waiting): string => lane.replace(/^file:/, '')

/** Whether people of another house would read it (SEC-23). */
const isOutside = async ({ db }: Office, chat: string | undefined): Promise<boolean> =>
  chat !== undefined && (await chatById(db, chat))?.external === true

/** What the platform does not grant it will hardly grant a minute later. */
const NOT_GRANTED_MS = 3_600_000
const UNCERTAIN_REST_MS = 60_000

/**
 * Hands many that say the same over in one call, as plain words. That call bears no uuid: when its outcome is not known it is not
 * repeated but shown as uncertain. Where it is refused each leaves by itself, with its buttons.
 */
export async function deliverCrowd(office: Office, rows: Waiting[]): Promise<void> {
  const { db, clock } = office
  try {
    const people = rows.map(row => row.lane)
    const strangers = new Set(await office.feishu.sendMany(people, rows[0]?.parcel.plain ?? ''))
    const [left, refused] = [rows.filter(row => !strangers.has(row.lane)), rows.filter(row => strangers.has(row.lane))]
    await markHandedOver(db, left, clock.wire())
    await putBack(db, refused, clock.wire(), true, clock.wire())
    office.metrics.count('huiyin_deliveries_total', { api: 'batch', outcome: 'sent' })
  } catch (error) {
    if (!(error instanceof FeishuFault))
      return office.log('error', 'delivery broke', { api: 'batch', ...describe(error) })
    const { kind, code, logId } = error
    const wireMs = clock.wire()
    office.metrics.count('huiyin_deliveries_total', { api: 'batch', outcome: kind })
    office.log('warn', 'delivery', { api: 'batch', kind, code, logId, parcels: rows.length })
    if (error.uncertain) {
      // the rest of them leave one by one meanwhile, where a repeat makes no second message
      await pauseApi(db, 'batch', wireMs + UNCERTAIN_REST_MS)
      await markCrowdFailed(db, rows, `${FAULT_WORDS[kind]},${UNCERTAIN}`, wireMs)
      return tellSenders(office, rows)
    }
    const isDown = kind === 'unreachable' || kind === 'unauthorised'
    const rest =
      error.retryAfterMs ?? (isDown || kind === 'rate-limited' ? backoffMs(1, office.chance()) : NOT_GRANTED_MS)
    await pauseApi(db, 'batch', wireMs + rest)
    await putBack(db, rows, isDown ? wireMs + rest : wireMs, false, wireMs)
  }
}

/** A card that is to be drawn anew, but that people have yet to get. */
class NotArrived extends Error {}
const NOT_ARRIVED = '卡片尚未送达'

type Carrier = (office: Office, row: Waiting) => Promise<string>

/** How each API is used; the answer is the id of a new message, or ''. */
const CARRIERS: Record<Waiting['api'], Carrier> = {
  batch: async () => {
    throw new FeishuFault('malformed', { why: 'a crowd goes together' })
  },
  create: async (office, row) => {
    const { chat, person } = row.parcel
    const content = await contentOf(office, row)
    return content ? office.feishu.send(chat ? { chat } : { person: person ?? '' }, content, row.uuid) : ''
  },
  reply: async (office, row) => {
    const content = await contentOf(office, row)
    return content ? office.feishu.reply(row.parcel.replyTo ?? '', content, row.uuid) : ''
  },
  patch: async (office, row) => {
    const copy = await getCopy(office.db, row.copy ?? 0)
    if (copy && copy.message === null && (await isOnItsWay(office.db, copy))) throw new NotArrived()
    if (copy && !copy.viewer && (await isOutside(office, copy.lane))) return ''
    const card = copy && (await drawCopy(office, office.db, copy, office.clock.now()))
    if (copy?.message && card) await office.feishu.redraw(copy.message, card)
    return ''
  },
  upload: async (office, row) => {
    await upload(office, row)
    return ''
  },
  contact: async (office, row) => {
    const { learn } = row.parcel
    if (learn && 'person' in learn) await keepPeople(office.db, [await office.feishu.person(learn.person)])
    return ''
  },
  calendar: async (office, row) => {
    await keepInCalendar(office, row)
    return ''
  },
  busy: async (office, row) => {
    await readBusy(office, row)
    return ''
  },
  readers: async (office, row) => {
    await askReaders(office, row)
    return ''
  },
  members: async (office, row) => {
    const { learn } = row.parcel
    if (learn && 'chat' in learn) await learnMembers(office, learn.chat)
    return ''
  },
  file: async (office, row) => {
    const { fetch } = row.parcel
    if (fetch?.passAs !== undefined) await passOn(office, row, fetch, fetch.passAs)
    else if (fetch) await readTable(office, row, fetch)
    return ''
  },
}

const MOST_FILE_BYTES = 5 * 1_048_576
/** Of one that is passed on: Feishu takes 30 MB, but it has to come and to go within the time of a call each. */
const MOST_PASSED_BYTES = 20 * 1_048_576

type Fetch = NonNullable<Waiting['parcel']['fetch']>

/** Fetches a file and hands it in anew as it is; an empty one Feishu does not take, and what cannot be looked into does not pass. */
async function passOn(office: Office, row: Waiting, fetch: Fetch, name: string): Promise<void> {
  await prolong(office.db, row, office.clock.wire() + FILE_MS)
  const bytes = await office.feishu.file(fetch.message, fetch.key, MOST_PASSED_BYTES)
  if (!bytes.length) return handOver(office, row, { fault: '文件没有内容' })
  const found = await inspected(office, bytes, () => readText(name, bytes))
  if ('fault' in found) return handOver(office, row, found)
  const caught = await caughtIn(office, found, sourceOf(row, fetch))
  if (caught) return handOver(office, row, caught)
  // what would be hidden in a text cannot be hidden in a file
  if (found.action === 'mask') return handOver(office, row, { fault: PERSONAL })
  await handOver(office, row, { key: await office.feishu.upload(name, new Uint8Array(bytes)) })
}

const PERSONAL = '文件含有身份证号等个人敏感信息,请删除后重新发送'

async function readTable(office: Office, row: Waiting, fetch: Fetch): Promise<void> {
  const bytes = await office.feishu.file(fetch.message, fetch.key, MOST_FILE_BYTES)
  const table = tableIn(office, bytes)
  if ('fault' in table) return handOver(office, row, table)
  const found = await inspected(office, bytes, () => textOfWorkbook(bytes))
  if ('fault' in found) return handOver(office, row, found)
  const caught = await caughtIn(office, found, sourceOf(row, fetch))
  if (caught) return handOver(office, row, caught)
  const hide = (text: string) => (text === '' ? text : screenText(office.gate, { text, place: 'attachment' }).passes)
  await handOver(office, row, found.action === 'mask' ? { rows: table.rows.map(cells => cells.map(hide)) } : table)
}

const sourceOf = ({ sender }: Waiting, { message, chat = '' }: Fetch) => ({ sender, message, chat })

/** What the gate finds in a file. Whatever reading it breaks on, it is the file that cannot be read. */
async function inspected(
  office: Office,
  bytes: Uint8Array,
  read: () => Promise<string>,
): Promise<Omit<Screened<unknown>, 'passes'> | { fault: string }> {
  try {
    return await screenFile(office.gate, await read())
  } catch (error) {
    if (error instanceof Refusal) return { fault: error.message }
    office.log('warn', 'file not inspected', { bytes: bytes.length, ...describe(error) })
    return { fault: UNREADABLE_TEXT }
  }
}

/** Whatever a file breaks on, it is the file that cannot be read. */
function tableIn(office: Office, bytes: Uint8Array): Table {
  try {
    return { rows: readSheet(bytes) }
  } catch (error) {
    if (error instanceof Refusal) return { fault: error.message }
    office.log('warn', 'file not read', { bytes: bytes.length, ...describe(error) })
    return { fault: UNREADABLE }
  }
}

/** Gives what came of a file to the feature that waits for it, in a transaction of its own. */
async function handOver(office: Office, { id, sender, parcel }: Waiting, came: Table | Passed | Caught): Promise<void> {
  const { fetch } = parcel
  const files = fetch && office.features.find(one => one.name === fetch.feature)?.files
  if (!files) return
  await office.db.transaction(async tx => {
    const desk = new Desk(office, tx, office.clock.now(), { who: sender, chat: '', delivery: `file:${id}` })
    const found = 'rules' in came ? { fault: (await office.gate.stopped(desk.beat(), came)).join('') } : came
    if (fetch.passAs === undefined && !('key' in found)) await files.read?.(desk.beat(), fetch.matter, found)
    if (fetch.passAs !== undefined && !('rows' in found)) await files.passed?.(desk.beat(), fetch.matter, found)
    await desk.close('')
  })
}

/** A file of thousands of rows takes longer than a call. */
const FILE_MS = 30_000

/** Makes the file and hands it in; it is sent as a message of its own, in the order of its receiver. */
async function upload(office: Office, row: Waiting): Promise<void> {
  const { file, ...parcel } = row.parcel
  const ordered = file && !('key' in file) ? file : undefined
  const feature = office.features.find(one => one.name === ordered?.feature)
  if (!ordered || !feature?.print) throw new FeishuFault('malformed', { why: 'no file to make' })
  await prolong(office.db, row, office.clock.wire() + FILE_MS)
  const look = { db: office.db, now: office.clock.now(), office: office.facts }
  const printed = await feature.print(look, ordered.order)
  const bytes = Array.isArray(printed) ? await pack(printed) : drawCode(office.feishu.chatLink)
  const key = await office.feishu.upload(ordered.name, bytes)
  await handOn(
    office.db,
    row,
    {
      api: parcel.replyTo ? 'reply' : 'create',
      lane: parcel.person ?? parcel.chat ?? row.lane,
      parcel: { ...parcel, file: { name: ordered.name, key, made: { feature: feature.name, order: ordered.order } } },
    },
    office.clock.wire(),
  )
}

/** Undefined: there is nothing left to say. */
async function contentOf(office: Office, { id, parcel, copy }: Waiting) {
  if (parcel.undelivered) {
    const text = await undeliveredWords(office, parcel.undelivered.sender, id)
    return text === undefined ? undefined : { text }
  }
  if (parcel.card) return { card: parcel.card }
  if (parcel.text) return { text: parcel.text }
  if (parcel.file && 'key' in parcel.file) return { file: parcel.file.key }
  const kept = await getCopy(office.db, copy ?? 0)
  const card = kept && (await drawCopy(office, office.db, kept, office.clock.now()))
  if (!card) throw new FeishuFault('malformed', { why: 'nothing to show' })
  return { card }
}

/** Names of a group's members, also where the directory shows them not (a narrow contact range). */
export async function learnMembers(office: Office, chat: string): Promise<void> {
  const all: Array<{ id: string; name: string }> = []
  for (let page = ''; ; ) {
    const { items, next } = await office.feishu.membersOf(chat, page)
    all.push(...items)
    if (!next) break
    page = next
  }
  await meetPeople(office.db, all)
  await keepMembers(
    office.db,
    chat,
    all.map(one => one.id),
  )
}

async function afterFault(office: Office, row: Waiting, fault: FeishuFault): Promise<void> {
  const wireMs = office.clock.wire()
  const { kind } = fault
  office.metrics.count('huiyin_deliveries_total', { api: row.api, outcome: kind })
  office.log('warn', 'delivery', {
    parcel: row.id,
    api: row.api,
    kind,
    code: fault.code,
    logId: fault.logId,
    attempts: row.attempts,
  })
  const reason = `${row.api === 'file' && kind === 'forbidden' ? NO_FILES : FAULT_WORDS[kind]}${fault.code ? `(${fault.code})` : ''}`
  if (row.api === 'calendar' && (await afterCalendarFault(office, row, fault))) return
  if (await afterBusyFault(office, row, fault)) return
  if (await afterReadersFault(office, row, fault)) return
  if (fault.retryAfterMs) await pauseApi(office.db, row.api, wireMs + fault.retryAfterMs)
  if (kind === 'gone' && row.api === 'reply' && (row.parcel.chat || row.parcel.person))
    return postAnew(office, row, wireMs)
  if ((kind === 'gone' || kind === 'outdated') && row.api === 'patch')
    return replaceCopy(office, row, kind === 'outdated')
  const spent = wireMs - row.queuedMs > GIVE_UP_MS
  const final = FINAL.includes(kind) || spent
  if (final) return giveUp(office, row, row.uncertainSinceMs === null ? reason : `${reason},${UNCERTAIN}`)
  const wait = fault.retryAfterMs ?? (kind === 'busy' ? LOCKED_MS : backoffMs(row.attempts, office.chance()))
  await markRetry(office.db, row, reason, wireMs + wait, fault.uncertain && makesMessage(row), wireMs)
}

async function tryAgain(office: Office, row: Waiting, reason: string): Promise<void> {
  const wireMs = office.clock.wire()
  await markRetry(office.db, row, reason, wireMs + backoffMs(row.attempts, office.chance()), false, wireMs)
}

const FINAL: FaultKind[] = ['gone', 'outdated', 'forbidden', 'oversize', 'malformed']
const UNCERTAIN = '是否送达不能确定'
const BROKEN = '系统内部错误'

const makesMessage = ({ api }: Waiting): boolean => api === 'create' || api === 'reply'

/** A file at which our process has died again and again: a claim that ran out is all that is left of it. */
const endsProcesses = (row: Waiting): boolean =>
  (row.api === 'file' || row.api === 'upload') && row.uncertainSinceMs !== null && row.attempts > MOST_BREAKS

/** A new message that may have arrived already, and whose uuid Feishu has forgotten: a repeat could be seen twice. */
function isPastRepeating(row: Waiting, wireMs: number): boolean {
  const since = row.uncertainSinceMs
  return makesMessage(row) && since !== null && wireMs - since > UNCERTAIN_MS
}

/** The question was taken back meanwhile: the answer is posted to the chat instead. */
async function postAnew(office: Office, row: Waiting, wireMs: number): Promise<void> {
  const { replyTo: _, ...parcel } = row.parcel
  await readdress(office.db, row, { api: 'create', lane: row.lane, parcel }, wireMs)
}

/** A card that cannot be changed any more is forgotten; one that is only too old (14 days) is sent anew. */
async function replaceCopy(office: Office, row: Waiting, again: boolean): Promise<void> {
  const copy = row.copy === null ? undefined : await retireCopy(office.db, row.copy)
  await markSent(office.db, { ...row, copy: null }, '', office.clock.wire())
  if (!copy || !again) return
  const { feature, matter, viewer, lane } = copy
  const fresh = await addCopy(office.db, { feature, matter, viewer, lane })
  const parcel = viewer ? { person: lane } : { chat: lane }
  await enqueue(office.db, {
    lane,
    api: 'create',
    priority: 1,
    parcel,
    copy: fresh,
    sender: row.sender,
    queuedMs: office.clock.wire(),
  })
}

/** Kept as failed with its reason, and told to whoever sent it; a redraw or a reading of the directory has no sender who waits. */
async function giveUp(office: Office, row: Waiting, reason: string): Promise<void> {
  await markFailed(office.db, row, reason, office.clock.wire())
  if (row.api === 'file') return handOver(office, row, { fault: reason })
  if (row.api === 'busy') await busyGivenUp(office, row)
  if (!UNSENT.includes(row.api)) await tellSenders(office, [row])
}

/** Whoever is told of their own sees what became of it where they said it. */
async function tellSenders(office: Office, rows: readonly Waiting[]): Promise<void> {
  const senders = new Set(rows.filter(({ sender, lane }) => sender && sender !== lane).map(({ sender }) => sender))
  for (const sender of senders) await tellUndelivered(office, sender)
}

/** What nobody has sent to anybody. */
const UNSENT: Array<Waiting['api']> = ['patch', 'contact', 'members', 'calendar', 'readers']
