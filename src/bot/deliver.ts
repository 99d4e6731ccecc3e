import {
  markCrowdFailed,
  markHandedOver,
  markRetry,
  markSent,
  noteCrossed,
  pauseApi,
  putBack,
  readdress,
} from '../../db/claims.ts'
import { type Db, drawingOn, isPassing } from '../../db/client.ts'
import { addCopy, getCopy, REPLACED, retireCopy } from '../../db/copies.ts'
import { record } from '../../db/events.ts'
import { jointly } from '../../db/joint.ts'
import { assureRedraw, copyToDraw, enqueue, type Waiting } from '../../db/outbox.ts'
import { peopleById, readersIn } from '../../db/people.ts'
import { noteEnded } from '../../db/room.ts'
import { stencilCard } from '../../db/stencils.ts'
import { FeishuFault, faultReason, isFinal } from '../feishu/fault.ts'
import { type Card, card, text } from '../kit/card.ts'
import { Refusal } from '../kit/refusal.ts'
import { afterCalendarFault, keepInCalendar } from './appoint.ts'
import { afterBusyFault, readBusy } from './busy.ts'
import { type Drawn, drawCopy, featureOf } from './desk.ts'
import { learnGroup, learnPerson } from './directory.ts'
import { fetchFile } from './fetch.ts'
import { isWaitedFor, keepFailed, keepFailedAndTell, tellSenders } from './give-up.ts'
import { backoffMs } from './limits.ts'
import { describe } from './log.ts'
import type { Office } from './office.ts'
import { afterReadersFault, askReaders } from './readers.ts'
import { undeliveredWords } from './undelivered.ts'
import { TryLater } from './unread.ts'
import { upload } from './upload.ts'

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
export async function deliverOne(office: Office, row: Waiting, from = readingOf(office)): Promise<boolean> {
  let arrived = false
  try {
    const hindrance = await hindranceOf(office, row)
    if (hindrance) {
      await giveUp(office, row, hindrance)
      return false
    }
    const message = await CARRIERS[row.api](office, row, from)
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

/** Where the cards are read that leave together: those that are shown already, and those of new messages. */
interface Reading {
  shown: Db
  fresh: Db
}

/** As it is now: for what is tried now. */
export const readingOf = ({ db }: Office): Reading => ({ shown: jointly(drawingOn(db)), fresh: jointly(db) })

/** Why it is not even tried. */
async function hindranceOf(office: Office, row: Waiting): Promise<string | undefined> {
  // one that was handed over together with others and lost sight of: that call bears no uuid
  if (row.api === 'batch' || isPastRepeating(row, office.clock.wire())) return UNCERTAIN
  if (endsProcesses(row)) return BROKEN
  if (row.parcel.fetch?.lost) return row.parcel.fetch.lost
  const { chat, open } = row.parcel
  if (chat === undefined || chat !== groupOf(row) || open) return undefined
  return (await areOutsiders(office, chat)) ? OUTSIDERS : undefined
}

/** Whether people of another house read in a group (SEC-23). @throws Unread while that is not known. */
async function areOutsiders({ db }: Office, chat: string): Promise<boolean> {
  const readers = await readersIn(db, chat)
  if (readers === 'unread') throw new Unread('正在核对群内有无外部人员')
  return readers === 'outsiders'
}

/** Who reads in a group is being asked: what is for it waits, but not as long as for a fault. */
class Unread extends TryLater {}
const UNREAD_REST_MS = 5_000

async function afterError(office: Office, row: Waiting, error: unknown, arrived: boolean): Promise<void> {
  if (error instanceof FeishuFault) return afterFault(office, row, error)
  if (error instanceof NotArrived) return tryAgain(office, row, NOT_ARRIVED)
  if (error instanceof Unread) return tryAgain(office, row, error.message, UNREAD_REST_MS)
  if (error instanceof TryLater) return tryAgain(office, row, error.message || READING)
  office.log('error', 'delivery broke', { parcel: row.id, attempts: row.attempts, ...describe(error) })
  // it may have arrived, and nothing is wrong with it: the claim runs out, and it is sent again with its uuid
  if (isPassing(error)) return
  if (row.attempts >= MOST_BREAKS) await giveUp(office, row, arrived ? `${BROKEN},${UNCERTAIN}` : BROKEN)
  else if (row.api === 'upload') await tryAgain(office, row, BROKEN)
}

/** That a file has left, and to whom, is part of the history. A card is drawn anew where two attempts at it crossed. */
async function noteSent(office: Office, row: Waiting, message: string): Promise<void> {
  const { file, person, chat } = row.parcel
  const wireMs = office.clock.wire()
  if (!file || !('key' in file)) {
    if (await markSent(office.db, row, message, wireMs)) await drawOnceMore(office, row)
    return
  }
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

/** By then all that cross have ended, mostly: one redraw does for them, and bots whose clocks lie apart do not keep each other drawing. */
const CROSSED_MS = 1_000

/** Another attempt was made meanwhile: which of the two cards is the later one at Feishu nobody knows. */
async function drawOnceMore({ db, clock }: Office, row: Waiting): Promise<void> {
  const { copy, sender } = row
  if (copy === null) return
  const queuedMs = clock.wire()
  await db.transaction(async tx => {
    await noteCrossed(tx, row)
    await assureRedraw(tx, { copy, sender, queuedMs, dueMs: queuedMs + CROSSED_MS })
  })
}

const OUTSIDERS = '群内有外部人员,不发送业务内容'

/** A private answer's lane is its person. */
const groupOf = ({ lane }: Waiting): string => lane.replace(/^file:/, '')

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
      return db.transaction(async tx => {
        await markCrowdFailed(tx, rows, `${faultReason(error)},${UNCERTAIN}`, wireMs)
        await tellSenders(office, tx, rows)
      })
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
const READING = '正在检查其他文件'

type Carrier = (office: Office, row: Waiting, from: Reading) => Promise<string>

/** How each API is used; the answer is the id of a new message, or ''. */
const CARRIERS: Record<Waiting['api'], Carrier> = {
  batch: async () => {
    throw new FeishuFault('malformed', { why: 'a crowd goes together' })
  },
  create: async (office, row, { fresh }) => {
    const { chat, person } = row.parcel
    const content = await contentOf(office, row, fresh)
    return content ? office.feishu.send(chat ? { chat } : { person: person ?? '' }, content, row.uuid) : ''
  },
  reply: async (office, row, { fresh }) => {
    const content = await contentOf(office, row, fresh)
    return content ? office.feishu.reply(row.parcel.replyTo ?? '', content, row.uuid) : ''
  },
  patch: async (office, row, { shown }) => {
    const { copy, isOnItsWay } = (await copyToDraw(shown, row.copy ?? 0)) ?? {}
    if (isOnItsWay) throw new NotArrived()
    if (copy && !copy.viewer && (await areOutsiders(office, copy.lane))) return ''
    const card = copy && (await redrawCopy(office, shown, copy, office.clock.now()))
    if (copy?.message && card) await office.feishu.redraw(copy.message, card)
    return ''
  },
  upload: async (office, row) => {
    await upload(office, row)
    return ''
  },
  contact: async (office, row) => {
    const { learn } = row.parcel
    if (learn && 'person' in learn) await learnPerson(office, learn.person)
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
    if (learn && 'chat' in learn) await learnGroup(office, learn.chat)
    return ''
  },
  file: async (office, row) => {
    await fetchFile(office, row)
    return ''
  },
}

/** Undefined: there is nothing left to say. */
async function contentOf(office: Office, { id, parcel, copy }: Waiting, db: Db) {
  if (parcel.undelivered) {
    const text = await undeliveredWords(office.db, parcel.undelivered.sender, id)
    return text === undefined ? undefined : { text }
  }
  if (parcel.card) return { card: parcel.card }
  if (parcel.text) return { text: parcel.text }
  if (parcel.stencil) return { card: await cardOf(office, parcel.stencil) }
  if (parcel.file && 'key' in parcel.file) return { file: parcel.file.key }
  const kept = await getCopy(db, copy ?? 0)
  const card = kept && (await drawCopy(office, db, kept, office.clock.now()))
  if (!card) throw new FeishuFault('malformed', { why: 'nothing to show' })
  return { card }
}

/** A card that is shown already, as its reader sees it now: where its reader may not see the matter any more, it says that, and shows no more of it. */
export async function redrawCopy(office: Office, db: Db, copy: Drawn, now: Date): Promise<Card | undefined> {
  try {
    return await drawCopy(office, db, copy, now)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return card(featureOf(office, copy)?.title ?? '', 'grey', text(`${error.message}。`))
  }
}

async function cardOf({ db }: Office, stencil: string): Promise<Card> {
  const card = await stencilCard(db, stencil)
  if (!card) throw new FeishuFault('malformed', { why: 'nothing to show' })
  return card
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
  const reason = row.api === 'file' && kind === 'forbidden' ? `${NO_FILES}(${fault.code})` : faultReason(fault)
  if (row.api === 'calendar' && (await afterCalendarFault(office, row, fault))) return
  if (await afterBusyFault(office, row, fault)) return
  if (await afterReadersFault(office, row, fault)) return
  if (fault.retryAfterMs) await pauseApi(office.db, row.api, wireMs + fault.retryAfterMs)
  if (kind === 'gone' && row.api === 'reply' && (row.parcel.chat || row.parcel.person))
    return postAnew(office, row, wireMs)
  if ((kind === 'gone' || kind === 'outdated') && row.api === 'patch')
    return replaceCopy(office, row, kind === 'outdated')
  const spent = wireMs - row.queuedMs > GIVE_UP_MS
  const final = isFinal(fault) || spent
  const uncertain = fault.uncertain && makesMessage(row)
  if (final) return giveUp(office, row, uncertain || row.uncertainSinceMs !== null ? `${reason},${UNCERTAIN}` : reason)
  const wait = fault.retryAfterMs ?? (kind === 'busy' ? LOCKED_MS : backoffMs(row.attempts, office.chance()))
  const isPutBack = await markRetry(office.db, row, reason, wireMs + wait, uncertain, wireMs)
  if (!isPutBack && fault.uncertain) await drawOnceMore(office, row)
}

async function tryAgain(
  office: Office,
  row: Waiting,
  reason: string,
  mostMs = Number.POSITIVE_INFINITY,
): Promise<void> {
  const wireMs = office.clock.wire()
  const wait = Math.min(backoffMs(row.attempts, office.chance()), mostMs)
  await markRetry(office.db, row, reason, wireMs + wait, false, wireMs)
}

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
  const wireMs = office.clock.wire()
  await office.db.transaction(async db => {
    const copy = row.copy === null ? undefined : await retireCopy(db, row.copy)
    await markSent(db, { ...row, copy: null }, '', wireMs)
    if (!copy || !again || copy.feature === REPLACED || (copy.viewer && (await hasLeft(db, copy.viewer)))) return
    const { feature, matter, viewer, lane } = copy
    const parcel = viewer ? { person: lane } : { chat: lane }
    const fresh = await addCopy(db, { feature, matter, viewer, lane })
    await enqueue(db, {
      lane,
      api: 'create',
      priority: 1,
      parcel,
      copy: fresh,
      sender: row.sender,
      queuedMs: wireMs,
    })
  })
}

async function hasLeft(db: Db, person: string): Promise<boolean> {
  return (await peopleById(db, [person])).some(({ active }) => !active)
}

/** Where what waits for it breaks at being told, it is over all the same: it would be given up again and again. */
async function giveUp(office: Office, row: Waiting, reason: string): Promise<void> {
  if (!isWaitedFor(row)) return keepFailed(office, row, reason)
  try {
    await keepFailedAndTell(office, row, reason)
  } catch (error) {
    if (isPassing(error)) throw error
    office.log('error', 'giving up broke', { parcel: row.id, ...describe(error) })
    await keepFailed(office, row, reason)
  }
}
