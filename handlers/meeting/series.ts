import { getMeeting, holdMeeting, openMeeting } from '../../db/meeting.ts'
import { getRoom } from '../../db/meeting-room.ts'
import {
  comingOf,
  dueSeries,
  getSeries,
  holdSeries,
  NO_SERIES,
  nextSeriesAt,
  openSeries,
  saveSeries,
  seriesOf,
  seriesReckonedOtherwise,
} from '../../db/meeting-series.ts'
import { peopleById } from '../../db/people.ts'
import { rolesHeldBy } from '../../db/role.ts'
import type { Action, Answer, Beat, Heartbeat, Look, Said, Turn } from '../../src/bot/feature.ts'
import { calledBy } from '../../src/kit/aside.ts'
import { type Card, card, text } from '../../src/kit/card.ts'
import { step } from '../../src/kit/flow.ts'
import type { Viewer } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { shorten } from '../../src/kit/text.ts'
import { dayIn, formatDue } from '../../src/kit/time.ts'
import { mixedIn } from '../../src/office/meeting/cycle.ts'
import { type Actor, type Meeting, numberText, type Setting } from '../../src/office/meeting/meeting.ts'
import { moved, wishOf } from '../../src/office/meeting/moves.ts'
import { drafted } from '../../src/office/meeting/request.ts'
import { isOrganisedBy, maySee } from '../../src/office/meeting/roles.ts'
import {
  EXAMPLE_SERIES,
  nextOf,
  occurrenceOf,
  passed,
  readSeries,
  reckoned,
  type SaidSeries,
  type Series,
  type SeriesMove,
  seriesCommand,
  seriesFlow,
  whyKept,
} from '../../src/office/meeting/series.ts'
import { seriesCard, seriesListCard } from '../../src/office/meeting/series-cards.ts'
import { tellCalmly } from '../calm.ts'
import { customs } from '../customs.ts'
import { wholeId } from '../given.ts'
import { holdersFor } from '../holders.ts'
import type { Part } from '../part.ts'
import { keep } from './act.ts'
import { meetingSaid } from './numbered.ts'
import { planFor } from './rules.ts'
import { actorIn, actorOf, FEATURE, settingOf } from './setting.ts'

const MATTER = /^series\/(\d{1,15})$/
const matterOf = (id: number): string => `series/${id}`
const bodyOf = ({ id }: Pick<Series, 'id'>) => ({ matter: { feature: FEATURE, id: matterOf(id) } })
const usageOf = (number: string): string => `/会议 定期 ${number} 每周一9:00 遇节假日顺延`
const USAGE = usageOf('会〔2026〕31号')
const LISTED = 15
const AT_ONCE = 5

type Make = (turn: Turn, said: Said) => Promise<Answer>

/**
 * `/会议 每周一9:00-10:00 三楼会议室 办公例会 @… 遇节假日顺延`: the first one as a draft, made as any other, and the series with it.
 * Undefined where nothing repeats.
 */
export async function seriesMeant(turn: Turn, said: Said, make: Make): Promise<Answer | undefined> {
  const inForce = await customs(turn)
  const at = said.pieces.findIndex(piece => typeof piece === 'string' && readSeries(piece, turn.now, inForce))
  const piece = said.pieces[at]
  const found = typeof piece === 'string' ? readSeries(piece, turn.now, inForce) : undefined
  // a time in one piece and a cycle in another: which is meant is asked like anything else that is not clear
  const isParted =
    typeof piece === 'string' && !mixedIn(piece, turn.now, inForce) && mixedIn(said.text, turn.now, inForce)
  if (!found || isParted) return undefined
  const pieces = said.pieces.map((one, i) => (i === at ? found.line : one))
  const line = pieces.map(one => (typeof one === 'string' ? one : 'name' in one ? one.name : '')).join('')
  const answer = await make(turn, { ...said, pieces, text: line })
  const id = answer.say && 'matter' in answer.say ? Number(answer.say.matter.id) : Number.NaN
  if (Number.isSafeInteger(id)) {
    const series = await begin(turn, await getMeeting(turn.db, id), found)
    turn.send({ to: { person: turn.who.id }, body: bodyOf(series), urgent: true })
  } else {
    const command = seriesCommand('会议编号', found, turn.now, inForce)
    turn.send({
      to: { person: turn.who.id },
      body: { text: `请先填写首次会议;发出通知后,发送“${command}”设为定期会议(会议编号见通知)。` },
      urgent: true,
    })
  }
  return answer
}

async function begin(turn: Turn, { id }: Meeting, { said, aheadDays }: SaidSeries): Promise<Series> {
  const first = await holdMeeting(turn.db, id)
  if (first.series !== undefined) throw new Refusal('该会议已设为定期会议', '/会议 定期')
  const inForce = await customs(turn)
  const base = { said, saidAt: turn.now, aheadDays }
  const series = await openSeries(turn.db, {
    ...base,
    ...{ rev: 1, state: 'active', maker: first.maker, unit: first.unit, calendarId: inForce.calendarId },
    ...{ first: first.id, lastAt: first.startsAt, ...nextOf(base, first.startsAt, inForce) },
    ...{ movedBy: turn.who.id, movedAt: turn.now },
  })
  turn.record({ feature: FEATURE, act: 'series', matter: matterOf(series.id), data: { first: first.id, said } })
  return series
}

/** `/会议 定期`: those that I organise; `/会议 定期 会〔2026〕31号 每周一9:00`: a meeting that repeats from now on. */
async function command(turn: Turn, { text: said }: Said): Promise<Answer> {
  if (!said.trim()) return list(turn)
  const { meeting, setting, rest } = await meetingSaid(turn, said, USAGE, maySee)
  if (!isOrganisedBy(meeting, actorIn(turn), setting)) throw new Refusal('定期会议由会议承办人设置')
  const read = readSeries(rest, turn.now, await customs(turn))
  if (!read) throw new Refusal('未能识别会议周期', usageOf(meeting.number ? numberText(meeting.number) : '会议编号'))
  return { say: bodyOf(await begin(turn, meeting, read)), privately: true }
}

/** What all of them are like, in the hands of whoever has the series now (移交). */
async function firstOf({ db }: Pick<Look, 'db'>, series: Series): Promise<Meeting> {
  const first = await getMeeting(db, series.first)
  const follow = (person: string): string => (person === first.maker ? series.maker : person)
  const contact = follow(first.contact)
  return {
    ...first,
    maker: series.maker,
    convener: follow(first.convener),
    contact,
    // the number is whose it was
    phone: contact === first.contact ? first.phone : '',
  }
}

async function list(turn: Turn): Promise<Answer> {
  const actor = actorIn(turn)
  const some = await seriesOf(turn.db, actor.id, [...actor.departments], LISTED * 2)
  const firsts = await Promise.all(some.map(series => firstOf(turn, series)))
  const setting = await settingOf(turn, firsts)
  const views = some.flatMap((series, i) => {
    const first = firsts[i]
    return first && isOrganisedBy(first, actor, setting) ? [{ series, first }] : []
  })
  return { say: { card: seriesListCard(views.slice(0, LISTED), setting) }, privately: true }
}

async function draw(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const series = await getSeries(look.db, wholeId(MATTER.exec(matter)?.[1], NO_SERIES))
  const first = await firstOf(look, series)
  const setting = await settingOf(look, [first], [series.movedBy])
  const actor = viewer.kind === 'person' ? await actorOf(look, viewer.id) : undefined
  if (!actor || !maySee(first, actor, setting))
    return card('会议 · 定期会议', 'grey', text('未找到该定期会议,或您无权查看。'))
  const coming = await comingOf(look.db, series.id, look.now, LISTED)
  return seriesCard({ series, first, coming, mayMove: isOrganisedBy(first, actor, setting) }, setting)
}

const show: Action = async (turn, { value }) => {
  const { series } = await seen(turn, value.id)
  return { say: bodyOf(series), privately: true, toast: { kind: 'success', words: '已发送到私聊' } }
}

async function seen(
  turn: Turn,
  value: unknown,
): Promise<{ series: Series; first: Meeting; actor: Actor; setting: Setting }> {
  const series = await holdSeries(turn.db, wholeId(value, NO_SERIES))
  const first = await firstOf(turn, series)
  const actor = actorIn(turn)
  const setting = await settingOf(turn, [first])
  if (!maySee(first, actor, setting)) throw new Refusal(NO_SERIES)
  return { series, first, actor, setting }
}

const move =
  (name: SeriesMove): Action =>
  async (turn, { value }) => {
    const { series, first, actor, setting } = await seen(turn, value.id)
    const state = step(seriesFlow, series.state, name, isOrganisedBy(first, actor, setting) ? ['organiser'] : [])
    if (value.rev !== series.rev) throw new Refusal('卡片已过期,请以最新卡片为准')
    const inForce = await customs(turn)
    const next = name === 'resume' ? reckoned(series, turn.now, inForce) : {}
    await saveSeries(turn.db, series, {
      ...{ ...series, ...next, rev: series.rev + 1, state, movedBy: turn.who.id, movedAt: turn.now },
      calendarId: inForce.calendarId,
    })
    turn.record({ feature: FEATURE, act: `series.${name}`, matter: matterOf(series.id) })
    turn.redraw(FEATURE, matterOf(series.id))
    return { toast: { kind: 'success', words: `已${seriesFlow.moves[name].button}` } }
  }

/** Makes what is to be held so many days from now. */
async function due(beat: Heartbeat): Promise<'more' | undefined> {
  const read = (most: number) => dueSeries(beat.db, beat.now, most)
  const some = await beat.take('series', AT_ONCE, read, ({ id }) => calledBy(id, '定期会议'))
  for (const series of some) await makeNext(beat, series)
  return some.length === AT_ONCE ? 'more' : undefined
}

async function makeNext(beat: Beat, series: Series): Promise<void> {
  const inForce = await customs(beat)
  const first = await firstOf(beat, series)
  const startsAt = series.nextAt
  if (first.state === 'draft' || first.state === 'submitted' || first.state === 'cancelled')
    return first.state === 'cancelled' || first.startsAt <= beat.now
      ? stop(beat, series, `“${shorten(first.title, 30)}”的首次会议未召开,定期会议未生效`)
      : putOff(beat, series)
  if (startsAt && startsAt > beat.now) await call(beat, series, first, startsAt)
  await saveSeries(beat.db, series, {
    ...{ ...series, rev: series.rev + 1, ...passed(series, beat.now, inForce) },
    calendarId: inForce.calendarId,
  })
  beat.redraw(FEATURE, matterOf(series.id))
}

const HOUR_MS = 3_600_000

/** Its first one has not gone out yet. */
const putOff = (beat: Beat, series: Series): Promise<void> =>
  saveSeries(beat.db, series, { ...series, dueAt: new Date(beat.now.getTime() + HOUR_MS) })

async function stop(beat: Beat, series: Series, why: string): Promise<void> {
  await saveSeries(beat.db, series, { ...series, rev: series.rev + 1, state: 'terminated', dueAt: undefined })
  beat.redraw(FEATURE, matterOf(series.id))
  await tellCalmly(beat, '定期会议', new Map([[series.maker, [why]]]))
}

/** One more of a series: published as the first one was, or else a draft of which its maker is told why. */
async function call(beat: Beat, series: Series, first: Meeting, startsAt: Date): Promise<void> {
  const inForce = await customs(beat)
  const { wish: there, gone } = await withoutLeavers(beat, first)
  const asked = occurrenceOf(there, startsAt, beat.now, inForce)
  const plan = await planFor(beat, asked, { maker: first.maker, unit: first.unit })
  const room = asked.room === undefined ? undefined : await getRoom(beat.db, asked.room)
  const isTaken = room?.state === 'closed' || plan.clashes.some(({ by }) => by === 'room')
  const wish = isTaken ? { ...asked, room: undefined } : asked
  const by = { id: first.maker, unit: first.unit, chat: first.chat, previous: first.id, series: series.id }
  const draft = await openMeeting(beat.db, { ...drafted(wish, by, beat.now), findings: plan.findings })
  beat.record({ feature: FEATURE, act: 'draft', matter: String(draft.id), data: { to: 'draft', series: series.id } })
  const setting = await settingOf(beat, [draft])
  const actor = await actorOf(beat, first.maker)
  const turn = await turnOf(beat, first.maker)
  const what = `定期会议“${shorten(first.title, 30)}”(${formatDue(startsAt, beat.now, inForce.calendar)})未自动发出`
  // of what whoever has left cannot hear the office hears, until it is handed over
  if (!turn)
    return tellCalmly(
      beat,
      '定期会议',
      sameFor(await holdersFor(beat, first, ['BZ']), `${what}:承办人已离任。请办理移交`),
    )
  const why = whyKept(series, first, {
    ...{ plan, gone, takenRoom: isTaken ? (room?.name ?? '') : undefined },
    isOrganised: isOrganisedBy(draft, actor, setting),
  })
  if (why !== undefined)
    return tellCalmly(beat, '定期会议', sameFor([first.maker], `${what}:${why}。请在 /待办 中修改后发布或送审`))
  const press = { move: 'publish' as const, by: actor, seenRev: undefined, word: '', plan: { ...plan, steps: [] } }
  await keep(turn, draft, moved(draft, press, setting))
  // nobody has pressed anything: without it who organises it had no card that counts the replies
  beat.send({ to: { person: first.maker }, body: { matter: { feature: FEATURE, id: String(draft.id) } } })
}

/** Whoever convenes, presides or is to be asked, as far as they are there: a notice names nobody who has left. `gone`: for whom somebody else is to be found. */
async function withoutLeavers(
  { db }: Beat,
  first: Meeting,
): Promise<{ wish: ReturnType<typeof wishOf>; gone: string[] }> {
  const wish = wishOf(first)
  const people = await peopleById(
    db,
    [...new Set([wish.convener, wish.presider, wish.contact])].filter(id => id !== ''),
  )
  const left = people.filter(({ active }) => !active)
  const isGone = (id: string): boolean => left.some(one => one.id === id)
  return {
    wish: {
      ...wish,
      ...(isGone(wish.convener) ? { convener: '' } : {}),
      ...(isGone(wish.presider) ? { presider: '' } : {}),
      ...(isGone(wish.contact) ? { contact: first.maker, phone: '' } : {}),
    },
    gone: left.filter(({ id }) => id === wish.convener || id === wish.presider).map(({ name }) => name || '该人员'),
  }
}

const sameFor = (persons: readonly string[], line: string): Map<string, string[]> =>
  new Map(persons.map(person => [person, [line]]))

/** The maker's own hand, so that room and calendar are taken in their name; undefined = is gone. */
async function turnOf(beat: Beat, maker: string): Promise<Turn | undefined> {
  const [who] = await peopleById(beat.db, [maker])
  if (!who?.active) return undefined
  const roles = await rolesHeldBy(beat.db, maker, dayIn(beat.now))
  return { ...beat, who, roles, standsFor: [], chat: { id: '', kind: 'private' } }
}

const BATCH = 50

const uncalibrated = async (look: Look): Promise<boolean> =>
  (await seriesReckonedOtherwise(look.db, (await customs(look)).calendarId, 1)).length > 0

/** By other days than before: the next one moves, and its maker hears so. */
async function recalibrate(beat: Beat): Promise<'more' | undefined> {
  const inForce = await customs(beat)
  const some = await seriesReckonedOtherwise(beat.db, inForce.calendarId, BATCH)
  const lines = new Map<string, string[]>()
  for (const series of some) {
    const next = reckoned(series, beat.now, inForce)
    await saveSeries(beat.db, series, { ...series, ...next, rev: series.rev + 1, calendarId: inForce.calendarId })
    beat.redraw(FEATURE, matterOf(series.id))
    if (series.state !== 'active' || next.nextAt?.getTime() === series.nextAt?.getTime()) continue
    const { title } = await getMeeting(beat.db, series.first)
    const inWords = (at: Date | undefined) => (at ? formatDue(at, beat.now, inForce.calendar) : '无')
    const line = `定期会议“${shorten(title, 30)}”的下一次由${inWords(series.nextAt)}调整为${inWords(next.nextAt)}`
    lines.set(series.maker, [...(lines.get(series.maker) ?? []), line])
    beat.record({
      feature: FEATURE,
      act: 'series.recalibrate',
      matter: matterOf(series.id),
      data: { from: series.nextAt?.toISOString() ?? null, to: next.nextAt?.toISOString() ?? null },
    })
  }
  await tellCalmly(beat, '定期会议校准', lines)
  return some.length === BATCH ? 'more' : undefined
}

/** Meetings that repeat on the working calendar. */
export const seriesPart: Part = {
  owns: matter => MATTER.test(matter),
  commands: {
    定期: { usage: USAGE, about: `查看定期会议,或把一次会议设为定期;也可直接写 ${EXAMPLE_SERIES}`, run: command },
  },
  actions: {
    showSeries: show,
    pauseSeries: move('pause'),
    resumeSeries: move('resume'),
    terminateSeries: move('terminate'),
  },
  draw,
  heard: () => {
    throw new Refusal('定期会议请用卡片上的按钮处理', '/会议 定期')
  },
  due: [due],
  nextDue: ({ db }) => nextSeriesAt(db),
  uncalibrated,
  recalibrate,
}
