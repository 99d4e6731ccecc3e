import { Refusal } from '../../kit/refusal.ts'
import { halfWidth } from '../../kit/text.ts'
import { type Heads, headcountOf, headsIn } from './head-words.ts'
import { countOf } from './numeral.ts'
import { placeAndPurpose } from './place-words.ts'
import { ridersOf } from './roles.ts'
import type { Category, Reach } from './terms.ts'
import { EXAMPLE, LIMITS, type Trip, type TripWish } from './trip.ts'

/** What a line says beside time and people; what it does not say is undefined or ''. */
export interface Labelled {
  /** What is to be asked of how many ride. */
  doubt: string | undefined
  origin: string
  destination: string
  via: string
  reach: Reach | undefined
  purpose: string
  basis: string
  category: Category | undefined
  /** Names as written. */
  user: string
  passengers: string
  guests: string
  headcount: number | undefined
  cars: number
  selfDrive: boolean
  isUrgent: boolean
  phone: string
  remark: string
}

const LABELS = {
  purpose: ['用车事由', '事由', '公务内容'],
  basis: ['依据', '来源依据'],
  destination: ['目的地', '地点'],
  origin: ['出发地', '上车地点'],
  via: ['途经', '途径'],
  user: ['用车人'],
  passengers: ['乘车人', '同行', '随行'],
  guests: ['外单位人员', '外单位'],
  phone: ['联系电话', '电话'],
  remark: ['备注', '说明'],
  heads: ['乘车人数', '人数'],
} as const
type Label = keyof typeof LABELS

const CANON: ReadonlyMap<string, Label> = new Map(
  (Object.keys(LABELS) as Label[]).flatMap(label => LABELS[label].map(word => [word, label] as const)),
)
const LABEL = new RegExp(`(?:^|[\\s,;。])(${[...CANON.keys()].join('|')})[ \\t]*:[ \\t]*`, 'g')
/** These run on to the next label or the end of the line; of the others one word is meant. */
const RUNNING: ReadonlySet<Label> = new Set<Label>(['purpose', 'basis', 'guests', 'remark'])

const REACHED: Record<string, Reach> = { 市内: 'town', 出市: 'beyond', 出省: 'province' }
const CATEGORY_WORDS: Record<string, Category> = {
  机要: 'confidential',
  机要通信: 'confidential',
  机要用车: 'confidential',
  机要通信用车: 'confidential',
  应急: 'emergency',
  应急保障: 'emergency',
  应急用车: 'emergency',
  应急保障用车: 'emergency',
  执法: 'enforcement',
  执法执勤: 'enforcement',
  执法用车: 'enforcement',
  执法执勤用车: 'enforcement',
  特种: 'special',
  特种专业技术: 'special',
  特种专业技术用车: 'special',
}
type Found = Partial<Labelled>
type Word = [word: RegExp, says: (found: RegExpExecArray) => Found | undefined]

/** Words that mean something by themselves wherever they stand. */
const OPTIONS: readonly Word[] = [
  [/^(\d|[一二两三四五])(?:辆|台)(?:车)?$/, ([, n = '']) => ({ cars: countOf(n) })],
  [/^(?:特别)?紧急$|^特?急$/, () => ({ isUrgent: true })],
  [/^(?:自驾|自行驾驶|自己开车)$/, () => ({ selfDrive: true })],
  [/^(市内|出市|出省)$/, ([, reach = '']) => ({ reach: REACHED[reach] })],
]
/** And those that do beside a destination. */
const WORDS: readonly Word[] = [
  ...OPTIONS,
  [/^([一-鿿]{2,8})$/, ([, word = '']) => (CATEGORY_WORDS[word] ? { category: CATEGORY_WORDS[word] } : undefined)],
  [/^(?:途经|途径|经由)(.{2,})$/, ([, via = '']) => ({ via })],
  [
    /^[从由](.{1,20}?)(?:出发)?(?:到|至|去|前往)(.{2,})$/,
    ([, origin = '', destination = '']) => ({ origin, destination }),
  ],
  [/^[从由](.{1,20}?)出发$/, ([, origin = '']) => ({ origin })],
]

/** Reads `区法院 调研座谈 3人 依据:… 出省 自驾` out of a line that holds no time and no people any more. */
export function readLabels(line: string): Labelled {
  const said: Found = {}
  const heads: Heads[] = []
  const hear = (words: readonly Word[]) => (word: string) => {
    const some = headsIn(word)
    if (some) heads.push(some)
    return some !== undefined || understand(word, words, said)
  }
  const { bare, labelled } = labelsIn(halfWidth(line))
  for (const [label, value] of labelled) {
    const words = RUNNING.has(label) ? leftOf(value.split(/\s+/), hear(OPTIONS)).join(' ') : value
    if (label !== 'heads') said[label] = words
    else heads.push({ all: Object.values(headsIn(`${words.replace(/人$/, '')}人`) ?? {})[0] ?? 0 })
  }
  const words = leftOf(bare.split(/[\s,;。]+/), hear(WORDS)).filter(word => word !== '出发')
  const read = said.destination ? { destination: said.destination, purpose: words.join(' ') } : placeAndPurpose(words)
  const purpose = [read.purpose, said.purpose ?? ''].filter(word => word !== '').join(' ')
  const { headcount, doubt } = headcountOf(heads, words.join(' '))
  return { ...NOTHING, ...said, ...read, purpose, headcount, doubt }
}

/** The line without what stands behind labels, and that. */
function labelsIn(line: string): { bare: string; labelled: Array<[Label, string]> } {
  const marks = [...line.matchAll(LABEL)]
  const labelled: Array<[Label, string]> = []
  let bare = line.slice(0, marks[0]?.index)
  for (const [at, mark] of marks.entries()) {
    const label = CANON.get(mark[1] ?? '')
    if (!label) continue
    const behind = line.slice(mark.index + mark[0].length, marks[at + 1]?.index)
    const [value = ''] =
      (RUNNING.has(label) ? /^[^\n]*/ : label === 'passengers' ? /^\S*/ : /^[^\s,;。]*/).exec(behind) ?? []
    labelled.push([label, value.trim().replace(/[,;。]$/, '')])
    bare += ` ${behind.slice(value.length)}`
  }
  return { bare, labelled }
}

/** The words that are not heard, also not in part: `区法院、3人` leaves 区法院. */
const leftOf = (words: readonly string[], isHeard: (word: string) => boolean): string[] =>
  words
    .filter(word => word !== '' && !isHeard(word))
    .map(word => {
      const parts = word.split('、')
      return parts.length > 1 ? parts.filter(part => !isHeard(part)).join('、') : word
    })
    .filter(word => word !== '')

function understand(word: string, words: readonly Word[], said: Found): boolean {
  for (const [pattern, says] of words) {
    const found = pattern.exec(word)
    const meaning = found ? says(found) : undefined
    if (meaning) {
      Object.assign(said, meaning)
      return true
    }
  }
  return false
}

const NOTHING: Labelled = {
  doubt: undefined,
  origin: '',
  destination: '',
  via: '',
  reach: undefined,
  purpose: '',
  basis: '',
  category: undefined,
  user: '',
  passengers: '',
  guests: '',
  headcount: undefined,
  cars: 1,
  selfDrive: false,
  isUrgent: false,
  phone: '',
  remark: '',
}

/** Where a trip begins if nothing else is said. */
export const HOME = '单位'

/** What people settle, held against the limits. @throws Refusal naming what is missing or too much. */
export function checkWish(wish: TripWish, now: Date): TripWish {
  const [fault] = CHECKS.map(check => check(wish, now)).filter(one => typeof one === 'string')
  if (fault) throw new Refusal(fault, EXAMPLE)
  return wish
}

const DAY_MS = 86_400_000
const TEXTS = [
  ['origin', '出发地', LIMITS.place],
  ['destination', '目的地', LIMITS.place],
  ['via', '途经地', LIMITS.place],
  ['purpose', '事由', LIMITS.purpose],
  ['basis', '依据', LIMITS.basis],
  ['guests', '外单位人员', LIMITS.guests],
  ['phone', '联系电话', LIMITS.phone],
  ['remark', '备注', LIMITS.remark],
] as const

/** What is done for a car itself, and nothing else besides. */
const KEEPING =
  /^(?:去|到|给|为|前往)?(?:加油站|充电站|洗车店|修理厂|4S店)?(?:公车|公务用?车|车辆)?(?:洗车|加油|充电|保养|年检|年审|清洗)(?:[、和](?:洗车|加油|充电|保养))*$/

const CHECKS: Array<(wish: TripWish, now: Date) => string | false | undefined> = [
  ({ destination }) => !destination && '请填写目的地',
  ({ purpose }) => KEEPING.test(purpose) && '洗车、加油、充电、保养由车管员安排,无须申请用车',
  ({ startsAt, endsAt }) => endsAt <= startsAt && '返回时间须晚于出发时间',
  ({ endsAt }, now) => endsAt <= now && '用车时间已经过去',
  ({ startsAt, endsAt }) =>
    endsAt.getTime() - startsAt.getTime() > LIMITS.days * DAY_MS && `一次用车最长${LIMITS.days}天,请分次申请`,
  ({ startsAt }, now) =>
    startsAt.getTime() - now.getTime() > LIMITS.ahead * DAY_MS && `用车最多提前${LIMITS.ahead}天申请`,
  wish => {
    const long = TEXTS.find(([name, , limit]) => wish[name].length > limit)
    return long && `${long[1]}请控制在${long[2]}字以内`
  },
  ({ passengers }) => passengers.length > LIMITS.passengers && `乘车人最多列${LIMITS.passengers}人`,
  ({ headcount }) => !isBetween(headcount, 1, LIMITS.headcount) && `乘车人数请填写1至${LIMITS.headcount}之间的整数`,
  ({ cars }) => !isBetween(cars, 1, LIMITS.cars) && `车辆数请填写1至${LIMITS.cars}之间的整数`,
  ({ cars, headcount }) => cars > headcount && '车辆数不能多于乘车人数',
  wish => wish.headcount < ridersOf(wish).length && `乘车人数少于列明的${ridersOf(wish).length}人,请核对`,
]

const isBetween = (number: number, least: number, most: number): boolean =>
  Number.isInteger(number) && number >= least && number <= most

/** A request before it was sent. */
export function drafted(
  wish: TripWish,
  by: { id: string; unit: string; chat: string; previous: number | undefined },
  now: Date,
): Omit<Trip, 'id'> {
  return {
    ...wish,
    rev: 1,
    stateRev: 1,
    state: 'draft',
    number: undefined,
    applicant: by.id,
    unit: by.unit,
    chat: by.chat,
    steps: [],
    findings: [],
    urgent: undefined,
    run: undefined,
    sibling: undefined,
    previous: by.previous,
    createdAt: now,
    submittedAt: undefined,
    approvedAt: undefined,
    confirmedBy: undefined,
    confirmedAt: undefined,
    completedAt: undefined,
    lastMove: '',
    word: '',
    movedBy: by.id,
    movedAt: now,
    movedFor: undefined,
    nextAt: undefined,
  }
}
