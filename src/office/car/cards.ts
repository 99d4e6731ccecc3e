import { actedWords, nameOf, saidWith } from '../../kit/acted.ts'
import {
  type Block,
  bold,
  type Card,
  type Colour,
  card,
  fields,
  fold,
  hidden,
  note,
  type Piece,
  type Rich,
  type Tag,
  text,
  tint,
} from '../../kit/card.ts'
import { DECIDERS, openStep, type Step } from '../../kit/chain.ts'
import type { Finding } from '../../kit/finding.ts'
import { shorten } from '../../kit/text.ts'
import { clockOf, dayIn, formatDue, formatShort } from '../../kit/time.ts'
import { controls, isForbidden } from './controls.ts'
import { type TripState, tripFlow } from './flow.ts'
import { knowsPurpose, purposeFor } from './roles.ts'
import { isAfterwards, isUrgentOpen } from './steps.ts'
import { CATEGORIES, CONSENTS, GROUNDS, REACHES } from './terms.ts'
import { type Actor, lastAct, numberText, type Setting, type Trip } from './trip.ts'

/** What is shown beside the trip itself. */
export interface Beside {
  /** Its history in words, oldest first. */
  history: readonly string[]
  /** What belongs to its run. */
  more: readonly Block[]
}

/** A trip as somebody sees it; `viewer` undefined = everyone in a group, where the press decides and no phone is shown. */
export function tripCard(trip: Trip, viewer: Actor | undefined, beside: Beside, setting: Setting): Card {
  const drawn = card(
    `用车 · ${tripFlow.states[trip.state]}`,
    colourOf(trip, setting),
    text(bold(trip.destination), ...(trip.number ? [` · ${numberText(trip.number)}`] : [])),
    facts(trip, viewer, setting),
    ...findingLines(trip),
    trip.state === 'draft' && isForbidden(trip) ? note('存在不符合规定的情况,修改后方可提交。') : undefined,
    ...urgentLine(trip, setting),
    ...stepLines(trip, setting),
    ...beside.more,
    trip.lastMove && !ON_STEPS.includes(trip.lastMove) ? note(lastAct(trip, setting)) : undefined,
    beside.history.length && trip.state !== 'draft'
      ? fold('办理过程', ...beside.history.slice(-SHOWN_HISTORY).map(line => note(line)))
      : undefined,
    ...controls(trip, viewer, setting),
  )
  return {
    ...drawn,
    tags: tagsOf(trip, setting),
    summary: `[用车] ${tripFlow.states[trip.state]}:${headOf(trip, setting)}`,
  }
}

/** Who decided when stands on the steps. */
const ON_STEPS: Array<Trip['lastMove']> = ['approve', 'refuse', 'endorse', 'object']

const SHOWN_HISTORY = 15

const SETTLED: Partial<Record<TripState, Colour>> = {
  draft: 'grey',
  completed: 'green',
  refused: 'red',
  withdrawn: 'grey',
  cancelled: 'grey',
  missed: 'red',
}
const SOON_MS = 2 * 3_600_000
/** States in which a trip should be under way at its time. */
const AHEAD: TripState[] = ['section', 'office', 'leader', 'approved', 'dispatched']

function colourOf(trip: Trip, setting: Setting): Colour {
  const settled = SETTLED[trip.state]
  if (settled) return settled
  if (isLate(trip, setting)) return 'red'
  const soon = AHEAD.includes(trip.state) && trip.startsAt.getTime() - setting.now.getTime() < SOON_MS
  return soon || isUrgentOpen(trip) ? 'yellow' : 'blue'
}

/** Its time has come and it has no car, or has not left; or it is not back. */
export function isLate(trip: Trip, { now, rides }: Pick<Setting, 'now' | 'rides'>): boolean {
  if (AHEAD.includes(trip.state)) return trip.startsAt < now
  const ends = (trip.run === undefined ? undefined : rides.get(trip.run)?.run.endsAt) ?? trip.endsAt
  return trip.state === 'underway' && ends < now
}

function tagsOf(trip: Trip, { now }: Setting): Tag[] {
  const { urgent, reach, selfDrive } = trip
  const open = isUrgentOpen(trip)
  const tags: Array<Tag | false | undefined> = [
    urgent?.consentedBy !== undefined && { word: '特别紧急', colour: 'red' },
    open &&
      urgent && { word: urgent.dueAt < now ? '补办逾期' : '待补办', colour: urgent.dueAt < now ? 'red' : 'yellow' },
    reach !== 'town' && { word: REACHES[reach], colour: 'yellow' },
    selfDrive && { word: '自驾', colour: 'yellow' },
  ]
  return tags.filter(tag => tag !== undefined && tag !== false).slice(0, 3)
}

function facts(trip: Trip, viewer: Actor | undefined, setting: Setting): Block {
  const { names, units } = setting
  const knows = viewer !== undefined && knowsPurpose(trip, viewer, setting)
  const rows: Array<readonly [string, Rich] | undefined> = [
    ['时间', spanWords(trip, setting)],
    ['行程', wayWords(trip)],
    ['事由', `${purposeFor(trip, knows)}(${shortGround(trip)})`],
    trip.basis && knows ? ['依据', trip.basis] : undefined,
    [
      '用车类别',
      `${CATEGORIES[trip.category]}${trip.cars > 1 ? ` · ${trip.cars}辆` : ''}${trip.selfDrive ? ' · 自驾' : ''}`,
    ],
    [
      '申请人',
      `${units.get(trip.unit) ?? ''} ${nameOf(trip.applicant, names)}${viewer && trip.phone ? ` · ${trip.phone}` : ''}`,
    ],
    trip.user === trip.applicant ? undefined : ['用车人', nameOf(trip.user, names)],
    ['乘车', ridersWords(trip, setting)],
    rideWords(trip, viewer, setting),
    trip.remark ? ['备注', trip.remark] : undefined,
  ]
  return fields(...rows)
}

const shortGround = ({ ground }: Pick<Trip, 'ground'>): string => GROUNDS[ground].split('(')[0] ?? ''

/** `11月28日(周六)08:30至17:00(8小时30分)`. */
export function spanWords(
  { startsAt, endsAt }: Pick<Trip, 'startsAt' | 'endsAt'>,
  { now, customs }: Pick<Setting, 'now' | 'customs'>,
): string {
  const end = dayIn(startsAt) === dayIn(endsAt) ? clockOf(endsAt) : formatDue(endsAt, now, customs.calendar)
  return `${formatDue(startsAt, now, customs.calendar)}至${end},${lengthWords(endsAt.getTime() - startsAt.getTime())}`
}

function lengthWords(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  const [days, hours, rest] = [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60), minutes % 60]
  const words = [days ? `${days}天` : '', hours ? `${hours}小时` : '', rest ? `${rest}分钟` : '']
  return `共${words.join('') || '0分钟'}`
}

const wayWords = ({ origin, destination, via, reach }: Trip): string =>
  `${origin} 至 ${destination}${via ? `(途经${via})` : ''} · ${REACHES[reach]}`

function ridersWords({ headcount, passengers, guests, user }: Trip, { names }: Setting): string {
  const others = passengers.filter(person => person !== user).map(person => nameOf(person, names))
  const named = others.length ? `:${others.join('、')}` : ''
  return `共${headcount}人${named}${guests ? `;外单位:${guests}` : ''}`
}

function rideWords(
  { run }: Trip,
  viewer: Actor | undefined,
  { rides, names }: Setting,
): readonly [string, Rich] | undefined {
  const ride = run === undefined ? undefined : rides.get(run)
  if (!ride || ride.run.state === 'void') return undefined
  const { vehicle, driver } = ride
  const phone = viewer && driver?.phone ? ` · ${driver.phone}` : ''
  const pilot = driver ? `驾驶员${driver.name}${phone}` : `${ride.run.pilot ? nameOf(ride.run.pilot, names) : ''}自驾`
  return ['车辆', `${vehicle.plate}${vehicle.model ? `(${vehicle.model})` : ''} · ${pilot}`]
}

const SEVERITIES: Record<Finding['severity'], [word: string, colour: Colour]> = {
  F: ['不得用车', 'red'],
  A: ['须加签', 'yellow'],
  W: ['提示', 'yellow'],
}

/** What the rules say, the forbidden first. Once it is sent, whoever they add stands among the steps, with the reason. */
function findingLines({ findings, state }: Trip): Block[] {
  const shown = state === 'draft' ? (['F', 'A', 'W'] as const) : SETTLED[state] ? [] : (['W'] as const)
  const sorted = shown.flatMap(one => findings.filter(({ severity }) => severity === one))
  return sorted.map(({ severity, words, basis }) => {
    const [word, colour] = SEVERITIES[severity]
    return text(tint(colour, word), ` ${words}${basis ? `(依据:${basis})` : ''}`)
  })
}

function urgentLine({ urgent, steps }: Trip, { now, names, customs }: Setting): Block[] {
  if (!urgent) return []
  const { consentedBy = '', way = 'spoken', consentedAt, dueAt, put } = urgent
  const against = steps.some(({ decision }) => decision?.against)
  const due = against ? '补办未获同意' : `补办时限:${formatDue(dueAt, now, customs.calendar)}`
  const stands = openStep({ steps }) || against ? due : '已补办'
  const oral = consentedAt && `${nameOf(consentedBy, names)} ${CONSENTS[way]} · ${formatShort(consentedAt, now)}`
  return [
    ...(oral ? [text(tint('red', '特别紧急'), ` ${oral} · ${stands}`)] : []),
    ...(put ? [text(tint('yellow', '延长返回'), ` 原批准至${formatShort(put.from, now)} · ${stands}`)] : []),
  ]
}

/** Who decides in which order, with names, and what they decided. */
function stepLines(trip: Trip, setting: Setting): Block[] {
  if (!trip.steps.length) return []
  const open = trip.submittedAt && (AWAITING.includes(trip.state) || isUrgentOpen(trip)) ? openStep(trip) : undefined
  const lines = trip.steps.map((step, i) => text(`${i + 1}. `, ...stepWords(step, step === open, trip, setting)))
  return [note(trip.submittedAt ? '审批情况' : '提交后的审批流程'), ...lines]
}

const AWAITING: TripState[] = ['section', 'office', 'leader']

function stepWords({ by, why, people, decision }: Step, isOpen: boolean, trip: Trip, { now, names }: Setting): Piece[] {
  if (decision) {
    const after = isAfterwards(trip, decision)
    const act = after ? (decision.against ? '不同意补办' : '已同意补办') : decision.against ? '已驳回' : '已同意'
    const said = saidWith(act, decision.word, decision.against === true)
    return [
      `${DECIDERS[by]} ${actedWords(act, decision.by, decision.inPlaceOf, names)} · ${formatShort(decision.at, now)}${said}`,
    ]
  }
  const who = people.map(person => nameOf(person, names)).join('、')
  const reason = why.length ? `(${why.join(';')})` : ''
  return [`${DECIDERS[by]} `, bold(who), `${reason}${isOpen ? (trip.urgent ? ' · 待补办' : ' · 待审批') : ''}`]
}

/** `11月28日(周六)08:30 区法院`. */
export const headOf = (trip: Trip, { now }: Pick<Setting, 'now'>): string =>
  `${trip.number ? `${numberText(trip.number)} ` : ''}${formatShort(trip.startsAt, now)} ${shorten(trip.destination, 20)}`

/** What happened last, as a line of its own: `用车 派〔2026〕86号 11月28日(周六)08:30 区法院:张明 已同意`. */
export const lastLine = (trip: Trip, setting: Setting): string =>
  `用车 ${headOf(trip, setting)}:${lastAct(trip, setting)}`

/** What is left of a card whose holder may not see the trip (any more). */
export const hiddenCard = (): Card => hidden('用车', '未找到该用车申请,或您无权查看。')

/** One line in a list. */
export function listLine(trip: Trip, setting: Setting): Piece[] {
  const { names, now, customs } = setting
  return [
    tint(colourOf(trip, setting), tripFlow.states[trip.state]),
    ' ',
    bold(shorten(trip.destination, 20)),
    `${trip.number ? ` · ${numberText(trip.number)}` : ''} · ${formatDue(trip.startsAt, now, customs.calendar)}出发 · ${nameOf(trip.applicant, names)}`,
  ]
}
