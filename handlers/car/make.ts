import { getTrip, openTrip } from '../../db/car.ts'
import { lastTripsBy } from '../../db/car-list.ts'
import { peopleById } from '../../db/people.ts'
import type { Action, Answer, Said, Turn } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import type { Person } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { halfWidth, TYPED_MENTION } from '../../src/kit/text.ts'
import { isTouching } from '../../src/office/car/chain.ts'
import { momentOf, type Prefill, prefillOf, readTripForm, tripForm } from '../../src/office/car/form.ts'
import { moved, refuse } from '../../src/office/car/moves.ts'
import { checkWish, drafted, HOME, type Labelled, readLabels } from '../../src/office/car/request.ts'
import { mayAsk } from '../../src/office/car/roles.ts'
import { readSpan, type Span } from '../../src/office/car/span.ts'
import { EXAMPLE, type Trip, type TripWish } from '../../src/office/car/trip.ts'
import { may } from '../../src/office/role/role.ts'
import { customs } from '../customs.ts'
import { peopleMeant } from '../named.ts'
import { onceFrom } from '../once.ts'
import { hold, keep, readPress, toastOf } from './act.ts'
import { offerFor, refuseUser } from './offer.ts'
import { tellPilotOfEdit } from './pilot.ts'
import { doubtOfReach, type Guessable, guessed, planFor } from './plan.ts'
import { actorIn, FEATURE, idOf, refuseStrangers, settingOf } from './setting.ts'
import { askConsent } from './urgent.ts'

/** What was understood of a line; `doubt` says why it is no request yet. */
interface Understood {
  labels: Labelled
  span: Span
  /** Who rides beside 用车人. */
  passengers: Person[]
  user: Person
  candidates: Person[]
  /** Names that nobody has, or more than one. */
  names: string
  doubt: string | undefined
}

/** `/用车 11月28日8:30-17:00 区法院 调研座谈 3人`: a request when it is clear, else a form with what was understood. */
export async function make(turn: Turn, said: Said): Promise<Answer> {
  refuseOthers(turn)
  const understood = await understand(turn, said)
  const phone = understood.labels.phone || (await lastTripsBy(turn.db, turn.who.id, 1))[0]?.phone || ''
  const wish = wishIn({ ...understood, labels: { ...understood.labels, phone } })
  if (!wish) return { say: { card: await formFor(turn, understood, phone) }, privately: true }
  const trip = await putOnFile(turn, await guessed(turn, wish), undefined)
  if (understood.labels.isUrgent) return { say: { card: await askConsent(turn, trip) }, privately: true }
  return { say: { matter: { feature: FEATURE, id: String(trip.id) } }, privately: true }
}

function refuseOthers(turn: Turn): void {
  if (mayAsk(actorIn(turn), may)) return
  throw new Refusal('您的角色不办理用车申请,请由所在科室提出')
}

async function understand(turn: Turn, { pieces }: Pick<Said, 'pieces'>): Promise<Understood> {
  const line = pieces.map(piece => (typeof piece === 'string' ? piece : ' ')).join('')
  const mentions = pieces.filter(piece => typeof piece !== 'string')
  if (mentions.some(({ kind }) => kind === 'all')) throw new Refusal('乘车人须逐一列明,不能写所有人', EXAMPLE)
  const typed = [...line.matchAll(TYPED_MENTION)].map(([, name = '']) => name)
  const span = readSpan(halfWidth(line.replace(TYPED_MENTION, ' ')), turn.now, await customs(turn))
  const labels = readLabels(span.rest)
  const reach = await doubtOfReach(turn, { ...labels, reach: labels.reach ?? '' })
  const names = [...typed, labels.passengers].filter(name => name !== '').join('、')
  const riding = names ? await peopleMeant(turn, names, turn.chat.id) : NOBODY
  const forWhom = labels.user ? await peopleMeant(turn, labels.user, turn.chat.id) : NOBODY
  const mentioned = await peopleById(
    turn.db,
    mentions.flatMap(mention => (mention.kind === 'person' ? [mention.id] : [])),
  )
  return {
    labels,
    span,
    passengers: [...mentioned, ...riding.people],
    user: forWhom.people[0] ?? turn.who,
    candidates: [...riding.candidates, ...forWhom.candidates],
    names: riding.doubt ? names : '',
    doubt: riding.doubt ?? forWhom.doubt ?? lacking(span.doubt, labels.doubt, missing(labels), reach),
  }
}

const NOBODY = { people: [], candidates: [], doubt: undefined }

const lacking = (...doubts: Array<string | undefined>): string | undefined =>
  doubts.filter(doubt => doubt !== undefined).join('') || undefined

function missing({ destination, purpose }: Labelled): string | undefined {
  if (!destination) return purpose ? '请填写目的地。' : '请填写目的地和事由。'
  return purpose ? undefined : '请填写事由:写明公务内容。'
}

/** A line that says everything as what is wanted. */
function wishIn({ labels, span, passengers, user, doubt }: Understood): Guessable | undefined {
  const { startsAt, endsAt } = span
  if (doubt || !startsAt || !endsAt) return undefined
  const ids = [...new Set(passengers.map(({ id }) => id))]
  const riders = new Set([user.id, ...ids]).size
  return {
    ...wordsIn(labels),
    user: user.id,
    startsAt,
    endsAt,
    reach: labels.reach ?? '',
    ground: '',
    category: labels.category ?? '',
    passengers: ids,
    headcount: labels.headcount ?? riders,
  }
}

const wordsIn = ({ origin, destination, via, purpose, basis, guests, cars, selfDrive, phone, remark }: Labelled) => ({
  origin: origin || HOME,
  destination,
  via,
  purpose,
  basis,
  guests,
  cars,
  selfDrive,
  phone,
  remark,
})

/** The form with what was understood. */
async function formFor(turn: Turn, understood: Understood, phone: string): Promise<Card> {
  const { labels, span, passengers, user, names, candidates, doubt } = understood
  const prefill: Prefill = {
    ...wordsIn(labels),
    starts: momentOf(span.startsAt),
    ends: momentOf(span.endsAt),
    reach: labels.reach ?? '',
    ground: '',
    category: labels.category ?? '',
    user: user.id,
    passengers: passengers.map(({ id }) => id),
    names,
    headcount: labels.headcount === undefined ? '' : String(labels.headcount),
    cars: String(labels.cars),
    drive: labels.selfDrive ? 'self' : 'driver',
    phone,
  }
  const offer = await offerFor(turn, [user.id, ...prefill.passengers], candidates)
  return tripForm(prefill, offer, { says: doubt, isUrgent: labels.isUrgent })
}

/** A draft, with what the rules say of it. @throws Refusal naming what is missing or too much. */
async function putOnFile(turn: Turn, asked: TripWish, previous: number | undefined): Promise<Trip> {
  const wish = checkWish(asked, turn.now)
  await refuseUser(turn, wish.user)
  const by = { id: turn.who.id, unit: turn.who.departments[0] ?? '', chat: turn.chat.id, previous }
  const draft = drafted(wish, by, turn.now)
  const trip = await openTrip(turn.db, { ...draft, ...(await planFor(turn, draft, false)) })
  turn.record({
    feature: FEATURE,
    act: 'draft',
    matter: String(trip.id),
    data: { to: 'draft', previous: previous ?? null },
  })
  return trip
}

/** The submitted form of a new request. */
export const create: Action = async (turn, press) => {
  refuseOthers(turn)
  await onceFrom(turn, press)
  const { form, value } = press
  const previous = value.previous === undefined ? undefined : (await own(turn, value.previous)).id
  const trip = await putOnFile(turn, await readWish(turn, form), previous)
  if (value.urgent === 1) return { fresh: { card: await askConsent(turn, trip) } }
  return {
    toast: { kind: 'success', words: '已保存,请核对后提交' },
    fresh: { matter: { feature: FEATURE, id: String(trip.id) } },
  }
}

async function readWish(turn: Turn, form: Record<string, unknown>): Promise<TripWish> {
  const { names, place, drive, startsAt, endsAt, ...words } = readTripForm(form)
  if (!startsAt || !endsAt) throw new Refusal('请选择出发和返回时间')
  const typed = names ? await peopleMeant(turn, names, turn.chat.id) : NOBODY
  if (typed.doubt) throw new Refusal(typed.doubt)
  const chosen = await peopleById(turn.db, [...words.passengers])
  const riding = [...chosen, ...typed.people].filter(({ active }) => active)
  const passengers = [...new Set(riding.map(({ id }) => id))]
  const user = words.user || turn.who.id
  return guessed(turn, {
    ...words,
    user,
    startsAt,
    endsAt,
    origin: words.origin || HOME,
    destination: place || words.destination,
    passengers,
    headcount: words.headcount ?? new Set([user, ...passengers]).size,
    selfDrive: drive === 'self',
  })
}

/** 修改: pressed on the card it opens the form, pressed on the form it saves, and goes back to the first step that it touches. */
export const edit: Action = async (turn, pressed) => {
  const { form, value } = pressed
  const { before, by, setting } = await hold(turn, value.id)
  const press = { move: 'edit' as const, by, ...readPress(pressed) }
  if (typeof form.purpose !== 'string') {
    refuse(before, press, setting)
    const offer = await offerFor(turn, [before.user, ...before.passengers])
    return {
      fresh: { card: tripForm(prefillOf(before), offer, { says: before.urgent && CONSENT_ENDS, trip: before }) },
    }
  }
  if (press.seenRev !== before.rev) throw new Refusal('卡片已过期,请以最新卡片为准')
  const asked = await readWish(turn, { ...form, user: form.user ?? before.user })
  // a number given stands for one car
  const wish = checkWish(before.number ? { ...asked, cars: 1 } : asked, turn.now)
  await refuseUser(turn, wish.user, before)
  const isStillUrgent = before.urgent !== undefined && !isTouching(before, wish)
  const plan = await planFor(turn, { ...before, ...wish }, isStillUrgent, before)
  const isDraft = before.state === 'draft'
  const after = moved(before, { ...press, wish, plan }, setting)
  const kept = await keep(turn, before, after)
  await tellPilotOfEdit(turn, before, kept)
  const words = isDraft ? '已保存,请核对后提交' : await toastOf(turn, kept)
  return { toast: { kind: 'success', words }, fresh: { matter: { feature: FEATURE, id: String(before.id) } } }
}

const CONSENT_ENDS = '口头同意仅限原定的用车:除联系电话、备注外,修改后须重新审批,已派车辆另行安排。'

/** 再次申请: a new request like one that has ended; its times are to be set anew. */
export const again: Action = async (turn, { value }) => {
  refuseOthers(turn)
  const trip = await own(turn, value.id)
  const setting = await settingOf(turn, trip)
  refuse(trip, { move: 'again', by: actorIn(turn), seenRev: undefined, word: '' }, setting)
  const offer = await offerFor(turn, [trip.user, ...trip.passengers])
  const prefill = { ...prefillOf(trip), starts: '', ends: '' }
  const card = tripForm(prefill, offer, { says: '按原申请填写,请重新选择时间。', previous: trip.id })
  return { say: { card }, privately: true, toast: { kind: 'success', words: '请在新卡片中填写' } }
}

/** A trip that the presser may see. */
async function own(turn: Turn, value: unknown): Promise<Trip> {
  const trip = await getTrip(turn.db, idOf(value))
  refuseStrangers(trip, actorIn(turn), await settingOf(turn, trip))
  return trip
}
