import { nameOf } from '../../kit/acted.ts'
import { type Block, fields, fold, note, type Piece, type Rich, text, tint } from '../../kit/card.ts'
import { shorten } from '../../kit/text.ts'
import { clockOf, dayIn, dueMarks, formatDue, formatInstant, formatShort } from '../../kit/time.ts'
import {
  type Guests,
  type Invitation,
  type Meeting,
  type MeetingWish,
  type Setting,
  unitOf,
  type Was,
} from './meeting.ts'

/** Who reads a notice: phones are not for a group's eyes, and of whoever comes by their office or for another no reply is asked. */
export type Audience = 'invited' | 'coming' | 'group'

/** A meeting as it is told to whoever is asked only since its time or place moved: for them nothing has changed. */
export const asToldTo = (who: Pick<Invitation, 'id'>, meeting: Meeting): Meeting =>
  meeting.was?.told && who.id > meeting.was.told.upTo ? asNews(meeting) : meeting

export const asNews = (meeting: Meeting): Meeting => ({ ...meeting, was: undefined })

/** What a card that notifies says above all: `【会议通知】`, `【变更】` after time or place moved, `【取消】`. */
export const noticeMark = ({ state, was }: Pick<Meeting, 'state' | 'was'>): string =>
  state === 'cancelled' ? '【取消】' : was ? '【变更】' : '【会议通知】'

/** `【会议通知】关于召开安全生产例会的通知`. */
export function noticeHead(meeting: Meeting): string {
  const mark = noticeMark(meeting)
  return mark === '【会议通知】' ? `${mark}关于召开${meeting.title}的通知` : `${mark}${meeting.title}`
}

/** The notice as the invited read it (domain.md 3.1, 12.1). */
export function noticeBlocks(meeting: Meeting, setting: Setting, audience: Audience = 'invited'): Block[] {
  return [
    factsOf(meeting, setting, audience, meeting.was),
    ...agendaBlocks(meeting),
    ...(ASKS.includes(meeting.state) ? [note(requestWords(meeting, setting, audience))] : []),
  ]
}

/** What was settled, row by row; `was`: time and place before they moved. */
export function factsOf(meeting: Meeting, setting: Setting, audience: Audience, was: Was | undefined): Block {
  const { names } = setting
  const { branches, checkInAt, level, materials, dress, parking, remark, guests } = meeting
  const rows: Array<readonly [string, Rich] | undefined> = [
    ['时间', [whenWords(meeting, setting), ...wasTime(meeting, was, setting)]],
    checkInAt && ['报到', clockWords(checkInAt, meeting, setting)],
    ['地点', [meeting.place, ...wasPlace(meeting, was)]],
    branches ? ['视频分会场', branches] : undefined,
    hostWords(meeting, setting),
    ['参会', guestWords(guests, level, setting)],
    guests.listeners.length ? ['列席', someNames(guests.listeners, names)] : undefined,
    materials ? ['材料', materials] : undefined,
    dress ? ['着装', dress] : undefined,
    parking ? ['停车', parking] : undefined,
    ['承办', unitOf(meeting.unit, setting.units)],
    ['联系人', contactWords(meeting, setting, audience)],
    remark ? ['备注', remark] : undefined,
  ]
  return fields(...rows)
}

/** `2026年11月27日(星期五)14:30,会期约1小时30分`. */
export function whenWords(
  { startsAt, endsAt }: Pick<MeetingWish, 'startsAt' | 'endsAt'>,
  { now, customs }: Pick<Setting, 'now' | 'customs'>,
): string {
  const isOneDay = dayIn(startsAt) === dayIn(endsAt)
  const span = isOneDay
    ? `${formatShort(startsAt, now)}至${clockOf(endsAt)}${dueMarks(startsAt, now, customs.calendar)}`
    : `${formatDue(startsAt, now, customs.calendar)}至${formatDue(endsAt, now, customs.calendar)}`
  return `${span},会期${lengthWords(endsAt.getTime() - startsAt.getTime())}`
}

function lengthWords(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  const [days, hours, rest] = [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60), minutes % 60]
  const words = [days ? `${days}天` : '', hours ? `${hours}小时` : '', rest ? `${rest}分钟` : '']
  return `约${words.join('') || '0分钟'}`
}

function wasTime(meeting: MeetingWish, was: Was | undefined, setting: Setting): Piece[] {
  const same =
    !was || (was.startsAt.getTime() === meeting.startsAt.getTime() && was.endsAt.getTime() === meeting.endsAt.getTime())
  return same ? [] : [' ', tint('yellow', `(原为${whenWords(was, setting)})`)]
}

const wasPlace = ({ place }: Pick<MeetingWish, 'place'>, was: Was | undefined): Piece[] =>
  !was || was.place === place ? [] : [' ', tint('yellow', `(原为${was.place})`)]

const clockWords = (at: Date, { startsAt }: Pick<MeetingWish, 'startsAt'>, { now, customs }: Setting): string =>
  dayIn(at) === dayIn(startsAt) ? clockOf(at) : formatDue(at, now, customs.calendar)

function hostWords({ convener, presider }: MeetingWish, { names }: Setting): readonly [string, string] | undefined {
  if (convener === '') return presider === '' ? undefined : ['主持', nameOf(presider, names)]
  const presides = presider === convener ? '并主持' : presider === '' ? '' : `,${nameOf(presider, names)}主持`
  return ['召集', `${nameOf(convener, names)}召集${presides}`]
}

const SHOWN_NAMES = 20

function someNames(ids: readonly string[], names: Setting['names']): string {
  const shown = ids.slice(0, SHOWN_NAMES).map(id => nameOf(id, names))
  return `${shown.join('、')}${ids.length > SHOWN_NAMES ? `等${ids.length}人` : ''}`
}

/** Whom it asks, in words: level, units, groups, then people by name. */
export function guestWords(guests: Guests, level: string, { names, units }: Pick<Setting, 'names' | 'units'>): string {
  const { people, departments, chats, units: naming } = guests
  const parts = [
    ...some(departments.map(id => unitOf(id, units))),
    ...some(chats.map(id => `“${shorten(names.get(id) || '群聊', 20)}”群成员`)),
    ...some(naming.map(({ unit, places }) => `${unitOf(unit, units)}${places}人`)),
    ...(people.length ? [someNames(people, names)] : []),
  ]
  return [level, parts.join('、')].filter(part => part !== '').join(':') || '未定'
}

const some = (words: readonly string[]): string[] =>
  words.length > SHOWN_NAMES ? [...words.slice(0, SHOWN_NAMES), `等${words.length}个单位`] : [...words]

function contactWords({ contact, phone }: MeetingWish, { names }: Setting, audience: Audience): string {
  return `${nameOf(contact, names)}${phone && audience !== 'group' ? `,${phone}` : ''}`
}

function agendaBlocks({ agenda }: Pick<MeetingWish, 'agenda'>): Block[] {
  const lines = agenda.map(({ topic, reporter, minutes }, i) => {
    const more = [reporter && `${reporter}汇报`, minutes ? `${minutes}分钟` : ''].filter(part => part !== '').join(',')
    return text(`${i + 1}. ${topic}${more ? `(${more})` : ''}`)
  })
  if (lines.length <= 5) return lines.length ? [note('议程'), ...lines] : []
  return [fold(`议程(${lines.length}项)`, ...lines)]
}

/** Once it has begun nobody is asked to answer, or to come early, any more. */
const ASKS: readonly Meeting['state'][] = ['draft', 'submitted', 'notified']

/** What is asked of those who read it (domain.md 12.1, MT-02). */
function requestWords(
  { replyBy, discipline, urgent, was }: Meeting,
  { now, customs }: Setting,
  audience: Audience,
): string {
  const asks = replyBy
    ? `请${was ? '重新确认参会情况,' : ''}于${formatDue(replyBy, now, customs.calendar)}前报送回执;确需请假的,请履行请假手续并报明代会人员,未经批准不得替会。`
    : '确需请假的,请履行请假手续,未经批准不得替会。'
  const reply = audience === 'coming' ? '' : asks
  const order = discipline || '请提前10分钟入场,手机静音'
  return `${urgent ? '会议紧急,承办科室另行电话确认。' : ''}${reply}${order}。本会议为非涉密会议。`.replace(
    /。。/g,
    '。',
  )
}

/** `11月27日(周五)14:30 安全生产例会`. */
export const headOf = (
  { startsAt, title }: Pick<Meeting, 'startsAt' | 'title'>,
  { now, customs }: Pick<Setting, 'now' | 'customs'>,
): string => `${formatDue(startsAt, now, customs.calendar)} ${shorten(title, 30)}`

/** `【变更】…时间由…调整为…,地点不变。` (domain.md 12.1). */
export function changeWords({ title, ...now }: MeetingWish, was: Was, audience: Audience = 'invited'): string {
  const moved = was.startsAt.getTime() !== now.startsAt.getTime() || was.endsAt.getTime() !== now.endsAt.getTime()
  const time = moved ? `时间由${spanInFull(was)}调整为${spanInFull(now)}` : '时间不变'
  const place = was.place === now.place ? '地点不变' : `地点由${was.place}调整为${now.place}`
  const asks = audience === 'coming' ? '' : '请重新确认参会情况。'
  return `【变更】${title}${time},${place}。${asks}给您工作带来不便,敬请谅解。`
}

/** `【变更】安全生产例会的议程、备注有调整,时间、地点不变。` */
export const differenceWords = ({ title }: Pick<Meeting, 'title'>, labels: readonly string[]): string =>
  `【变更】${title}的${labels.join('、')}有调整,时间、地点不变。`

/** `2026年11月27日(星期五)14:30-16:00`. */
const spanInFull = ({ startsAt, endsAt }: Pick<Was, 'startsAt' | 'endsAt'>): string =>
  `${formatInstant(startsAt)}-${dayIn(startsAt) === dayIn(endsAt) ? clockOf(endsAt) : formatInstant(endsAt)}`

/** `【取消】原定…召开的…因故取消,后续安排另行通知。` (domain.md 12.1). */
export const cancelWords = ({ title, startsAt, word }: Pick<Meeting, 'title' | 'startsAt' | 'word'>): string =>
  `【取消】原定${formatInstant(startsAt)}召开的${title}因故取消${word ? `(${word})` : ''},后续安排另行通知。`
