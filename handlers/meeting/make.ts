import { departmentsById, departmentsLed } from '../../db/department.ts'
import { getMeeting, openMeeting } from '../../db/meeting.ts'
import { getRoom } from '../../db/meeting-room.ts'
import { peopleById } from '../../db/people.ts'
import type { Action, Answer, Said, Turn } from '../../src/bot/feature.ts'
import { nameOf } from '../../src/kit/acted.ts'
import { card, text } from '../../src/kit/card.ts'
import type { Customs } from '../../src/kit/customs.ts'
import { isApart } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import {
  type MeetingWords,
  meetingForm,
  momentOf,
  type Prefill,
  prefillOf,
  readMeetingForm,
} from '../../src/office/meeting/form.ts'
import type { Guests, Meeting, MeetingWish } from '../../src/office/meeting/meeting.ts'
import { moved, refuse, wishOf } from '../../src/office/meeting/moves.ts'
import { headOf } from '../../src/office/meeting/notice.ts'
import { checkWish, drafted, usualReplyBy } from '../../src/office/meeting/request.ts'
import { mayCall } from '../../src/office/meeting/roles.ts'
import { refuseSecret } from '../../src/office/meeting/rules.ts'
import { comesAbout } from '../../src/office/meeting/schedule.ts'
import { may } from '../../src/office/role/role.ts'
import { customs } from '../customs.ts'
import { holdersFor } from '../holders.ts'
import { onceFrom } from '../once.ts'
import { opened, openedApart } from '../opened.ts'
import { tellOf } from '../tell.ts'
import { hold, keep, readPress, toastOf } from './act.ts'
import { askCalendars } from './calendars.ts'
import { follow } from './follow.ts'
import { headcountOf, refuseTooMany } from './invite.ts'
import { guessed, phoneOf, understand, usualHost } from './line.ts'
import { unitsMeant, whom } from './meant.ts'
import { offerFor, overflowing } from './offer.ts'
import { planFor } from './rules.ts'
import { actorIn, FEATURE, idOf, refuseStrangers, settingOf } from './setting.ts'

/** `/会议 11月27日14:30-16:00 三楼会议室 安全生产例会 @王强`: a draft when it is clear, else a form with what was understood. */
export async function make(turn: Turn, said: Said): Promise<Answer> {
  await refuseOthers(turn)
  refuseSecret(said.text)
  const { wish, prefill: understood, doubt, candidates } = await understand(turn, said)
  if (!wish) {
    const prefill = await overflowing(turn, understood)
    const offer = await offerFor(turn, prefill, candidates)
    answerInGroup(turn, said)
    return { say: { card: meetingForm(prefill, offer, { says: doubt }) }, privately: true }
  }
  const filed = await putOnFile(turn, wish, undefined)
  answerInGroup(turn, said)
  return shown(filed)
}

/** Whoever asked before a group is told there as well, or nothing would seem to have happened. */
function answerInGroup(turn: Turn, { message }: Said): void {
  const { id, kind } = turn.chat
  if (kind === 'group')
    turn.send({ to: { chat: id }, body: { text: '会议草稿已发送到您的私聊' }, replyTo: message, urgent: true })
}

/** A draft that whoever asked for it goes on with, or one that was handed to the office. */
function shown({ meeting, officer }: Filed): Answer {
  if (officer) return { say: { text: handedWords(meeting, officer) }, privately: true }
  return { say: { matter: { feature: FEATURE, id: String(meeting.id) } }, privately: true }
}

const handedWords = ({ title }: Meeting, officer: string): string =>
  `已将“${title}”交${officer}拟办,由其核对后发出会议通知。`

interface Filed {
  meeting: Meeting
  /** Who goes on with it in the place of a leader; undefined = whoever asked. */
  officer: string | undefined
}

/** Whether somebody calls meetings, or is a leader whose office does so for them (domain.md 1.3). */
async function standingOf(turn: Turn): Promise<'maker' | 'leader' | undefined> {
  const actor = actorIn(turn)
  const led = await departmentsLed(turn.db, turn.who.id)
  const isHead = led.some(unit => turn.who.departments.includes(unit))
  const selves = [actor, ...(isApart(actor) ? [] : actor.standsFor)]
  if (selves.some(self => mayCall(self, self === actor && isHead, may))) return 'maker'
  const codesOf = ({ held }: (typeof selves)[number]) => held.map(({ code }) => code)
  return selves.some(self => may(codesOf(self), 'V', 'meeting.call')) ? 'leader' : undefined
}

async function refuseOthers(turn: Turn): Promise<void> {
  if (!(await standingOf(turn))) throw new Refusal('您的角色不办理会议通知,请联系会务员或所在科室负责人')
}

/** A draft, with what the rules say of it. @throws Refusal naming what is missing or too much. */
async function putOnFile(turn: Turn, asked: MeetingWish, previous: number | undefined): Promise<Filed> {
  const wish = checkWish(asked, turn.now)
  const isLeader = (await standingOf(turn)) === 'leader'
  const [officer] = isLeader ? await officersFor(turn) : [turn.who]
  if (!officer) throw new Refusal('尚未设置会务员和办公室主任,请联系系统管理员,例如:/角色 @陈晨 会务员')
  const by = { id: officer.id, unit: officer.departments[0] ?? '', chat: turn.chat.id, previous }
  const own = isLeader ? { ...wish, contact: officer.id, phone: await phoneOf(turn, officer.id) } : wish
  const draft = drafted(own, by, turn.now)
  const { findings, steps } = await planFor(turn, own, { maker: by.id, unit: by.unit })
  const meeting = await openMeeting(turn.db, { ...draft, findings, steps })
  await refuseTooMany(turn, meeting)
  await askCalendars(turn, meeting)
  turn.record({
    feature: FEATURE,
    act: 'draft',
    matter: String(meeting.id),
    data: { to: 'draft', previous: previous ?? null, ...(isLeader ? { maker: by.id } : {}) },
  })
  await follow(turn, undefined, meeting)
  if (!isLeader) return { meeting, officer: undefined }
  const body = { matter: { feature: FEATURE, id: String(meeting.id) } }
  const line = `会议 ${headOf(meeting, await settingOf(turn, [meeting]))}:${turn.who.name}交您拟办`
  await tellOf(turn, [officer.id], { body, line }, comesAbout(meeting))
  return { meeting, officer: officer.name }
}

/** Who calls meetings for the house: 会务员, or else 办公室主任. */
async function officersFor(turn: Turn) {
  const unit = { unit: turn.who.departments[0] ?? '' }
  const ids = [...(await holdersFor(turn, unit, ['HW'])), ...(await holdersFor(turn, unit, ['BZ']))]
  const people = new Map((await peopleById(turn.db, ids)).map(person => [person.id, person]))
  return ids.flatMap(id => (id === turn.who.id ? [] : (people.get(id) ?? [])))
}

/** The submitted form of a new meeting. */
export const create: Action = async (turn, press) => {
  await refuseOthers(turn)
  await onceFrom(turn, press)
  const { form, value } = press
  const previous = value.previous === undefined ? undefined : (await seen(turn, value.previous)).id
  const { meeting, officer } = await putOnFile(turn, await readWish(turn, form, undefined), previous)
  if (officer) {
    const words = handedWords(meeting, officer)
    return { toast: { kind: 'success', words }, fresh: { card: card('会议 · 已交办', 'grey', text(words)) } }
  }
  return {
    toast: { kind: 'success', words: '已保存,请核对后发出' },
    fresh: { matter: { feature: FEATURE, id: String(meeting.id) } },
  }
}

/** A form as what is wanted; what it does not say is as usual, or as `before` had it. */
async function readWish(turn: Turn, form: Record<string, unknown>, before: Meeting | undefined): Promise<MeetingWish> {
  const { names, units, listeners, people, departments, room, answers, ...words } = readMeetingForm(form)
  const { startsAt, endsAt } = words
  if (!startsAt || !endsAt) throw new Refusal('请选择会议开始和结束时间')
  const none = new Map()
  const [typed, asked, listening, chosen, kept] = await Promise.all([
    whom(turn, wordsOf(names), none),
    unitsMeant(turn, units),
    whom(turn, wordsOf(listeners), none),
    departmentsById(turn.db, [...departments]),
    room === undefined ? undefined : getRoom(turn.db, room),
  ])
  const left = [...typed.left, ...listening.left]
  const doubt =
    typed.doubt ?? listening.doubt ?? asked.doubt ?? (left.length ? `未找到“${left.join('、')}”` : undefined)
  if (doubt) throw new Refusal(doubt)
  const guests: Guests = {
    people: [...new Set([...(await thereAmong(turn, people)), ...typed.guests.people])],
    departments: [...new Set([...inOrder(departments, chosen), ...typed.guests.departments])],
    chats: typed.guests.chats,
    units: asked.units,
    listeners: listening.guests.people,
  }
  const host = before ? '' : await usualHost(turn)
  const wish = {
    ...words,
    ...{ startsAt, endsAt, room: kept?.id, place: kept?.name ?? words.place, guests },
    presider: words.presider || words.convener || (before?.presider ?? host),
    convener: words.convener || words.presider || (before?.convener ?? host),
    contact: words.contact || before?.contact || turn.who.id,
    replyBy:
      answers === 'none'
        ? undefined
        : replyByOf({ ...words, startsAt, answers }, before, turn.now, await customs(turn)),
  }
  await refuseUnknown(turn, wish, before)
  return guessed(turn, wish, before?.unit)
}

/** Until when an answer is asked for: what does not fit any more since the time has moved is as usual; nobody who was not asked is. */
function replyByOf(
  { replyBy, startsAt, answers }: Pick<MeetingWords, 'replyBy' | 'answers'> & Pick<MeetingWish, 'startsAt'>,
  before: MeetingWish | undefined,
  now: Date,
  inForce: Customs,
): Date | undefined {
  if (!before) return replyBy ?? usualReplyBy(startsAt, now, inForce)
  if (!replyBy && !before.replyBy) return answers === 'asked' ? usualReplyBy(startsAt, now, inForce) : undefined
  // a form knows no seconds
  if (replyBy && momentOf(replyBy) !== momentOf(before.replyBy)) return replyBy
  const isMoved = startsAt.getTime() !== before.startsAt.getTime()
  const fits = before.replyBy && before.replyBy > now && before.replyBy <= startsAt
  return replyBy && (fits || !isMoved) ? before.replyBy : usualReplyBy(startsAt, now, inForce)
}

/** @throws Refusal where whoever is newly to convene, preside or be asked is nobody that is there. */
async function refuseUnknown(
  { db }: Turn,
  { presider, convener, contact }: Pick<MeetingWish, 'presider' | 'convener' | 'contact'>,
  before: MeetingWish | undefined,
): Promise<void> {
  const known = ['', before?.presider, before?.convener, before?.contact]
  const chosen = [...new Set([presider, convener, contact])].filter(id => !known.includes(id))
  const there = (await peopleById(db, chosen)).filter(({ active }) => active)
  if (there.length < chosen.length) throw new Refusal('所选主持人、召集人或联系人不存在或已离开,请另选')
}

const wordsOf = (text: string): string[] => text.split(/[\s,\uff0c;\uff1b、]+/).filter(word => word !== '')

const thereAmong = async ({ db }: Turn, ids: readonly string[]): Promise<string[]> =>
  inOrder(ids, await peopleById(db, [...ids]))

/** Those of `chosen` that are there, in the order in which they were chosen: it is that of the notice. */
const inOrder = (chosen: readonly string[], there: ReadonlyArray<{ id: string }>): string[] =>
  chosen.filter(one => there.some(({ id }) => id === one))

/** 修改, or once the notice is out 变更: pressed on the card it opens the form, pressed on the form it saves. */
const rewrite =
  (move: 'edit' | 'change'): Action =>
  async (turn, pressed) => {
    const { form, value } = pressed
    const { before, by, setting } = await hold(turn, value.id)
    const press = { move, by, ...readPress(pressed) }
    if (typeof form.title !== 'string') {
      refuse(before, press, setting)
      const prefill = await overflowing(turn, await filled(turn, before))
      const [offer, heads] = [await offerFor(turn, prefill), await headcountOf(turn, before)]
      const card = meetingForm(prefill, offer, { says: undefined, meeting: before, heads })
      // replies come in while a 变更 is filled in
      return move === 'change' ? openedApart(turn, card) : opened(turn, card)
    }
    if (press.seenRev !== before.rev) throw new Refusal('卡片已过期,请以最新卡片为准')
    const wish = checkWish(await readWish(turn, form, before), turn.now, before)
    await refuseTooMany(turn, { ...before, ...wish })
    const { findings, steps } = await planFor(turn, wish, { maker: before.maker, unit: before.unit, id: before.id })
    const kept = await keep(turn, before, moved(before, { ...press, wish, plan: { findings, steps } }, setting))
    if (kept.state === 'draft' || kept.state === 'submitted') await askCalendars(turn, kept)
    return {
      toast: { kind: 'success', words: move === 'edit' ? '已保存,请核对后发出' : await changedWords(turn, kept) },
      fresh: { matter: { feature: FEATURE, id: String(before.id) } },
    }
  }

const changedWords = async (turn: Turn, meeting: Meeting): Promise<string> =>
  meeting.state === 'submitted' ? '变更已送审,批准后通知参会人员' : toastOf(turn, meeting)

export const edit = rewrite('edit')
export const change = rewrite('change')

/** A meeting as its form shows it. */
async function filled(turn: Turn, meeting: Meeting): Promise<Prefill> {
  const { names, units } = await settingOf(turn, [meeting])
  const { chats, units: naming, listeners } = meeting.guests
  return prefillOf(wishOf(meeting), {
    names: chats.flatMap(id => names.get(id) ?? []).join('、'),
    units: naming.map(({ unit, places }) => `${units.get(unit) ?? ''}${places}人`).join('、'),
    listeners: listeners.map(id => nameOf(id, names)).join('、'),
  })
}

/** A meeting that the presser may see. */
async function seen(turn: Turn, value: unknown): Promise<Meeting> {
  const meeting = await getMeeting(turn.db, idOf(value))
  refuseStrangers(meeting, actorIn(turn), await settingOf(turn, [meeting]))
  return meeting
}
