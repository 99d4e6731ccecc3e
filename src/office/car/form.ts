import { type Card, card, type Field, form, note, type Option, text } from '../../kit/card.ts'
import { clockOf, dayIn, toInstant } from '../../kit/time.ts'
import { HOME } from './request.ts'
import {
  CATEGORIES,
  type Category,
  CONSENTS,
  type Consent,
  GROUNDS,
  type Ground,
  REACHES,
  type Reach,
} from './terms.ts'
import { LIMITS, type Trip } from './trip.ts'

/** What a form was opened or sent back with. */
export interface Prefill {
  starts: string
  ends: string
  origin: string
  destination: string
  via: string
  reach: Reach | ''
  purpose: string
  ground: Ground | ''
  basis: string
  category: Category | ''
  user: string
  passengers: readonly string[]
  /** Names that are still to be typed or corrected. */
  names: string
  guests: string
  headcount: string
  cars: string
  drive: 'driver' | 'self'
  phone: string
  remark: string
}

/** What the form offers to choose from. */
export interface Offer {
  people: Option[]
  /** For whom this person may fill in; fewer than two = only for themselves. */
  users: Option[]
  /** Last destinations. */
  places: string[]
}

/** What the form is for: a new request, a change of one, one more like it. */
export interface Purpose {
  says: string | undefined
  /** The request that it changes. */
  trip?: { id: number; rev: number; state: Trip['state'] }
  /** The request that it repeats. */
  previous?: number
  /** Said to be 特别紧急: the consent is asked for next. */
  isUrgent?: boolean
}

const optionsOf = (of: Record<string, string>): Option[] =>
  Object.entries(of).map(([value, label]) => ({ value, label }))

const input = (name: string, label: string, hint: string, value: string, max: number, lines?: number): Field => ({
  kind: 'input',
  name,
  label,
  hint,
  value,
  max,
  ...(lines ? { lines } : {}),
})

const choose = (name: string, label: string, hint: string, options: Option[], value: string): Field => ({
  kind: 'choose',
  name,
  label,
  hint,
  options,
  value,
})

const required = (field: Field): Field => ({ ...field, required: true }) as Field

/** The form for a request; its field names are read by `readTripForm`. */
export function tripForm(prefill: Prefill, offer: Offer, { says, trip, previous, isUrgent }: Purpose): Card {
  const value = {
    ...(trip ? { id: trip.id, rev: trip.rev } : {}),
    ...(previous ? { previous } : {}),
    ...(isUrgent ? { urgent: 1 } : {}),
  }
  const isSent = trip !== undefined && trip.state !== 'draft'
  const label = isSent ? '保存并重新送审' : '保存'
  return {
    ...card(
      trip ? '用车 · 修改' : '用车 · 填写',
      'grey',
      says ? text(says) : undefined,
      form(
        'trip',
        [...mainFields(prefill, offer), ...moreFields(prefill)],
        [{ label, action: trip ? 'car.edit' : 'car.create', value, style: 'primary' }],
      ),
      note(`${isSent ? RESENT : DRAFTED}机要、办案用车的事由只写“机要件取送”或“执行任务”。`),
    ),
    summary: '[用车] 请填写用车信息',
  }
}

function mainFields(prefill: Prefill, { people, users, places }: Offer): Field[] {
  const fields: Array<Field | undefined> = [
    { kind: 'moment', name: 'starts', label: '出发时间', hint: '选择出发时间', value: prefill.starts },
    { kind: 'moment', name: 'ends', label: '返回时间', hint: '选择返回时间', value: prefill.ends },
    input('destination', '目的地', '如:区法院', prefill.destination, LIMITS.place),
    places.length
      ? choose(
          'place',
          '或选择近期去过的目的地',
          '可不选',
          optionsOf(Object.fromEntries(places.map(one => [one, one]))),
          '',
        )
      : undefined,
    required(input('purpose', '事由', '写明公务内容,如:参加调研座谈会', prefill.purpose, LIMITS.purpose, 2)),
    choose('ground', '事由类别', '选择事由类别', optionsOf(GROUNDS), prefill.ground),
    people.length
      ? {
          kind: 'people',
          name: 'passengers',
          label: '乘车人',
          hint: '选择乘车人',
          options: people,
          value: [...prefill.passengers],
        }
      : undefined,
    input('names', '其他乘车人', '未列出的写姓名,用顿号分隔', prefill.names, 200),
    input('headcount', '乘车人数', '含用车人;不填则按列明的人数', prefill.headcount, 3),
    users.length > 1 ? choose('user', '用车人', '为谁用车', users, prefill.user) : undefined,
  ]
  return fields.filter(field => field !== undefined)
}

const DRIVES = { driver: '由驾驶员驾驶', self: '自驾(须单独批准)' }

const moreFields = (prefill: Prefill): Field[] => [
  choose('reach', '是否出市、出省', '按目的地判断', optionsOf(REACHES), prefill.reach),
  input('origin', '出发地', HOME, prefill.origin, LIMITS.place),
  input('via', '途经(可不填)', '如:高铁站', prefill.via, LIMITS.place),
  input('basis', '依据(可不填)', '会议通知、公函或任务编号', prefill.basis, LIMITS.basis),
  choose('category', '用车类别', '按事由判断', optionsOf(CATEGORIES), prefill.category),
  input('guests', '外单位人员(可不填)', '姓名、单位和公务关系', prefill.guests, LIMITS.guests),
  input('cars', '车辆数', '1', prefill.cars, 1),
  choose('drive', '驾驶方式', '选择驾驶方式', optionsOf(DRIVES), prefill.drive),
  input('phone', '联系电话', '供驾驶员联系', prefill.phone, LIMITS.phone),
  input('remark', '备注(可不填)', '', prefill.remark, LIMITS.remark),
]

export interface TripWords extends Omit<Prefill, 'starts' | 'ends' | 'headcount' | 'cars'> {
  startsAt: Date | undefined
  endsAt: Date | undefined
  place: string
  headcount: number | undefined
  cars: number
}

type Values = Record<string, unknown>

const word = (values: Values, name: string): string => {
  const value = values[name]
  return typeof value === 'string' ? value.trim() : ''
}

const code = <K extends string, F extends string>(
  values: Values,
  name: string,
  of: Record<K, unknown>,
  fallback: F,
): K | F => {
  const value = word(values, name)
  return Object.hasOwn(of, value) ? (value as K) : fallback
}

/** A submitted form, as `tripForm` names its fields; anything of another shape reads as empty, and a count that is none as NaN. */
export function readTripForm(values: Values): TripWords {
  const { passengers } = values
  const headcount = word(values, 'headcount')
  return {
    startsAt: readMoment(word(values, 'starts')),
    endsAt: readMoment(word(values, 'ends')),
    origin: word(values, 'origin'),
    destination: word(values, 'destination'),
    place: word(values, 'place'),
    via: word(values, 'via'),
    reach: code(values, 'reach', REACHES, ''),
    purpose: word(values, 'purpose'),
    ground: code(values, 'ground', GROUNDS, ''),
    basis: word(values, 'basis'),
    category: code(values, 'category', CATEGORIES, ''),
    user: word(values, 'user'),
    passengers: Array.isArray(passengers)
      ? passengers.filter(id => typeof id === 'string').slice(0, LIMITS.passengers + 1)
      : [],
    names: word(values, 'names'),
    guests: word(values, 'guests'),
    headcount: headcount ? Number(headcount.replace(/人$/, '')) : undefined,
    cars: Number(word(values, 'cars').replace(/[辆台]$/, '') || 1),
    drive: code(values, 'drive', DRIVES, 'driver'),
    phone: word(values, 'phone'),
    remark: word(values, 'remark'),
  }
}

/** The 事由类别 that a draft's own card was sent with. */
export const readGround = (values: Values): Ground | '' => code(values, 'ground', GROUNDS, '')

const DRAFTED = '保存后先显示审批流程和有关规定,核对无误再提交。'
const RESENT = '保存后即退回所涉及的环节重新审批,改动了时间、人数等的,已派车辆交回;只改电话、备注的,审批和派车不变。'

const MOMENT = /^(\d{4}-\d{2}-\d{2}) ([01]\d|2[0-3]):([0-5]\d)/

/** `2026-11-28 08:30 +0800`; undefined for anything else, also a day that does not exist. */
export function readMoment(picked: string): Date | undefined {
  const [, day = '', hour = '', minute = ''] = MOMENT.exec(picked) ?? []
  if (!day) return undefined
  const midnight = new Date(`${day}T00:00:00Z`)
  const exists = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day)
  return exists ? new Date(toInstant(day, `${hour}:${minute}`)) : undefined
}

/** An instant as a picker takes it. */
export const momentOf = (at: Date | undefined): string => (at ? `${dayIn(at)} ${clockOf(at)}` : '')

/** A request as its form shows it. */
export const prefillOf = (trip: Trip): Prefill => ({
  ...trip,
  starts: momentOf(trip.startsAt),
  ends: momentOf(trip.endsAt),
  names: '',
  headcount: String(trip.headcount),
  cars: String(trip.cars),
  drive: trip.selfDrive ? 'self' : 'driver',
})

/** 特别紧急: who consented, how and when (domain.md 4.3). */
export function urgentForm(trip: Pick<Trip, 'id' | 'rev'>, line: string, leaders: Option[], now: Date): Card {
  return card(
    '用车 · 特别紧急',
    'yellow',
    text(line),
    text('先经领导口头同意的,登记同意人后直接派车,并于下一工作日下班前补办审批手续。'),
    leaders.length
      ? form(
          'urgent',
          [
            required(choose('consentedBy', '同意用车的领导', '选择同意人', leaders, '')),
            choose('way', '同意方式', '选择方式', optionsOf(CONSENTS), 'phone'),
            { kind: 'moment', name: 'consentedAt', label: '同意时间', hint: '选择同意时间', value: momentOf(now) },
          ],
          [
            {
              label: '登记并派车',
              action: 'car.urgent',
              value: { id: trip.id, rev: trip.rev, asked: 1 },
              style: 'primary',
              confirm: { title: '特别紧急', text: '登记后立即送车管员派车,并通知所选领导。确定已经口头同意吗?' },
            },
          ],
        )
      : note('没有可以选择的领导,请先在 /角色 中设置。'),
  )
}

export interface ConsentWords {
  consentedBy: string
  way: Consent
  consentedAt: Date | undefined
}

/** A submitted `urgentForm`. */
export const readConsent = (values: Values): ConsentWords => ({
  consentedBy: word(values, 'consentedBy'),
  way: code(values, 'way', CONSENTS, 'phone'),
  consentedAt: readMoment(word(values, 'consentedAt')),
})
