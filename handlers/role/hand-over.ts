import { departmentsById } from '../../db/department.ts'
import { deputyshipsOf, endDeputy } from '../../db/deputy.ts'
import type { Handed } from '../../db/leavers.ts'
import { peopleById } from '../../db/people.ts'
import { colleagues, peopleOfUnit } from '../../db/people-meant.ts'
import { rolesHeldBy, withdrawAll } from '../../db/role.ts'
import type { Action, Answer, Beat, Feature, Heartbeat, Look, Said, Turn } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import type { Person } from '../../src/kit/person.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { dayIn } from '../../src/kit/time.ts'
import {
  givenLine,
  handedCard,
  handingCard,
  handOverForm,
  type InHand,
  type Leaver,
  takenLine,
  totalOf,
  WHOLE,
} from '../../src/office/role/hand-over.ts'
import { backWords } from '../../src/office/role/leavers.ts'
import { ROLES, type RoleCode } from '../../src/office/role/role.ts'
import { isAdmin } from '../admins.ts'
import { tellCalmly } from '../calm.ts'
import { wordIn } from '../given.ts'
import { asOptions, peopleMeant } from '../named.ts'
import { unfitAmong } from '../task-draft.ts'
import { handOverMeant, type Meant } from './hand-words.ts'
import { goOn, goOnLater, handPortion, isUnderWay, type Order } from './handing.ts'
import { subjectsFor, subjectsIn } from './in-hand.ts'
import { lookAt, redrawLeaver, wordsWhenOver } from './leavers.ts'
import { tellAnew } from './tell-leavers.ts'

const FEATURE = 'role'
const MOST_OPTIONS = 60

/** @throws Refusal when nothing of theirs is the asker's to hand over. */
async function refuseOthers(turn: Turn, from: Person): Promise<Feature[]> {
  const subjects = await subjectsFor(turn, turn, from)
  if (!subjects.length)
    throw new Refusal('移交他人名下事项仅限其科室负责人、办公室主任、系统管理员,以及督办员、车管员、会务员(限本职事项)')
  return subjects
}

/** 系统管理员 keeps the accounts and reads nothing of the business. */
const countsOnly = (inHand: InHand[]): InHand[] => inHand.map(one => ({ ...one, lines: [] }))

const shownTo = (turn: Turn, inHand: InHand[]): InHand[] => (isAdmin(turn) ? countsOnly(inHand) : inHand)

async function leaverOf(look: Look, { id, name, active, departments }: Person, inHand: InHand[]): Promise<Leaver> {
  const [unit] = await departmentsById(look.db, departments.slice(0, 1))
  return { id, name, active, unit: unit?.name ?? '', inHand }
}

/** `/角色 移交 @王强 @李静`: whose matters, and to whom. */
export async function askHandOver(turn: Turn, said: Said): Promise<Answer> {
  const meant = await handOverMeant(turn, said)
  const inHand = await lookAt(turn, meant.from, await refuseOthers(turn, meant.from))
  turn.record({ feature: FEATURE, act: 'handForm', data: { of: meant.from.id } })
  return { say: { card: await formFor(turn, meant, inHand) }, privately: true }
}

async function formFor(turn: Turn, { from, takers, doubt }: Meant, inHand: InHand[]): Promise<Card> {
  const near = [
    ...(await peopleById(
      turn.db,
      takers.map(({ id }) => id),
    )),
    ...(await peopleOfUnit(turn.db, from.departments[0] ?? '', MOST_OPTIONS)),
    ...(await colleagues(turn.db, turn.who, turn.chat.id, MOST_OPTIONS)),
  ]
  const offered = [...new Map(near.map(person => [person.id, person])).values()].filter(
    ({ id, active }) => active && id !== from.id,
  )
  const options = await asOptions(turn, offered.slice(0, MOST_OPTIONS))
  const [to, another] = takers
  const chosen = another ? '' : (to?.id ?? '')
  return handOverForm(await leaverOf(turn, from, shownTo(turn, inHand)), options, chosen, doubt)
}

async function personIn(turn: Turn, value: unknown): Promise<Person> {
  const [person] = typeof value === 'string' ? await peopleById(turn.db, [value]) : []
  if (!person) throw new Refusal('未找到该人员')
  return person
}

/** The button under one of whom somebody was told. What is over by now is no refusal, which would undo that the cards say so. */
export const handForm: Action = async (turn, { value }) => {
  const from = await personIn(turn, value.person)
  const subjects = await refuseOthers(turn, from)
  await refuseUnderWay(turn, from)
  const inHand = await lookAt(turn, from, subjects)
  if (from.active) return infoOf(backWords(from.name))
  if (!totalOf(inHand)) return infoOf(await wordsWhenOver(turn, from, subjects))
  return {
    say: { card: await formFor(turn, { from, takers: [], doubt: undefined }, inHand) },
    privately: true,
    toast: { kind: 'success', words: '已发送到私聊' },
  }
}

const infoOf = (words: string): Answer => ({ toast: { kind: 'info', words } })

async function refuseUnderWay(turn: Turn, { id, name }: Person): Promise<void> {
  if (await isUnderWay(turn, id)) throw new AlreadySo(`${name}名下事项正在移交,完成后告知移交人`)
}

/** 一并移交, or one subject alone. */
export const hand: Action = async (turn, { value, form }) => {
  const from = await personIn(turn, value.person)
  const allowed = await refuseOthers(turn, from)
  const of = wordIn(form, 'of', 40) || WHOLE
  const subjects = of === WHOLE ? allowed : allowed.filter(({ name }) => name === of)
  await refuseUnderWay(turn, from)
  const inHand = await lookAt(turn, from, subjects)
  // the form was drawn when they had left
  if (value.left && from.active) return infoOf(backWords(from.name))
  if (!totalOf(inHand)) return infoOf(await wordsWhenOver(turn, from, subjects))
  const to = await takerIn(turn, form, from)
  const names = subjects.map(({ name }) => name)
  const order = await handPortion(
    turn,
    { from: from.id, to: to.id, by: turn.who.id, subjects: names, counts: {} },
    from,
    to,
  )
  if (order.subjects.length) {
    await goOnLater(turn, order)
    await redrawLeaver(turn, from.id)
    return {
      toast: { kind: 'success', words: '事项较多,正在分批移交,完成后告知您' },
      fresh: { card: handingCard(from.name, to.name, givenIn(turn, order)) },
    }
  }
  return {
    toast: givenIn(turn, order).length
      ? { kind: 'success', words: '已移交' }
      : { kind: 'info', words: '没有可以移交的事项' },
    fresh: { card: await ended(turn, order, from, to, names) },
  }
}

const givenIn = ({ office }: Pick<Look, 'office'>, { counts }: Order): InHand[] =>
  office.features.flatMap(({ name, title }) => {
    const count = counts[name] ?? 0
    return count ? [{ feature: name, title, count, lines: [] }] : []
  })

/** Notes that it is done, tells whoever takes over, and says what only somebody else can settle. */
async function ended(turn: Turn, order: Order, from: Person, to: Person, names: readonly string[]): Promise<Card> {
  const { counts } = order
  turn.record({ feature: FEATURE, act: 'handOver', matter: from.id, data: { to: to.id, counts } })
  const given = givenIn(turn, order)
  if (given.length && to.id !== turn.who.id)
    await tellCalmly(turn, '移交', new Map([[to.id, [takenLine(from.name, given, turn.who.name)]]]))
  // who only changes their post is there to hear of it
  if (given.length && from.active && from.id !== turn.who.id)
    await tellCalmly(turn, '移交', new Map([[from.id, [givenLine(to.name, given, turn.who.name)]]]))
  const subjects = turn.office.features.filter(({ name }) => names.includes(name))
  const left = await lookAt(turn, from, subjects, handedIn(order))
  return handedCard(from.name, to.name, given, shownTo(turn, left))
}

const handedIn = ({ counts, by, to }: Order): Record<string, Handed> =>
  Object.fromEntries(Object.keys(counts).flatMap(name => (counts[name] ? [[name, { by, to }]] : [])))

/** Whoever gave has left too: those concerned are told of the leaver anew. */
async function tellOfLost(beat: Beat, order: Order): Promise<void> {
  await tellAnew(beat, order.from)
  const [from] = await peopleById(beat.db, [order.from])
  if (from) await lookAt(beat, from, subjectsIn(beat), handedIn(order))
  await redrawLeaver(beat, order.from)
}

/** A portion of what somebody hands over and that was too much for one press, while giver and taker still may. */
export const handOn = (beat: Heartbeat): Promise<'more' | undefined> =>
  goOn(
    beat,
    async ({ turn, from, to }, order) => {
      const allowed = (await subjectsFor(turn, turn, from)).map(({ name }) => name)
      const subjects = order.subjects.filter(name => allowed.includes(name))
      const [unfit] = (await unfitAmong(turn, [to.id])).values()
      const isStopped = unfit !== undefined || subjects.length < order.subjects.length
      const left = isStopped ? { ...order, subjects: [] } : await handPortion(turn, order, from, to)
      if (left.subjects.length) return { left }
      const card = await ended(turn, left, from, to, [...new Set([...Object.keys(left.counts), ...order.subjects])])
      await redrawLeaver(turn, from.id)
      turn.send({ to: { person: turn.who.id }, body: { card } })
      return 'over'
    },
    tellOfLost,
  )

/** @throws Refusal unless one person is chosen who may bear the office's business. */
async function takerIn(turn: Turn, form: Record<string, unknown>, from: Person): Promise<Person> {
  const names = wordIn(form, 'names', 40)
  const { people, doubt } = names
    ? await peopleMeant(turn, names, turn.chat.id)
    : { people: await peopleById(turn.db, [wordIn(form, 'to', 100)]), doubt: undefined }
  if (doubt) throw new Refusal(doubt.replace(/[。]$/, ''))
  const [to, other] = people
  if (!to || other) throw new Refusal('请选择一位接手人')
  if (to.id === from.id) throw new Refusal('接手人不能是本人')
  const [unfit] = (await unfitAmong(turn, [to.id])).values()
  if (unfit) throw new Refusal(unfit)
  return to
}

/** Whoever is only moved to another post keeps roles until 系统管理员 withdraws them. */
export const held: NonNullable<Feature['held']> = async ({ db, now }, id) => {
  const [person] = await peopleById(db, [id])
  if (!person || person.active) return []
  const today = dayIn(now)
  const roles = (await rolesHeldBy(db, id, today)).map(
    ({ code }) => `角色 ${ROLES[code as RoleCode] ?? code}(移交时撤销)`,
  )
  return [...roles, ...(await deputyshipsOf(db, id, today)).map(() => '代理(移交时结束)')]
}

export const handOver: NonNullable<Feature['handOver']> = async (turn, from) => {
  if (from.active) return 0
  const roles = await withdrawAll(turn.db, from.id, turn.now)
  for (const { code, unit } of roles)
    turn.record({ feature: FEATURE, act: 'withdraw', matter: from.id, data: { role: code, unit: unit ?? null } })
  const stands = await deputyshipsOf(turn.db, from.id, dayIn(turn.now))
  for (const stand of stands) {
    await endDeputy(turn.db, stand, turn.who.id, turn.now)
    turn.record({ feature: FEATURE, act: 'endDeputy', matter: stand.deputy, data: { id: stand.id } })
    turn.redraw(FEATURE, String(stand.id))
  }
  return roles.length + stands.length
}
