import { isMember, peopleById } from '../../db/people.ts'
import { colleagues, peopleNamedIn } from '../../db/people-meant.ts'
import { countStanding, openReminder } from '../../db/remind.ts'
import { refusedPairs } from '../../db/remind-refusal.ts'
import { setting } from '../../db/settings.ts'
import type { Action, Answer, Command, Said, Turn } from '../../src/bot/feature.ts'
import type { Customs } from '../../src/kit/customs.ts'
import type { Person } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { readRequest, type Said as SaidPiece } from '../../src/kit/request.ts'
import { plain, shorten, trimmed } from '../../src/kit/text.ts'
import { readForm, remindForm } from '../../src/office/remind/cards.ts'
import {
  checkWish,
  EXAMPLE,
  isUrgent,
  LIMITS,
  type Reminder,
  readTiming,
  type Timing,
} from '../../src/office/remind/reminder.ts'
import { customs } from '../customs.ts'
import { asOptions, doubtAboutPeople, settle } from '../named.ts'
import { onceFrom } from '../once.ts'

const MOST_OPTIONS = 40
const REPLIED = '请处理所回复的消息'

/** What was understood of a request. */
interface Wish {
  receivers: Person[]
  /** The group to be reminded; '' = people in private. */
  chat: string
  said: string
  text: string
  /** The message that was answered; never out of a form, for what a button carries may be forged. */
  source: string
}

/** `/提醒 @王强 每周五16:00 报周报`: kept at once when it is clear, else a form with what was understood. */
export const make: Command['run'] = async (turn, said) => {
  const pieces = withoutSelf(said.pieces).map(asSaidPiece)
  const directory = await peopleNamedIn(turn.db, said.text, turn.chat.id)
  const request = readRequest(
    pieces,
    directory.filter(person => isMeant(said.text, person.name)),
  )
  const mentions = request.named.filter(one => one.kind === 'mention').map(one => one.id)
  const named = settle(request.named, await peopleById(turn.db, mentions))
  const inGroup = turn.chat.kind === 'group' && !request.named.length
  const inForce = await customs(turn)
  const timing = readTiming(request.text, turn.now, inForce)
  const rest = 'doubt' in timing ? request.text : contentIn(timing.rest)
  const text = rest || (said.parent ? REPLIED : '')
  const doubt = doubtAboutPeople(named) ?? ('doubt' in timing ? timing.doubt : text ? undefined : '请写明提醒内容。')
  const wish: Wish = {
    receivers: named.people,
    chat: inGroup ? turn.chat.id : '',
    said: request.text,
    text,
    source: said.parent,
  }
  if (doubt === undefined && !('doubt' in timing)) return confirmed(turn, await keep(turn, wish, timing, inForce))
  const when = 'doubt' in timing ? '' : whenSaid(wish.said, timing.rest)
  return formAnswer(turn, wish, { doubt, when, people: [...named.people, ...named.candidates], unknown: named.unknown })
}

function confirmed(turn: Turn, reminder: Reminder): Answer {
  return {
    say: { matter: { feature: 'remind', id: `r${reminder.id}` } },
    privately: turn.chat.kind === 'group' && !reminder.chat,
  }
}

/** The submitted form. What the button carried is looked up: only a group in which the presser sits counts. */
export const create: Action = async (turn, press) => {
  await onceFrom(turn, press)
  const { form, value } = press
  const filled = readForm(form)
  const directory = filled.names ? await peopleNamedIn(turn.db, filled.names, turn.chat.id) : []
  const typed = readRequest([filled.names.replace(/^(?=\S)/, '@')], directory)
  const named = settle(typed.named, [])
  const doubt = doubtAboutPeople(named) ?? (typed.text ? `未找到“${shorten(typed.text, 20)}”` : undefined)
  if (doubt) throw new Refusal(doubt)
  const inForce = await customs(turn)
  const timing = readTiming(filled.when, turn.now, inForce)
  if ('doubt' in timing) throw new Refusal(timing.doubt, EXAMPLE)
  if (contentIn(timing.rest)) throw new Refusal(`未能识别时间“${shorten(filled.when, 30)}”`, '明天下午3点半')
  const chat =
    typeof value.chat === 'string' && value.chat && (await isMember(turn.db, value.chat, turn.who.id)) ? value.chat : ''
  const receivers = [...(await peopleById(turn.db, filled.people)), ...named.people]
  const kept = await keep(turn, { receivers, chat, said: filled.when, text: filled.text, source: '' }, timing, inForce)
  const matter = { feature: 'remind', id: `r${kept.id}` }
  if (chat && turn.chat.id !== chat) turn.send({ to: { chat }, body: { matter }, urgent: true })
  return { toast: { kind: 'success', words: '已设置' }, fresh: { matter } }
}

/** @throws Refusal when the wish is too much, when its maker has too many, or when somebody wants none from them. */
async function keep(turn: Turn, wish: Wish, timing: Timing, { calendarId }: Customs): Promise<Reminder> {
  const receivers = wish.chat
    ? []
    : [...new Set(wish.receivers.length ? wish.receivers.map(one => one.id) : [turn.who.id])]
  checkWish(wish.text, receivers)
  if (wish.said.length > LIMITS.said) throw new Refusal('时间写得太长,请简要写明')
  await refuseTooMany(turn)
  await refuseUnwanted(turn, wish.receivers)
  const reminder = await openReminder(turn.db, {
    maker: turn.who.id,
    owner: turn.who.id,
    receivers,
    chat: wish.chat,
    text: wish.text,
    said: wish.said,
    saidAt: turn.now,
    calendarId,
    recurring: timing.recurring,
    urgent: isUrgent(wish.text),
    nextAt: timing.nextAt,
    source: wish.source,
    sourceChat: wish.source ? (turn.chat.kind === 'group' ? turn.chat.id : PRIVATE) : '',
  })
  turn.record({
    feature: 'remind',
    act: 'make',
    matter: `r${reminder.id}`,
    data: { to: wish.chat || receivers, nextAt: timing.nextAt.toISOString(), recurring: timing.recurring },
  })
  return reminder
}

/** `sourceChat` of a message in the maker's private chat. */
export const PRIVATE = 'private'

async function refuseTooMany(turn: Turn): Promise<void> {
  const most = (await setting<number>(turn.db, 'remind.most')) ?? LIMITS.most
  if ((await countStanding(turn.db, turn.who.id)) >= most)
    throw new Refusal(`您已有${most}条提醒,请先取消不需要的`, '/提醒 列表')
}

async function refuseUnwanted(turn: Turn, receivers: readonly Person[]): Promise<void> {
  const gone = receivers.find(person => !person.active)
  if (gone) throw new Refusal(`${gone.name || '该人员'}的账号已停用,不能提醒`)
  const pairs = await refusedPairs(
    turn.db,
    receivers.map(person => person.id),
  )
  const unwilling = receivers.find(({ id }) => pairs.some(one => one.person === id && one.maker === turn.who.id))
  if (unwilling) throw new Refusal(`${unwilling.name}已设置不接收您的提醒,请直接联系本人`)
}

interface Doubtful {
  doubt: string | undefined
  when: string
  people: Person[]
  unknown: string[]
}

async function formAnswer(turn: Turn, wish: Wish, { doubt, when, people, unknown }: Doubtful): Promise<Answer> {
  const near = await colleagues(turn.db, turn.who, turn.chat.id, MOST_OPTIONS)
  const offered = [...new Map([...people, ...near].map(person => [person.id, person])).values()].slice(0, MOST_OPTIONS)
  const card = remindForm({
    id: undefined,
    says: doubt,
    people: wish.receivers.map(person => person.id),
    options: await asOptions(turn, offered),
    names: unknown.join('、'),
    text: shorten(wish.text, LIMITS.text),
    when,
    chat: wish.chat,
  })
  return { say: { card }, privately: true }
}

/** The time as it was said: what is left when the words around it are taken away. */
export function whenSaid(said: string, rest: string): string {
  const words = contentIn(rest)
  if (!words) return contentIn(said)
  return said.includes(words) ? contentIn(said.replace(words, ' ')) : ''
}

/** 提醒我…, 给我: the speaker is meant anyway. */
function withoutSelf(pieces: Said['pieces']): Said['pieces'] {
  const [first, ...others] = pieces
  return typeof first === 'string'
    ? [first.replace(/^\s*(?:给|叫|让)?(?:我|本人|自己)(?![们的方])\s*/, ''), ...others]
    : pieces
}

/** A bare name means somebody only where it stands by itself or after an @: 王强来访 is a matter. */
const isMeant = (text: string, name: string): boolean => {
  const at = plain(text).indexOf(plain(name))
  return (
    /[@\uff20]\s*$/.test(text.slice(0, at)) ||
    /^(?:$|[\s,\uff0c、;\uff1b@\uff20和与及跟])/.test(text.slice(at + name.length))
  )
}

function asSaidPiece(piece: Said['pieces'][number]): SaidPiece {
  if (typeof piece === 'string') return piece
  return piece.kind === 'person' ? { id: piece.id, name: piece.name } : ' '
}

/** What is to be said, without 提醒我 before it. */
export const contentIn = (text: string): string => trimmed(text).replace(/^(?:提醒|通知)(?:我|大家|一下)?\s*/, '')
