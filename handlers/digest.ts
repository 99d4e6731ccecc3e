import { type HeldLine, heldFor, markTold, mutedAmong, readersOfHeldLines } from '../db/calm.ts'
import {
  type Broadcast,
  broadcastOf,
  claimDigests,
  composedAt,
  dropBroadcast,
  forgetDigests,
  keepBroadcast,
  nextBroadcast,
  takeBroadcasts,
} from '../db/digest.ts'
import { chatById, isMember, peopleById } from '../db/people.ts'
import { keepSetting, setting } from '../db/settings.ts'
import type {
  Answer,
  Beat,
  Feature,
  Group,
  Heartbeat,
  Look,
  Press,
  Reader,
  Said,
  Section,
  Turn,
} from '../src/bot/feature.ts'
import type { Card } from '../src/kit/card.ts'
import { type Customs, firesAfter, isOpen, openingAfter, openingOf, readTime, rhythmOf } from '../src/kit/customs.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { shorten } from '../src/kit/text.ts'
import { dayIn, formatDue, type Parsed } from '../src/kit/time.ts'
import { broadcastCard, broadcastForm, closedCard, digestCard, isEmpty, MOST_HELD } from '../src/office/digest/cards.ts'
import { MORNINGS_DONE } from './calm.ts'
import { customs } from './customs.ts'

const EXAMPLE = '/播报 每个工作日 8:30'
const USUAL = '每个工作日 8:30'
const BATCH = 50
const EARLY_MS = 900
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** `/播报` in a group, and everybody's own morning card: composed of what each subject has to say. */
export function digestOf(subjects: readonly Feature[]): Feature {
  return {
    name: 'digest',
    title: '播报',
    words: ['播报', 'digest', 'bb'],
    about: '每天定时向本群播报当日事项;私聊中查看我的工作早报',
    commands: {
      '': { usage: EXAMPLE, about: '在群里设置播报时间', run: (turn, said) => order(turn, said) },
      关闭: { usage: '/播报 关闭', about: '不再播报', run: async turn => ({ say: { card: await close(turn) } }) },
    },
    actions: {
      order: async (turn, press) => ({
        toast: { kind: 'success', words: '已设置' },
        fresh: { card: await ordered(turn, whenIn(press)) },
      }),
      close: async turn => ({ toast: { kind: 'success', words: '已关闭' }, fresh: { card: await close(turn) } }),
    },
    draw: (look, matter) => drawn(subjects, look, matter),
    due: [beat => broadcasts(subjects, beat), beat => mornings(subjects, beat)],
    nextDue: look => nextDue(subjects, look),
  }
}

const whenIn = ({ form }: Press): string => (typeof form.when === 'string' ? form.when : '')

async function order(turn: Turn, { text }: Said): Promise<Answer> {
  if (turn.chat.kind === 'private') {
    if (text.trim()) throw new Refusal('播报请在群里设置;工作早报由系统管理员在 /设置 中统一开关', `@回音 ${EXAMPLE}`)
    return { say: { matter: { feature: 'digest', id: matterOf({ person: turn.who.id }, dayIn(turn.now)) } } }
  }
  const series = await seriesOf(turn, text)
  if (series) return { say: { card: broadcastForm('请核对播报的周期。', series) } }
  if (text.trim()) return { say: { card: await ordered(turn, text) } }
  const kept = await broadcastOf(turn.db, turn.chat.id)
  const says = kept ? `本群已设置播报:${shorten(kept.said, 40)}。` : '请写明什么时候播报。'
  return { say: { card: broadcastForm(says, kept?.said ?? USUAL) } }
}

/** Where a mere time of day is named: that of every workday. */
async function seriesOf(turn: Turn, said: string): Promise<string | undefined> {
  const inForce = await customs(turn)
  const series = `每个工作日 ${said.trim()}`
  const [once, often] = [readTime(said, turn.now, inForce), readTime(series, turn.now, inForce)]
  return once.kind === 'instant' && often.kind === 'recurrence' && !often.rest ? series : undefined
}

/** Whoever sits in the group may order its digest; everybody there sees by whom. */
async function ordered(turn: Turn, said: string): Promise<Card> {
  await refuseOutsider(turn)
  const inForce = await customs(turn)
  const read = readTime(said, turn.now, inForce)
  if (read.kind !== 'recurrence') throw new Refusal(UNREADABLE[read.kind] ?? UNREADABLE.none, EXAMPLE)
  const { first, leastMs } = rhythmOf(said, turn.now, inForce)
  if (!first) throw new Refusal('请写明播报的周期和时间', EXAMPLE)
  if (leastMs < HOUR_MS) throw new Refusal('播报间隔最短1小时', EXAMPLE)
  if (said.length > 200) throw new Refusal('播报时间请简要写明', EXAMPLE)
  const { calendarId, calendar } = inForce
  await keepBroadcast(turn.db, {
    chat: turn.chat.id,
    by: turn.who.id,
    said: said.trim(),
    saidAt: turn.now,
    calendarId,
    nextAt: first,
  })
  turn.record({ feature: 'digest', act: 'order', matter: turn.chat.id, data: { nextAt: first.toISOString() } })
  return broadcastCard(first, turn.who.name, turn.now, calendar)
}

const UNREADABLE: { none: string } & Partial<Record<Parsed['kind'], string>> = {
  none: '请写明播报的周期和时间',
  invalid: '所写的播报时间不存在,或不止一个',
  past: '所写的播报时间已经过去',
}

async function close(turn: Turn): Promise<Card> {
  if (turn.chat.kind === 'private') throw new Refusal('请在设置了播报的群里关闭', '@回音 /播报 关闭')
  await refuseOutsider(turn)
  if (!(await dropBroadcast(turn.db, turn.chat.id))) throw new Refusal('本群没有设置播报', EXAMPLE)
  turn.record({ feature: 'digest', act: 'close', matter: turn.chat.id })
  return closedCard(turn.who.name)
}

async function refuseOutsider(turn: Turn): Promise<void> {
  if (turn.chat.kind !== 'group' || !(await isMember(turn.db, turn.chat.id, turn.who.id)))
    throw new Refusal('此操作仅限群成员在群里使用')
}

/** `p ou_… 2026-11-24`, `g oc_… 2026-11-24`: whose digest, of which day; `w ou_… 2026-11-24`: only what was withheld from whom. */
const matterOf = (reader: Reader, day: string): string =>
  'person' in reader ? `p ${reader.person} ${day}` : `g ${reader.group} ${day}`
const withheldMatter = (reader: string, day: string): string => `w ${reader} ${day}`

const TITLES: Record<string, string> = { p: '工作早报', g: '今日播报', w: '暂缓发送的提醒' }

async function drawn(subjects: readonly Feature[], look: Look, matter: string): Promise<Card> {
  const [kind = '', id = '', day = ''] = matter.split(' ')
  const reader = kind === 'g' ? await groupOf(look, id) : { person: id }
  const parts = kind === 'w' ? await withheld(subjects, look, id, day) : await sections(subjects, look, reader, day)
  return digestCard(TITLES[kind] ?? '', day, parts, look.now)
}

async function groupOf({ db }: Look, group: string): Promise<Group> {
  const by = (await broadcastOf(db, group))?.by ?? ''
  const [[person], sits] = await Promise.all([peopleById(db, [by]), isMember(db, group, by)])
  return { group, by: person?.active && sits ? by : undefined }
}

/** Each subject's part, and for a person what was not said during the night. */
async function sections(subjects: readonly Feature[], look: Look, reader: Reader, day: string): Promise<Section[]> {
  const parts = (await Promise.all(subjects.map(subject => subject.digest?.(look, reader) ?? []))).flat()
  return 'group' in reader ? parts : [...parts, await held(look, reader.person, day)]
}

async function withheld(subjects: readonly Feature[], look: Look, person: string, day: string): Promise<Section[]> {
  const parts = await Promise.all(subjects.map(subject => subject.withheld?.sections(look, person) ?? []))
  return [...parts.flat(), await held(look, person, day)]
}

async function held(look: Look, person: string, day: string): Promise<Section> {
  const { calendar } = await customs(look)
  const { lines, count } = await heldFor(look.db, person, day, MOST_HELD)
  const hidden = await subjectsHidden(look, person, lines)
  const rows = lines.map(({ at, line, of }) => {
    const subject = hidden.get(keyOf(of))
    const words = subject ? `${subject}:该事项已不由您办理,或您无权查看` : line
    return { line: [`${formatDue(at, look.now, calendar)} ${words}`], buttons: [] }
  })
  return { title: '下班后的通知', count, rows, rest: '下个工作日继续列出' }
}

const keyOf = (of: HeldLine['of']): string => (of ? `${of.feature} ${of.id}` : '')

/** The matters of some lines that their reader may not see any more, with what subject they are of. */
async function subjectsHidden(look: Look, person: string, lines: readonly HeldLine[]): Promise<Map<string, string>> {
  const hidden = new Map<string, string>()
  for (const [key, of] of new Map(lines.map(({ of }) => [keyOf(of), of]))) {
    const subject = look.office.features.find(({ name }) => name === of?.feature)
    const shown = of && (await subject?.draw?.(look, of.id, { kind: 'person', id: person }))
    if (subject && shown?.hidden) hidden.set(key, subject.title)
  }
  return hidden
}

/** Groups whose time has come. */
async function broadcasts(subjects: readonly Feature[], beat: Heartbeat): Promise<'more' | undefined> {
  const inForce = await customs(beat)
  const until = new Date(beat.now.getTime() + EARLY_MS)
  const read = async (most: number) =>
    (await takeBroadcasts(beat.db, until, inForce.calendarId, most)).map(one => ({ ...one, id: one.chat }))
  const some = await beat.take('broadcast', BATCH, read, ({ chat }) => ({ words: '播报', of: chat }))
  for (const { id, ...one } of some) await broadcast(subjects, beat, one, inForce)
  return some.length === BATCH ? 'more' : undefined
}

/** One digest for each instant, and none for a day that is over. */
async function broadcast(subjects: readonly Feature[], beat: Beat, one: Broadcast, inForce: Customs): Promise<void> {
  const { chat, nextAt } = one
  const until = new Date(beat.now.getTime() + EARLY_MS)
  const isDue = nextAt !== undefined && nextAt <= until
  const [next] = firesAfter(one.said, one.saidAt, isDue ? until : beat.now, 1, inForce)
  await keepBroadcast(beat.db, { ...one, calendarId: inForce.calendarId, nextAt: next })
  if (!isDue || dayIn(nextAt) !== dayIn(until)) return
  if (!(await claimDigests(beat.db, [chat], nextAt)).length) return
  const reader = await groupOf(beat, chat)
  const parts = await sections(subjects, beat, reader, dayIn(nextAt))
  if (isEmpty(parts) && !(await sendsEmpty(beat))) return
  beat.send({ to: { chat }, body: { matter: { feature: 'digest', id: matterOf(reader, dayIn(nextAt)) } } })
}

const sendsEmpty = async ({ db }: Look): Promise<boolean> => (await setting<boolean>(db, 'digest.empty')) ?? false
const sendsMornings = async ({ db }: Look): Promise<boolean> => (await setting<boolean>(db, 'digest.morning')) ?? true

/** The day of which a house that begins now has had the morning: today's, unless that is still ahead. */
const lastMorning = (now: Date, inForce: Customs): string =>
  dayIn(now < openingOf(dayIn(now), inForce) ? new Date(now.getTime() - DAY_MS) : now)

/** In office hours of a workday whose cards have not been composed. */
async function isMorning(look: Look, inForce: Customs): Promise<boolean> {
  const done = await setting<string>(look.db, MORNINGS_DONE)
  return done !== undefined && done < dayIn(early(look)) && isOpen(early(look), inForce)
}

const early = ({ now }: Look): Date => new Date(now.getTime() + EARLY_MS)

/** Everybody's own card, where the house sends them, else what was withheld; once a workday; some at a time. */
async function mornings(subjects: readonly Feature[], beat: Heartbeat): Promise<'more' | undefined> {
  const inForce = await customs(beat)
  const today = dayIn(beat.now)
  if ((await setting<string>(beat.db, MORNINGS_DONE)) === undefined)
    await keepSetting(beat.db, MORNINGS_DONE, lastMorning(early(beat), inForce), beat.now)
  if (!isOpen(early(beat), inForce)) return undefined
  const isAhead = await isMorning(beat, inForce)
  const dueAt = openingOf(today, inForce)
  const read = async (most: number, again: readonly string[]) => {
    if (!isAhead && !again.length) return []
    const composed = await composedAt(beat.db, dueAt)
    const waiting = (await readers(subjects, beat)).filter(id => !composed.has(id) && (isAhead || again.includes(id)))
    return waiting.slice(0, most).map(id => ({ id }))
  }
  const some = await beat.take('morning', BATCH, read, ({ id }) => ({ words: '工作早报', of: id }))
  if (some.length) {
    const ids = some.map(({ id }) => id)
    await greet(subjects, beat, await claimDigests(beat.db, ids, dueAt), today)
    return 'more'
  }
  if (!isAhead) return undefined
  // also where somebody's card is set aside: that comes later, but what is due now no longer waits for it
  await keepSetting(beat.db, MORNINGS_DONE, today, beat.now)
  await forgetDigests(beat.db, new Date(beat.now.getTime() - 7 * DAY_MS))
  return undefined
}

/** Who gets a card at opening: everybody with something to read or, without morning cards, from whom something was withheld. */
async function readers(subjects: readonly Feature[], look: Look): Promise<string[]> {
  const mornings = await sendsMornings(look)
  const some = await Promise.all(
    subjects.map(subject => (mornings ? subject.awaited?.(look) : subject.withheld?.people(look)) ?? []),
  )
  return [...new Set([...some.flat(), ...(await readersOfHeldLines(look.db))])].sort()
}

async function greet(subjects: readonly Feature[], beat: Beat, persons: string[], today: string): Promise<void> {
  const [people, muted, empty, mornings] = await Promise.all([
    peopleById(beat.db, persons),
    mutedAmong(beat.db, persons, beat.now),
    sendsEmpty(beat),
    sendsMornings(beat),
  ])
  const awake = people.filter(person => person.active && !muted.has(person.id)).map(person => person.id)
  for (const person of awake) {
    const parts = mornings
      ? await sections(subjects, beat, { person }, today)
      : await withheld(subjects, beat, person, today)
    if (isEmpty(parts) && !(mornings && empty)) continue
    const id = mornings ? matterOf({ person }, today) : withheldMatter(person, today)
    beat.send({ to: { person }, body: { matter: { feature: 'digest', id } } })
  }
  const groups = await greetGroups(
    beat,
    persons.filter(id => !people.some(person => person.id === id)),
    today,
  )
  await markTold(beat.db, [...awake, ...groups], today, MOST_HELD)
  for (const subject of subjects) await subject.withheld?.told(beat, awake)
}

/** A group hears what was held for it; those that we have left hear nothing, and it is let go. */
async function greetGroups(beat: Beat, ids: string[], today: string): Promise<string[]> {
  for (const chat of ids) {
    if (!(await chatById(beat.db, chat))?.present) continue
    beat.send({ to: { chat }, body: { matter: { feature: 'digest', id: withheldMatter(chat, today) } } })
  }
  return ids
}

/** No morning is worth stopping at that has nothing to say to anybody. */
async function nextDue(subjects: readonly Feature[], look: Look): Promise<Date | undefined> {
  // that a house begins today is noted today
  if ((await setting<string>(look.db, MORNINGS_DONE)) === undefined) return look.now
  const inForce = await customs(look)
  const opening = (await isMorning(look, inForce)) ? look.now : openingAfter(look.now, inForce)
  const awaited = (await readers(subjects, { ...look, now: opening })).length > 0
  const group = await nextBroadcast(look.db)
  return [...(awaited ? [opening] : []), ...(group ? [group] : [])].sort((a, b) => a.getTime() - b.getTime())[0]
}
