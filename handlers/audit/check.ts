import {
  type Entry,
  entriesAfter,
  entryHash,
  firstEntry,
  type Head,
  headAndLast,
  headText,
  keepHead,
  NO_HASH,
  type Standing,
  signedFrom,
  straysAfter,
  takeHead,
} from '../../db/audit-chain.ts'
import {
  beginCheck,
  type Check,
  getCheck,
  keepCheck,
  lastNightly,
  lastWhole,
  takeOpenCheck,
} from '../../db/audit-check.ts'
import { AUDIT_DAYS } from '../../db/retention.ts'
import { holdersOf } from '../../db/role.ts'
import type { Action, Answer, Beat, Look, Turn } from '../../src/bot/feature.ts'
import { type Card, card, text } from '../../src/kit/card.ts'
import type { Viewer } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { dayIn } from '../../src/kit/time.ts'
import { alertCard, checkCard, nobodyCard, type Told } from '../../src/office/audit/cards.ts'
import { faultWords } from '../../src/office/audit/fault.ts'
import { adminIds } from '../admins.ts'
import { FEATURE, refuseNonAuditor, sightOfPerson } from './sight.ts'

/** So many entries, or events, are looked at in one transaction. */
const SLICE = 1_000
/** So much is done at once while somebody waits; the rest is the heartbeat's. */
const AT_ONCE = 5
/** The nightly verification: in the small hours, and from the first entry on Sundays. */
const NIGHT_MS = 2 * 3_600_000
const AUDIT_MS = AUDIT_DAYS * 86_400_000
const SUNDAY = 0

const PREFIX = 'check/'
const matterOf = ({ id }: Pick<Check, 'id'>): string => `${PREFIX}${id}`

/** `/审计 校验`: from the first entry on that there is. */
export async function verify(turn: Turn): Promise<Answer> {
  refuseNonAuditor(turn, '校验审计链')
  let check = await beginCheck(turn.db, { by: turn.who.id, at: turn.now, from: 0, hash: NO_HASH, event: 0 })
  turn.record({ feature: FEATURE, act: 'verify', matter: matterOf(check) })
  for (let i = 0; i < AT_ONCE && isOpen(check); i++) check = await advance(turn, check)
  await keepCheck(turn.db, check)
  if (!isOpen(check)) note(turn, check)
  return { say: { matter: { feature: FEATURE, id: matterOf(check) } }, privately: true }
}

export const verifyPress: Action = async turn => ({
  ...(await verify(turn)),
  toast: { kind: 'success', words: '校验结果已发送到私聊' },
})

const isOpen = ({ state }: Check): boolean => state === 'chain' || state === 'strays'

/** The verification that is under way, slice by slice; once a night one by itself, of which only a fault is told. */
export async function due(beat: Beat): Promise<'more' | undefined> {
  if (await isNight(beat)) await beginNightly(beat)
  const open = await takeOpenCheck(beat.db)
  if (!open) return undefined
  const check = await advance(beat, open)
  await keepCheck(beat.db, check)
  if (isOpen(check)) return 'more'
  if (check.by !== '') beat.redraw(FEATURE, matterOf(check))
  else if (check.state === 'broken') await alarm(beat, check)
  if (check.by !== '' || check.state === 'broken') note(beat, check)
  return 'more'
}

const nightOf = (at: Date): string => dayIn(new Date(at.getTime() - NIGHT_MS))

async function isNight({ db, now }: Beat): Promise<boolean> {
  const last = await lastNightly(db)
  // also after one of a night that is still to come, by a clock that was ahead
  return last === undefined || nightOf(last) !== nightOf(now)
}

/** Of several processes one begins it: whoever holds the head. */
async function beginNightly(beat: Beat): Promise<void> {
  if (!(await takeHead(beat.db)) || !(await isNight(beat))) return
  const isSunday = new Date(`${nightOf(beat.now)}T00:00:00Z`).getUTCDay() === SUNDAY
  const last = isSunday ? undefined : await trustedWhole(beat)
  await beginCheck(beat.db, {
    by: '',
    at: beat.now,
    from: last?.seq ?? 0,
    hash: last?.hash ?? NO_HASH,
    event: last?.event ?? 0,
  })
}

/** What is signed of a result. */
const resultText = ({ fault, seq, hash, event }: Pick<Check, 'fault' | 'seq' | 'hash' | 'event'>): string =>
  `huiyin audit check\n${fault ?? 'whole'}\n${seq}\n${hash}\n${event}`

const bytesOf = (said: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(said)

/** The last verification that found everything whole, if it was ours. */
async function trustedWhole({ db, office }: Look): Promise<Check | undefined> {
  const last = await lastWhole(db)
  return last && (await isOurs({ office }, last)) ? last : undefined
}

const isOurs = async ({ office }: Pick<Look, 'office'>, check: Check): Promise<boolean> =>
  office.keys.verify(bytesOf(resultText(check)), check.signature ?? '')

function note(turn: Pick<Beat, 'record'>, check: Check): void {
  turn.record({
    feature: FEATURE,
    act: check.state,
    matter: matterOf(check),
    data: { from: check.from, seq: check.seq },
  })
}

/** 安全审计员 are told; where there is none, 系统管理员 are told so, and no more. */
async function alarm(beat: Beat, check: Check): Promise<void> {
  const auditors = await holdersOf(beat.db, 'SJ', dayIn(beat.now))
  const body = auditors.length
    ? { card: alertCard(await toldOf(beat, check), resealable(check)) }
    : { card: nobodyCard() }
  for (const person of auditors.length ? auditors : await adminIds(beat))
    beat.send({ to: { person }, body, urgent: true })
}

const resealable = (check: Check): number | undefined => (isResealable(check) ? check.id : undefined)

const isResealable = ({ state, fault }: Check): boolean => state === 'broken' && fault === 'signature'

type Verdict = Pick<Check, 'fault' | 'faultAt' | 'faultEvent'>

/** One slice further. */
async function advance(look: Look, check: Check): Promise<Check> {
  const next = check.state === 'chain' ? await alongChain(look, check) : await alongEvents(look, check)
  if (!next.fault && next.state !== 'whole') return next
  const signature = await look.office.keys.sign(bytesOf(resultText(next)))
  return { ...next, state: next.fault ? 'broken' : 'whole', endedAt: look.now, signature }
}

/** Up to the head as it was before the slice was read: what is sealed meanwhile is the next verification's. */
async function alongChain(look: Look, check: Check): Promise<Check> {
  const { head, last } = await headAndLast(look.db)
  const start = await startAfter(look, check.seq)
  const begun = start ? { ...check, from: start.seq, seq: start.seq, hash: start.hash, firstAt: null } : check
  const rows = (await entriesAfter(look.db, begun.seq, SLICE)).filter(({ seq }) => seq <= head.seq)
  const next = fitting(begun, rows)
  if (next.fault) return next
  if (start && !isOver(next.firstAt, look.now)) return { ...next, ...wrong('early', start.seq, null) }
  if (next.seq < head.seq) return rows.length ? next : { ...next, ...wrong('missing', next.seq + 1, null) }
  const fault = await headFault(look, next, head, last)
  return fault ? { ...next, ...fault } : { ...next, state: 'strays' }
}

/**
 * The start of a chain whose older part was removed (docs/retention.md), where it lies ahead: its first entry, without its record. It
 * needs no signature of its own, which would not outlive a change of the app's secret: the next hash is made of its hash and the
 * head's of all, so that no other fits. Nor is its record believed: that all before was over is told by the time of the first one that is verified.
 */
async function startAfter({ db }: Look, seq: number): Promise<Entry | undefined> {
  const first = await firstEntry(db)
  return first && first.seq > seq && first.text === null ? first : undefined
}

const isOver = (at: Date | null, now: Date): boolean => at !== null && now.getTime() - at.getTime() >= AUDIT_MS

const wrong = (fault: NonNullable<Check['fault']>, faultAt: number | null, faultEvent: number | null): Verdict => ({
  fault,
  faultAt,
  faultEvent,
})

/** As far as entries fit, and the first that does not. */
function fitting(check: Check, rows: readonly Standing[]): Check {
  const next = { ...check }
  for (const row of rows) {
    if (row.seq !== next.seq + 1) return { ...next, ...wrong('missing', next.seq + 1, null) }
    if (row.text === null) return { ...next, ...wrong('gone', row.seq, row.event) }
    if (entryHash(next.hash, row.seq, row.text) !== row.hash)
      return { ...next, ...wrong('changed', row.seq, row.event) }
    Object.assign(next, { seq: row.seq, hash: row.hash, lastAt: row.at ?? null })
    next.firstAt ??= row.at ?? null
  }
  return next
}

/** What is wrong at the end of the chain although every entry fits the one before. */
async function headFault(look: Look, { seq, hash }: Check, head: Head, last: number): Promise<Verdict | undefined> {
  const whole = await trustedWhole(look)
  if (whole && whole.seq > head.seq) return wrong('cut', whole.seq, null)
  if (last > head.seq) return wrong('beyond', head.seq + 1, null)
  if (seq !== head.seq || hash !== head.hash) return wrong('head', await firstUnsigned(look, head.seq), null)
  if (!(await isSigned(look, head))) return wrong('signature', await firstUnsigned(look, head.seq), null)
  return undefined
}

const isSigned = async ({ office }: Look, of: Pick<Head, 'seq' | 'hash' | 'signature'>): Promise<boolean> =>
  (of.seq === 0 && of.signature === '') || office.keys.verify(bytesOf(headText(of)), of.signature)

/** From which entry on signatures are not ours: what was written anew begins there at the earliest. */
async function firstUnsigned(look: Look, until: number): Promise<number> {
  let [good, bad] = [0, until]
  while (good < bad) {
    const middle = Math.floor((good + bad) / 2)
    const signed = await signedFrom(look.db, middle + 1)
    if (signed && signed.seq <= bad && (await isSigned(look, signed))) good = signed.seq
    else bad = middle
  }
  return good + 1
}

/** Events that came in past the program have no entry, and do not wait for one. */
async function alongEvents({ db }: Look, check: Check): Promise<Check> {
  const { stray, last } = await straysAfter(db, check.event, SLICE)
  const next = { ...check, event: last ?? check.event }
  if (stray !== undefined) return { ...next, ...wrong('stray', null, stray) }
  return last === undefined ? { ...next, state: 'whole' } : next
}

async function toldOf({ db, office }: Look, check: Check): Promise<Told> {
  const { state, by, at, endedAt, seq, from, firstAt, lastAt, hash, fault, faultAt, faultEvent } = check
  const first = await firstEntry(db)
  return {
    ...{ state, at, from, hash },
    isStart: first !== undefined && first.seq >= from,
    isNightly: by === '',
    endedAt: endedAt ?? undefined,
    entries: seq - from,
    firstAt: firstAt ?? undefined,
    lastAt: lastAt ?? undefined,
    fault: fault ? faultWords(fault, { entry: faultAt ?? undefined, event: faultEvent ?? undefined }) : '',
    key: await office.keys.publicKey(),
  }
}

export async function drawCheck(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const check = await getCheck(look.db, Number(matter.slice(PREFIX.length)))
  const sight = viewer.kind === 'person' ? await sightOfPerson(look, viewer.id) : undefined
  if (!check || sight !== 'all') return card('审计链校验', 'grey', text('未找到该校验,或您无权查看。'))
  return checkCard(await toldOf(look, check), resealable(check))
}

/**
 * The app's secret was changed, and with it our signature: 安全审计员 says so, and the head is signed anew. Only where a
 * verification found every entry fitting up to this very head, which nothing was put on since.
 */
export const accept: Action = async (turn, { value }) => {
  refuseNonAuditor(turn, '确认更换密钥')
  const check = await getCheck(turn.db, typeof value.id === 'number' && Number.isSafeInteger(value.id) ? value.id : 0)
  if (!check || !isResealable(check) || !(await isOurs(turn, check))) throw new Refusal('卡片已过期,请重新校验')
  const head = await takeHead(turn.db)
  if (!head) throw new Refusal('正在登记新的审计记录,请稍后再试')
  if (head.seq !== check.seq || head.hash !== check.hash) throw new Refusal('链尾已有变化,请重新校验')
  const signature = await turn.office.keys.sign(bytesOf(headText(head)))
  await keepHead(turn.db, { ...head, signature })
  turn.record({ feature: FEATURE, act: 'accept', matter: matterOf(check), data: { seq: head.seq, hash: head.hash } })
  return { toast: { kind: 'success', words: '已重新签名,请再次校验' } }
}
