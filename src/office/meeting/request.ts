import { type Customs, hoursOn, readTime } from '../../kit/customs.ts'
import { Refusal } from '../../kit/refusal.ts'
import { halfWidth, standard } from '../../kit/text.ts'
import { addDays, dayIn, namesClock, toInstant, workdayUpTo } from '../../kit/time.ts'
import { mixedIn, mixedWords } from './cycle.ts'
import { type AgendaItem, EXAMPLE, LIMITS, type Meeting, type MeetingWish } from './meeting.ts'
import { refuseSecret } from './rules.ts'
import { CLASSES, KINDS, type Kind, type MeetingClass, type MeetingScope } from './terms.ts'
import { textOf } from './wording.ts'

const LABELS = {
  title: ['会议名称', '名称', '主题'],
  place: ['地点', '会议地点'],
  presider: ['主持人', '主持'],
  convener: ['召集人', '召集'],
  listeners: ['列席人员', '列席'],
  people: ['参会人员', '参会', '出席', '参加'],
  contact: ['联系人'],
  phone: ['联系电话', '电话'],
  agenda: ['议题', '议程'],
  replyBy: ['回执截止', '回执'],
  checkIn: ['报到时间', '报到'],
  units: ['单位', '参会单位'],
  level: ['范围', '参会范围', '级别'],
  branches: ['分会场', '视频分会场'],
  materials: ['材料要求', '材料'],
  dress: ['着装'],
  speech: ['讲话', '主要讲话'],
  parking: ['车辆停放', '停车'],
  discipline: ['会议纪律', '纪律'],
  remark: ['备注', '说明'],
} as const
export type Label = keyof typeof LABELS

const CANON: ReadonlyMap<string, Label> = new Map(
  (Object.keys(LABELS) as Label[]).flatMap(label => LABELS[label].map(word => [word, label] as const)),
)
const anyOf = (words: Iterable<string>): string => [...words].sort((a, b) => b.length - a.length).join('|')
/** Whom an @ follows, needs no colon. */
const WHO = (['presider', 'convener', 'listeners', 'people', 'contact'] as const).flatMap(label => LABELS[label])
const MARK = new RegExp(`(?:^|[\\s,;。])(?:(${anyOf(CANON.keys())})[ \\t]*:[ \\t]*|(${anyOf(WHO)})[ \\t]*(?=@))`, 'g')
/** `@李静 主持` is `主持:@李静`. */
const HOST_BEHIND = /(?:由[ \t]*)?(@[^\s@]+)[ \t]*(主持|召集)(?=[\s,;。]|$)(?![ \t]*@)/g
/** Of these one word is meant; the others run on to the next label or the end of the line. */
const ONE_WORD: ReadonlySet<Label> = new Set<Label>([
  'title',
  'place',
  'presider',
  'convener',
  'contact',
  'phone',
  'listeners',
  'people',
  'units',
])

/** What a line says beside its time; names, rooms and units are still words. */
export interface Line {
  labelled: Partial<Record<Label, string>>
  startsAt: Date | undefined
  endsAt: Date | undefined
  /** What is to be asked of the time. */
  doubt: string | undefined
  /** Words that stand by themselves: title, place, and whom it asks. */
  words: string[]
  isUrgent: boolean
  isVideo: boolean
  asksNoReply: boolean
  planned: boolean
  kind: Kind | undefined
  class: MeetingClass | ''
  scope: MeetingScope | undefined
  /** The first word that says what sort of meeting it is and may be all that names it: `专题会`. */
  sort: string
}

/** Reads `11月27日14:30-16:00 三楼会议室 安全生产例会 @王强 主持:张明 紧急`. */
export function readLine(said: string, now: Date, customs: Customs): Line {
  const { bare, labelled } = labelsIn(halfWidth(said).replace(HOST_BEHIND, ' $2:$1 '))
  const { text, minutes } = lengthIn(bare)
  const mixed = mixedIn(text, now, customs)
  const { rest, ...read } = timeIn(mixed ? `${mixed.momentSaid} ${mixed.rest}` : text, minutes, now, customs)
  const time = mixed ? { ...read, doubt: mixedWords(mixed) } : read
  const found: Line = { ...NOTHING, ...time, labelled, words: [] }
  for (const word of rest.split(/[\s,;。]+/)) if (word && !hear(word, found)) found.words.push(word)
  return found
}

const NOTHING = {
  isUrgent: false,
  isVideo: false,
  asksNoReply: false,
  planned: false,
  kind: undefined,
  class: '' as const,
  scope: undefined,
  sort: '',
}

/** Several people stand behind these, each with an @ of their own. */
const SEVERAL: ReadonlySet<Label> = new Set<Label>(['listeners', 'people'])

/** How far what stands behind a label reaches. */
function reachOf(label: Label): RegExp {
  if (SEVERAL.has(label)) return /^[^\s,;。]*(?:\s+@[^\s,;。]*)*/
  if (ONE_WORD.has(label)) return /^[^\s,;。]*/
  return label === 'agenda' ? /^[\s\S]*/ : /^[^\n]*/
}

/** Words at the end of a line that mean something by themselves. */
const TRAILING =
  /(?:\s+(?:@\S+|特?急|(?:特别)?紧急(?:会议)?|视频(?:会议)?|(?:无需|不需|不用|免)(?:报送)?回执|计划[内外]))+\s*$/

/** The line without what stands behind labels, and that. */
function labelsIn(line: string): Pick<Line, 'labelled'> & { bare: string } {
  const marks = [...standard(line).matchAll(MARK)]
  const labelled: Line['labelled'] = {}
  let bare = line.slice(0, marks[0]?.index)
  for (const [at, mark] of marks.entries()) {
    const label = CANON.get(mark[1] ?? mark[2] ?? '')
    if (!label) continue
    const behind = line.slice(mark.index + mark[0].length, marks[at + 1]?.index)
    const [value = ''] =
      reachOf(label)
        .exec(behind)
        ?.map(said => said.slice(0, TRAILING.exec(standard(said))?.index)) ?? []
    labelled[label] = value.trim().replace(/[,;。]$/, '')
    bare += ` ${behind.slice(value.length)}`
  }
  return { bare, labelled }
}

/** What else is to be said, as lines `着装:正装`; what stands behind no label is a remark. */
export type Details = Pick<
  MeetingWish,
  'level' | 'branches' | 'materials' | 'dress' | 'parking' | 'discipline' | 'remark' | 'speech'
>

const DETAILS = [
  ['level', '范围'],
  ['branches', '分会场'],
  ['materials', '材料'],
  ['dress', '着装'],
  ['parking', '停车'],
  ['discipline', '纪律'],
  ['remark', '备注'],
] as const

export function readDetails(text: string): Details {
  const { bare, labelled } = labelsIn(halfWidth(text))
  const of = (label: Label): string => labelled[label] ?? ''
  const remark = [of('remark'), bare.replace(/[\s;]+/g, ' ').trim()].filter(word => word !== '').join(' ')
  return {
    ...{ level: of('level'), branches: of('branches'), materials: of('materials'), dress: of('dress') },
    ...{ parking: of('parking'), discipline: of('discipline'), remark },
    speech: Number(of('speech').replace(/分钟?$/, '') || 0),
  }
}

/** Details as they are typed. */
export const detailsText = (of: Details): string =>
  [
    ...DETAILS.map(([name, label]) => (of[name] ? `${label}:${of[name]}` : '')),
    of.speech ? `讲话:${of.speech}分钟` : '',
  ]
    .filter(line => line !== '')
    .join('\n')

const LENGTH = /(?:会期|时长|历时)?(?:约|大约)?(半|\d{1,2}(?:\.5)?|[一两二三四五])个?(半)?(小时|分钟|天)(?=$|[\s,;。])/

const COUNTS: Record<string, number> = { 半: 0.5, 一: 1, 两: 2, 二: 2, 三: 3, 四: 4, 五: 5 }

/** How long it takes, where the line says so. */
function lengthIn(line: string): { text: string; minutes: number | undefined } {
  const found = LENGTH.exec(standard(line))
  if (!found) return { text: line, minutes: undefined }
  const [said, number = '', more, unit = ''] = found
  const amount = (COUNTS[number] ?? Number(number)) + (more ? 0.5 : 0)
  const minutes = amount * { 小时: 60, 分钟: 1, 天: DAY_MINUTES }[unit as '小时' | '分钟' | '天']
  return { text: `${line.slice(0, found.index)} ${line.slice(found.index + said.length)}`, minutes }
}

const DAY_MINUTES = 1_440
/** A meeting of which no end is said. */
const USUAL_MINUTES = 90

const UNREADABLE = {
  past: '所写的会议时间已经过去,请重新选择。',
  recurrence: '请选择本次会议的时间;定期会议可在首次会议发布后设置。',
  invalid: '所写的会议时间不存在,请重新选择。',
  deadline: '请选择会议开始和结束时间。',
  none: '请选择会议开始和结束时间。',
}

function timeIn(text: string, minutes: number | undefined, now: Date, customs: Customs) {
  const read = readTime(text, now, customs)
  const none = { startsAt: undefined, endsAt: undefined, rest: read.rest }
  switch (read.kind) {
    case 'range': {
      const [startsAt, endsAt] = [onClock(read.start, 'opens', customs), onClock(read.end, 'closes', customs)]
      const isClear = read.start.length > 10 && read.end.length > 10
      return { startsAt, endsAt, doubt: isClear ? undefined : '请核对会议开始和结束时间。', rest: read.rest }
    }
    case 'instant': {
      const startsAt = new Date(read.start)
      const isClear = namesClock(text, now.toISOString()) || minutes !== undefined
      const endsAt =
        minutes !== undefined && minutes >= DAY_MINUTES
          ? onClock(addDays(startsAt, Math.ceil(minutes / DAY_MINUTES) - 1), 'closes', customs)
          : new Date(startsAt.getTime() + (minutes ?? USUAL_MINUTES) * 60_000)
      return { startsAt, endsAt, doubt: isClear ? undefined : '请核对会议开始和结束时间。', rest: read.rest }
    }
    case 'date':
      return { ...none, startsAt: onClock(read.start, 'opens', customs), doubt: '请选择会议开始和结束的钟点。' }
    default:
      return { ...none, doubt: UNREADABLE[read.kind] }
  }
}

const onClock = (at: string, edge: 'opens' | 'closes', customs: Customs): Date =>
  new Date(at.length === 10 ? toInstant(at, hoursOn(at, customs)[edge]) : at)

const codeOf = <K extends string>(of: Record<K, string>, word: string): K | undefined =>
  (Object.keys(of) as K[]).find(key => of[key] === word)

/** Words that mean something by themselves. */
function hear(typed: string, found: Line): boolean {
  const word = standard(typed)
  if (/^(?:特别)?紧急(?:会议)?$|^特?急$/.test(word)) found.isUrgent = true
  else if (/^视频(?:会议)?$/.test(word)) found.isVideo = true
  else if (/^(?:无需|不需|不用|免)(?:报送)?回执$/.test(word)) found.asksNoReply = true
  else if (/^计划[内外]$/.test(word)) found.planned = word === '计划内'
  else if (/^直达基层$/.test(word)) found.scope = 'grassroots'
  else if (/^全市(?:会议)?$/.test(word)) found.scope = 'city'
  else if (/^本?系统$/.test(word)) found.scope = 'system'
  else if (codeOf(KINDS, word)) found.kind = codeOf(KINDS, word)
  else if (codeOf(CLASSES, word.replace(/会议$/, ''))) found.class = codeOf(CLASSES, word.replace(/会议$/, '')) ?? ''
  else return /^在$|^召开$|^开会$/.test(word)
  if (isTitleWord(word)) found.sort ||= typed
  return true
}

const PLACE = /(?:室|厅|楼|堂|中心|会场|层|院|局|委|馆|大厦|酒店|宾馆|\d{3,4})$/
const TITLE = /(?:会|会议|座谈|培训|培训班|调度|部署|动员|推进|学习|研讨|论坛|讲座|班)$/

/** Which of the words left is the title, and which the place; `room`: the word that is a room of ours. */
export function titleAndPlace(words: readonly string[], room: string | undefined): { title: string; place: string } {
  const others = words.filter(word => word !== room)
  if (room !== undefined || others.length < 2) {
    const [only = ''] = others
    const isPlace = room === undefined && isPlaceWord(only)
    return isPlace ? { title: '', place: only } : { title: others.join(' '), place: room ?? '' }
  }
  const place = others.find(isPlaceWord) ?? others.find(word => !isTitleWord(word))
  return { title: others.filter(word => word !== (place ?? others[0])).join(' '), place: place ?? others[0] ?? '' }
}

/** Whether a word may well be where something is held. */
export const isPlaceWord = (word: string): boolean => PLACE.test(standard(word)) && !isTitleWord(word)

const isTitleWord = (word: string): boolean => TITLE.test(standard(word))

/** `东湖区委政法委2人、南山区法院` as units and how many each may send. */
export const readPlaces = (text: string): Array<{ name: string; places: number }> =>
  text
    .split(/[、,;\s]+/)
    .filter(word => word !== '')
    .map(word => {
      const [, name = word, places] = /^(.+?)(\d{1,3})(?:人|名)?$/.exec(word) ?? []
      return { name, places: places ? Number(places) : 1 }
    })

const NUMBERING = /^\s*(?:[(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)\uff09.\uff0e、]\s*)/
const MINUTES = /[(,\uff0c]?\s*(\d{1,3})\s*分钟\s*[)]?/
const REPORTER = /[(,\uff0c]\s*([^(),\uff0c]{1,30}?)汇报\s*[)]?/

/** `1. 通报三季度情况(综治科汇报,10分钟)`, one topic a line or parted by semicolons. */
export function readAgenda(text: string): AgendaItem[] {
  return halfWidth(text)
    .split(/[\n;]|(?<=\S)\s+(?=\d{1,2}[.、])/)
    .map(line => line.replace(NUMBERING, '').trim())
    .filter(line => line !== '')
    .map(line => {
      const minutes = Number(MINUTES.exec(line)?.[1] ?? 0)
      const bare = line.replace(MINUTES, match => (match.startsWith('(') && !match.endsWith(')') ? '(' : ''))
      const reporter = REPORTER.exec(bare)?.[1]?.trim() ?? ''
      return {
        topic: bare
          .replace(REPORTER, '')
          .replace(/[()]\s*$/, '')
          .trim(),
        reporter,
        minutes,
      }
    })
}

/** An agenda as it is typed. */
export const agendaText = (agenda: readonly AgendaItem[]): string =>
  agenda
    .map(({ topic, reporter, minutes }) => {
      const more = [reporter && `${reporter}汇报`, minutes ? `${minutes}分钟` : ''].filter(part => part !== '')
      return `${topic}${more.length ? `(${more.join(',')})` : ''}`
    })
    .join('\n')

/** Until when an answer is asked for if nothing is said: the workday before at noon, or an hour before it begins. */
export function usualReplyBy(startsAt: Date, now: Date, customs: Customs): Date | undefined {
  const eve = workdayUpTo(addDays(startsAt, -1), customs.calendar)
  const noon = new Date(toInstant(eve, '12:00'))
  if (noon.getTime() - now.getTime() >= HOUR_MS) return noon
  const late = new Date(startsAt.getTime() - HOUR_MS)
  return late > now ? late : undefined
}

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** Until when an answer is asked for, or when people report, as it was said. */
export function readMomentSaid(text: string, startsAt: Date, now: Date, customs: Customs): Date | undefined {
  const clock = /^(\d{1,2}):(\d{2})$/.exec(text.trim())
  if (clock) return new Date(toInstant(dayIn(startsAt), `${(clock[1] ?? '').padStart(2, '0')}:${clock[2]}`))
  const read = readTime(text, now, customs)
  if (read.kind === 'instant') return new Date(read.start)
  if (read.kind === 'deadline') return new Date(read.end.length === 10 ? toInstant(read.end, '12:00') : read.end)
  return read.kind === 'date' ? new Date(toInstant(read.start, '12:00')) : undefined
}

const TEXTS = [
  ['title', '会议名称', LIMITS.title],
  ['place', '地点', LIMITS.place],
  ['branches', '视频分会场', LIMITS.words],
  ['phone', '联系电话', LIMITS.phone],
  ['level', '参会范围', LIMITS.words],
  ['materials', '材料要求', LIMITS.words],
  ['dress', '着装', LIMITS.words],
  ['parking', '车辆停放', LIMITS.words],
  ['discipline', '会议纪律', LIMITS.words],
  ['remark', '备注', LIMITS.words],
] as const

/** What people settle, held against the limits; `before`: what it was. @throws Refusal naming what is missing or too much. */
export function checkWish(wish: MeetingWish, now: Date, before?: MeetingWish): MeetingWish {
  refuseSecret(textOf(wish))
  const [fault] = CHECKS.map(check => check(wish, now, before)).filter(one => typeof one === 'string')
  if (fault) throw new Refusal(fault, EXAMPLE)
  return wish
}

const CHECKS: Array<(wish: MeetingWish, now: Date, before?: MeetingWish) => string | false | undefined> = [
  ({ title }) => !title && '请填写会议名称',
  ({ place }) => !place && '请填写会议地点',
  ({ startsAt, endsAt }) => endsAt <= startsAt && '会议结束时间须晚于开始时间',
  ({ startsAt }, now) => startsAt <= now && '会议时间已经过去',
  ({ startsAt, endsAt }) =>
    endsAt.getTime() - startsAt.getTime() > LIMITS.days * DAY_MS && `一次会议最长${LIMITS.days}天`,
  ({ startsAt }, now) =>
    startsAt.getTime() - now.getTime() > LIMITS.ahead * DAY_MS && `会议最多提前${LIMITS.ahead}天通知`,
  ({ phone }, _now, before) =>
    phone !== '' &&
    phone !== before?.phone &&
    !/\d{3}/.test(halfWidth(phone)) &&
    '联系电话请填写号码,例如:0512-83621234',
  wish => {
    const long = TEXTS.find(([name, , limit]) => wish[name].length > limit)
    return long && `${long[1]}请控制在${long[2]}字以内`
  },
  ({ guests }) =>
    guests.people.length + guests.listeners.length > LIMITS.people &&
    `逐一列名的最多${LIMITS.people}人,请按部门或群组通知`,
  ({ guests }) => guests.departments.length > LIMITS.departments && `参会部门最多${LIMITS.departments}个`,
  ({ guests }) => guests.chats.length > LIMITS.chats && `参会群组最多${LIMITS.chats}个`,
  ({ guests }) => guests.units.length > LIMITS.units && `自行报名的单位最多${LIMITS.units}个`,
  ({ guests }) =>
    guests.units.some(({ places }) => !Number.isInteger(places) || places < 1 || places > LIMITS.places) &&
    `每个单位的名额请填写1至${LIMITS.places}之间的整数`,
  ({ guests: { people, departments, chats, units, listeners } }) =>
    ![people, departments, chats, units, listeners].some(some => some.length) && '请选择参会人员、部门或群组',
  ({ agenda }) => agendaText(agenda).length > LIMITS.typed && `议程合计请控制在${LIMITS.typed}字以内`,
  wish => detailsText(wish).length > LIMITS.typed && `其他事项合计请控制在${LIMITS.typed}字以内`,
  ({ agenda }) => agenda.length > LIMITS.agenda && `议题最多${LIMITS.agenda}项`,
  ({ agenda }) =>
    agenda.some(({ topic, reporter }) => topic.length > LIMITS.topic || reporter.length > LIMITS.topic) &&
    `每项议题请控制在${LIMITS.topic}字以内`,
  ({ replyBy, startsAt }) => replyBy && replyBy > startsAt && '回执截止时间不能晚于会议开始时间',
  // what else is changed once it has passed leaves it as it was
  ({ replyBy }, now, before) =>
    replyBy && replyBy <= now && replyBy.getTime() !== before?.replyBy?.getTime() && '回执截止时间已经过去',
  ({ checkInAt, startsAt }) => checkInAt && checkInAt > startsAt && '报到时间不能晚于会议开始时间',
  ({ speech }) => (!Number.isInteger(speech) || speech < 0 || speech > 480) && '讲话时长请填写0至480之间的整数(分钟)',
]

/** A meeting before it was sent. */
export function drafted(
  wish: MeetingWish,
  by: { id: string; unit: string; chat: string; previous?: number | undefined; series?: number | undefined },
  now: Date,
): Omit<Meeting, 'id'> {
  return {
    ...wish,
    ...{ rev: 1, stateRev: 1, noticeRev: 1, state: 'draft', number: undefined },
    ...{ maker: by.id, unit: by.unit, chat: by.chat, steps: [], findings: [], change: undefined, was: undefined },
    ...{ series: by.series, previous: by.previous, createdAt: now, submittedAt: undefined },
    ...{ notifiedAt: undefined, endedAt: undefined, reminded: [], lastMove: '', word: '', movedBy: by.id },
    ...{ movedAt: now, movedFor: undefined, nextAt: undefined },
  }
}

/** The kind of a meeting by its name. */
export function kindOf(typed: string): Kind {
  const title = standard(typed)
  if (/党组|党委会|党支部|办公会|常委会|民主生活会/.test(title)) return 'party'
  if (/代表大会|全委会|全体会议|全会|选举/.test(title)) return 'statutory'
  return /专题|专项|调度|推进|研究/.test(title) ? 'special' : 'business'
}
