import { type Button, type Card, card, type Field, form, note, type Option, text } from '../../kit/card.ts'
import { clockOf, dayIn, toInstant } from '../../kit/time.ts'
import { LIMITS, type Meeting, type MeetingWish } from './meeting.ts'
import { agendaText, type Details, detailsText, readAgenda, readDetails } from './request.ts'
import { CLASSES, KINDS, type Kind, type MeetingClass, type MeetingScope, SCOPES } from './terms.ts'

/** 须报送回执, or 免回执. */
export type Answers = 'asked' | 'none'

/** What a form was opened or sent back with. */
export interface Prefill {
  title: string
  starts: string
  ends: string
  room: string
  place: string
  people: readonly string[]
  departments: readonly string[]
  /** People, groups and units that are still to be typed or corrected. */
  names: string
  units: string
  listeners: string
  presider: string
  convener: string
  contact: string
  phone: string
  reply: string
  /** Whether those who are asked are to answer. */
  answers: Answers
  agenda: string
  checkIn: string
  kind: Kind | ''
  scope: MeetingScope | ''
  class: MeetingClass | ''
  /** What else is to be said, a line each. */
  details: string
  planned: boolean
  urgent: boolean
}

/** What the form offers to choose from. */
export interface Offer {
  people: Option[]
  departments: Option[]
  rooms: Option[]
  /** Who may convene, preside or be asked about it. */
  hosts: Option[]
}

/** What the form is for: a new meeting, a change of one, one more like it. */
export interface Purpose {
  says: string | undefined
  meeting?: Pick<Meeting, 'id' | 'rev' | 'notifiedAt'>
  /** How many a change is told. */
  heads?: number
  previous?: number
}

const optionsOf = (of: Record<string, string>): Option[] =>
  Object.entries(of).map(([value, label]) => ({ value, label }))

const input = (name: string, label: string, hint: string, value: string, max: number, lines?: number): Field => ({
  ...{ kind: 'input', name, label, hint, value, max },
  ...(lines ? { lines } : {}),
})
const choose = (name: string, label: string, hint: string, options: Option[], value: string): Field => ({
  ...{ kind: 'choose', name, label, hint, options, value },
})
const many = (name: string, label: string, hint: string, options: Option[], value: readonly string[]): Field => ({
  ...{ kind: 'people', name, label, hint, options, value: [...value] },
})
const moment = (name: string, label: string, value: string): Field => ({
  ...{ kind: 'moment', name, label, hint: `选择${label.replace(/\(.*/, '')}`, value },
})
const required = (field: Field): Field => ({ ...field, required: true }) as Field

/** The form for a meeting; its field names are read by `readMeetingForm`. */
export function meetingForm(prefill: Prefill, offer: Offer, { says, meeting, heads = 0, previous }: Purpose): Card {
  const isOut = meeting?.notifiedAt !== undefined
  const value = { ...(meeting ? { id: meeting.id, rev: meeting.rev } : {}), ...(previous ? { previous } : {}) }
  const action = isOut ? 'meeting.change' : meeting ? 'meeting.edit' : 'meeting.create'
  return {
    ...card(
      isOut ? '会议 · 变更' : meeting ? '会议 · 修改' : '会议 · 填写',
      'grey',
      says ? text(says) : undefined,
      form(
        'meeting',
        [...mainFields(prefill, offer), ...moreFields(prefill, offer)],
        [isOut ? changeButton({ action, value }, heads) : { label: '保存', action, value, style: 'primary' }],
      ),
      note(
        isOut
          ? '确认后即通知全体参会人员;时间、地点调整的,须重新报送回执。'
          : '保存后先显示审批流程、有关规定和时间冲突,核对无误再发出。',
      ),
      note('涉密会议请按涉密会议管理要求线下组织。'),
    ),
    summary: '[会议] 请填写会议信息',
  }
}

/** What goes out says to how many. */
const changeButton = (press: Pick<Button, 'action' | 'value'>, heads: number): Button => ({
  ...press,
  label: '确认变更',
  style: 'primary',
  confirm: { title: '变更会议', text: `确认后将通知${heads}人(按现有参会范围),确定变更吗?` },
})

function mainFields(prefill: Prefill, { people, departments, rooms, hosts }: Offer): Field[] {
  const fields: Array<Field | undefined> = [
    required(input('title', '会议名称', '如:安全生产例会', prefill.title, LIMITS.title)),
    moment('starts', '开始时间', prefill.starts),
    moment('ends', '结束时间', prefill.ends),
    rooms.length ? choose('room', '会议室', '选择会议室', [ELSEWHERE, ...rooms], prefill.room) : undefined,
    input('place', '其他地点', '不在会议室的填写此项', prefill.place, LIMITS.place),
    people.length ? many('people', '参会人员', '选择人员', people, prefill.people) : undefined,
    departments.length ? many('departments', '参会部门', '选择部门', departments, prefill.departments) : undefined,
    input('names', '其他参会人员、部门、群', '写名称,用顿号分隔;全体写“全体”', prefill.names, 600),
    input('units', '自行报名的单位', '如:东湖区委政法委2人、南山区法院1人', prefill.units, 800),
    choose('presider', '主持人', '选择主持人', hosts, prefill.presider),
    moment('reply', '回执截止(不填则按上一工作日12:00)', prefill.reply),
    choose('answers', '回执', '选择', optionsOf(ANSWERS), prefill.answers),
    input('agenda', '议程(可不填)', '每行一项,如:通报情况(综治科汇报,10分钟)', prefill.agenda, LIMITS.typed, 4),
  ]
  return fields.filter(field => field !== undefined)
}

const ELSEWHERE: Option = { value: 'elsewhere', label: '不用会议室' }
const PLANS = { in: '计划内', out: '计划外' }
const ANSWERS: Record<Answers, string> = { asked: '须报送回执', none: '免回执' }
const URGENCIES = { normal: '一般会议', urgent: '紧急会议(另行电话确认)' }

const DETAILS_HINT = '每行一项,如:着装:正装;还可写停车、材料、纪律、范围、分会场、讲话、备注'

const moreFields = (prefill: Prefill, { hosts }: Offer): Field[] => [
  choose('convener', '召集人', '选择召集人', hosts, prefill.convener),
  choose('contact', '联系人', '选择联系人', hosts, prefill.contact),
  input('phone', '联系电话', '供参会人员联系', prefill.phone, LIMITS.phone),
  input('listeners', '列席人员(可不填)', '写姓名,用顿号分隔', prefill.listeners, 400),
  choose('kind', '会议类别', '按名称判断', optionsOf(KINDS), prefill.kind),
  choose('scope', '会议规模', '按参会范围判断', optionsOf(SCOPES), prefill.scope),
  choose('class', '会议等级(涉及会议费的填写)', '可不选', optionsOf(CLASSES), prefill.class),
  choose('planned', '年度会议计划', '选择', optionsOf(PLANS), prefill.planned ? 'in' : 'out'),
  choose('urgent', '紧急程度', '选择', optionsOf(URGENCIES), prefill.urgent ? 'urgent' : 'normal'),
  moment('checkIn', '报到时间(可不填)', prefill.checkIn),
  input('details', '其他事项(可不填)', DETAILS_HINT, prefill.details, LIMITS.typed, 4),
]

export interface MeetingWords
  extends Omit<Prefill, 'starts' | 'ends' | 'room' | 'reply' | 'answers' | 'checkIn' | 'agenda' | 'details'>,
    Pick<MeetingWish, 'agenda' | 'checkInAt' | 'replyBy'>,
    Details {
  startsAt: Date | undefined
  endsAt: Date | undefined
  /** '' where the form did not ask. */
  answers: Answers | ''
  /** Undefined: somewhere else. */
  room: number | undefined
}

type Values = Record<string, unknown>

const word = (values: Values, name: string): string => {
  const value = values[name]
  return typeof value === 'string' ? value.trim() : ''
}

const code = <K extends string>(values: Values, name: string, of: Record<K, unknown>): K | '' => {
  const value = word(values, name)
  return Object.hasOwn(of, value) ? (value as K) : ''
}

const ids = (values: Values, name: string): string[] => {
  const value = values[name]
  return Array.isArray(value) ? value.filter(id => typeof id === 'string').slice(0, LIMITS.people + 1) : []
}

/** A submitted form, as `meetingForm` names its fields; anything of another shape reads as empty, and a count that is none as NaN. */
export function readMeetingForm(values: Values): MeetingWords {
  return {
    ...{ title: word(values, 'title'), place: word(values, 'place'), names: word(values, 'names') },
    ...{ units: word(values, 'units'), listeners: word(values, 'listeners'), phone: word(values, 'phone') },
    ...{ presider: word(values, 'presider'), convener: word(values, 'convener'), contact: word(values, 'contact') },
    ...readDetails(word(values, 'details')),
    people: ids(values, 'people'),
    departments: ids(values, 'departments'),
    kind: code(values, 'kind', KINDS),
    scope: code(values, 'scope', SCOPES),
    class: code(values, 'class', CLASSES),
    startsAt: readMoment(word(values, 'starts')),
    endsAt: readMoment(word(values, 'ends')),
    checkInAt: readMoment(word(values, 'checkIn')),
    replyBy: readMoment(word(values, 'reply')),
    answers: code(values, 'answers', ANSWERS),
    room: /^\d{1,15}$/.test(word(values, 'room')) ? Number(word(values, 'room')) : undefined,
    agenda: readAgenda(word(values, 'agenda')),
    planned: word(values, 'planned') === 'in',
    urgent: word(values, 'urgent') === 'urgent',
  }
}

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

/** A meeting as its form shows it; what is named in words is put by the caller. */
export const prefillOf = (wish: MeetingWish, words: Pick<Prefill, 'names' | 'units' | 'listeners'>): Prefill => ({
  ...wish,
  ...words,
  starts: momentOf(wish.startsAt),
  ends: momentOf(wish.endsAt),
  room: wish.room === undefined ? 'elsewhere' : String(wish.room),
  place: wish.room === undefined ? wish.place : '',
  people: wish.guests.people,
  departments: wish.guests.departments,
  reply: momentOf(wish.replyBy),
  answers: wish.replyBy ? 'asked' : 'none',
  checkIn: momentOf(wish.checkInAt),
  agenda: agendaText(wish.agenda),
  details: detailsText(wish),
})
