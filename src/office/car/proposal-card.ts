import { nameOf } from '../../kit/acted.ts'
import {
  type Block,
  type Button,
  bold,
  buttons,
  type Card,
  card,
  type Field,
  fields,
  fold,
  form,
  note,
  type Piece,
  text,
  tint,
  type Value,
} from '../../kit/card.ts'
import type { Finding } from '../../kit/finding.ts'
import { covers } from './fitness.ts'
import type { Driver, Vehicle } from './fleet.ts'
import type { Choice, Engagement, Proposal, Unfit } from './proposal.ts'
import { purposeFor, ridersOf } from './roles.ts'
import { type FullRun, fromTo, pilotWords, unreachedWords } from './run.ts'
import { isObjected } from './steps.ts'
import { CATEGORIES } from './terms.ts'
import { numberText, type Setting, type Trip } from './trip.ts'

/** As many as one looks through. */
const MOST_CHOICES = 30
const MOST_UNFIT = 15
const ALTERNATIVES = 3
/** All trips of a run. */
const ALL = 'all'

/** A vehicle and its driver; driver undefined = the house drives by itself. */
export interface Pair {
  vehicle: Choice<Vehicle>
  driver: Choice<Driver> | undefined
}

/** What the dispatcher is shown beside the proposal. */
export interface Asked {
  /** The trips that ride together. */
  trips: readonly Trip[]
  proposal: Proposal
  action: 'car.assign' | 'car.redirect'
  /** What its buttons carry: the trip or the run as it was seen, and where to go back to. */
  value: Value
  mayReadPurpose: boolean
  /** What stood in the way of the last attempt. */
  clash: string | undefined
  /** What is to be replaced by 改派. */
  present?: FullRun | undefined
}

/** 派车, 改派: the best car and driver stand ready, the others can be chosen, and it says why. */
export function proposalCard(given: Asked, setting: Setting): Card {
  const { trips, clash, present } = given
  const proposal = present ? presentFirst(given.proposal, present) : given.proposal
  const asked = { ...given, proposal }
  const [best] = pairsOf(trips, proposal)
  const word = asked.action === 'car.assign' ? '派车' : '改派'
  const drawn = card(
    `${word} · ${trips.map(({ number }) => (number ? numberText(number) : '')).join('、')}`,
    clash ? 'red' : 'blue',
    clash ? text(tint('red', clash), '。请另选车辆和驾驶员:') : undefined,
    clash ? buttons(...alternatives(given)) : undefined,
    ...trips.map(trip => tripFacts(trip, asked.mayReadPurpose, setting)),
    ...(best && present ? [replaced(present, setting)] : proposed(best, trips, proposal)),
    ...(best ? [choosing(best, asked, word, setting)] : []),
    ...joins(asked, setting),
    ...unfit('不宜派出的车辆', proposal.unfitVehicles, ({ plate }) => plate),
    ...unfit('不宜派出的驾驶员', proposal.unfitDrivers, ({ name }) => name),
    typeof asked.value.list === 'number'
      ? buttons({ label: '返回待派', action: 'car.pending', value: { page: asked.value.list } })
      : undefined,
  )
  return { ...drawn, summary: `[${word}] ${trips.map(({ destination }) => destination).join('、')}` }
}

/** Every fitting vehicle with the best driver who may drive it, best first. */
export function pairsOf(trips: readonly Trip[], { vehicles, drivers }: Proposal): Pair[] {
  if (trips.some(({ selfDrive }) => selfDrive)) return vehicles.map(vehicle => ({ vehicle, driver: undefined }))
  return vehicles.flatMap(vehicle => {
    const driver = drivers.find(({ of }) => covers(of.licence, vehicle.of.licence))
    return driver ? [{ vehicle, driver }] : []
  })
}

function tripFacts(trip: Trip, mayReadPurpose: boolean, { now, names }: Setting): Block {
  const { user, headcount, category, origin, via, destination, selfDrive, remark } = trip
  return fields(
    ['时间', fromTo(trip, now)],
    ['行程', `${origin} → ${destination}${via ? `(途经${via})` : ''}`],
    ['用车人', `${nameOf(user, names)}(共${headcount}人)${selfDrive ? ' · 自驾' : ''}`],
    ['申请类别', CATEGORIES[category]],
    ['事由', purposeFor(trip, mayReadPurpose)],
    remark ? ['备注', remark] : undefined,
  )
}

/** 改派 changes the car, the driver or both: what is sent now stands ready, so that only the other has to be chosen. */
const replaced = (present: FullRun, { names }: Setting): Block =>
  text('现派:', bold(present.vehicle.plate), ` · ${pilotWords(present, names)}。请选择改派的车辆、驾驶员。`)

/** What is sent now comes first, where it still fits. */
const presentFirst = (proposal: Proposal, { run }: FullRun): Proposal => ({
  ...proposal,
  vehicles: firstly(proposal.vehicles, run.vehicle),
  drivers: firstly(proposal.drivers, run.driver),
})

const firstly = <Of extends { id: number }>(all: ReadonlyArray<Choice<Of>>, id: number | undefined) => [
  ...all.filter(({ of }) => of.id === id),
  ...all.filter(({ of }) => of.id !== id),
]

function proposed(best: Pair | undefined, trips: readonly Trip[], proposal: Proposal): Block[] {
  if (!best) return [text(tint('red', lacking(trips, proposal)))]
  const { vehicle, driver } = best
  const pieces: Piece[] = [
    '建议:',
    bold(vehicle.of.plate),
    `(${vehicle.reasons.join(' · ')})`,
    ...(driver ? [';', bold(driver.of.name), `(${driver.reasons.join(' · ')})`] : []),
  ]
  const unreached = unreachedWords(driver?.of)
  return [
    text(...pieces),
    ...(unreached ? [text(tint('yellow', '提示'), ` ${unreached}`)] : []),
    ...warnings([...vehicle.findings, ...(driver?.findings ?? [])]),
  ]
}

function lacking(trips: readonly Trip[], { vehicles, drivers }: Proposal): string {
  // another time would not help (CAR-07)
  if (!vehicles.length && trips.some(isObjected)) return '补办未获同意,未经审批不得派车。请与申请人联系。'
  if (!vehicles.length) return '该时段没有可派的车辆,请与申请人商量调整时间,或展开下方查看原因。'
  return drivers.length
    ? '没有驾驶员的准驾车型与可派的车辆相符,请核对驾驶员信息。'
    : '该时段没有可派的驾驶员,请与申请人商量调整时间,或展开下方查看原因。'
}

const warnings = (findings: readonly Finding[]): Block[] =>
  findings.map(({ severity, words }) => text(tint('yellow', severity === 'A' ? '已加签' : '提示'), ` ${words}`))

function choosing(best: Pair, asked: Asked, word: string, { names }: Setting): Block {
  const { trips, proposal, action, value, present } = asked
  const now = (isPresent: boolean) => (isPresent ? ['现派'] : [])
  const inputs: Field[] = [
    {
      kind: 'choose',
      name: 'vehicle',
      label: '车辆',
      value: String(best.vehicle.of.id),
      options: proposal.vehicles.slice(0, MOST_CHOICES).map(({ of, reasons }) => ({
        value: String(of.id),
        label: [of.plate, ...now(of.id === present?.run.vehicle), ...reasons].join(' · '),
      })),
      required: true,
    },
  ]
  if (best.driver)
    inputs.push({
      kind: 'choose',
      name: 'driver',
      label: '驾驶员',
      value: String(best.driver.of.id),
      options: proposal.drivers.slice(0, MOST_CHOICES).map(({ of, reasons }) => ({
        value: String(of.id),
        label: [of.name, ...now(of.id === present?.run.driver), ...reasons, ...(of.person ? [] : ['未关联账号'])].join(
          ' · ',
        ),
      })),
      required: true,
    })
  const own = trips.find(({ selfDrive }) => selfDrive)
  if (own)
    inputs.push({
      kind: 'choose',
      name: 'pilot',
      label: '驾驶人(自驾)',
      value: present?.run.pilot ?? own.user,
      options: ridersOf(own).map(id => ({ value: id, label: nameOf(id, names) })),
      required: true,
    })
  if (trips.length > 1)
    inputs.push({
      kind: 'choose',
      name: 'leaving',
      label: '改派哪一项',
      value: ALL,
      options: [
        { value: ALL, label: `全部${trips.length}项一并改派` },
        ...trips.map(({ id, number, destination }) => ({
          value: String(id),
          label: `仅${number ? numberText(number) : ''}(${destination})单独派车`,
        })),
      ],
      required: true,
    })
  if (action === 'car.redirect')
    inputs.push({ kind: 'input', name: 'word', label: '改派原因', hint: '可不填', max: 200 })
  return form('dispatch', inputs, [{ label: word, action, value, style: 'primary' }])
}

/** After a clash: what is still free, each by one tap. */
function alternatives({ trips, proposal, action, value, present }: Asked): Button[] {
  const others = present ? proposal.vehicles.filter(({ of }) => of.id !== present.run.vehicle) : proposal.vehicles
  return pairsOf(trips, { ...proposal, vehicles: others })
    .slice(0, ALTERNATIVES)
    .map(({ vehicle, driver }, i) => {
      const other = driver && (proposal.drivers[i] ?? driver)
      const chosen = other && covers(other.of.licence, vehicle.of.licence) ? other : driver
      return {
        label: `派 ${vehicle.of.plate}${chosen ? ` ${chosen.of.name}` : ''}`,
        action,
        value: { ...value, vehicle: vehicle.of.id, ...(chosen ? { driver: chosen.of.id } : {}) },
      }
    })
}

function joins({ proposal, action, value }: Asked, { now }: Setting): Block[] {
  if (action !== 'car.assign' || !proposal.joins.length) return []
  const lines = proposal.joins.slice(0, ALTERNATIVES)
  return [
    text(tint('yellow', '提示'), ' 有同方向任务,建议合并乘车。'),
    ...lines.map(join => note(joinWords(join, now))),
    buttons(
      ...lines.map(({ run, name }) => ({
        label: `合并到 ${name}`,
        action: 'car.assign',
        value: { ...value, into: run.id },
      })),
    ),
  ].filter(block => block !== undefined)
}

const joinWords = ({ run, name, vehicle, driver, trips }: Proposal['joins'][number], now: Date): string =>
  `${name}:${vehicle.plate}${driver ? ` ${driver.name}` : ''},${fromTo(run, now)},前往${trips.map(({ destination }) => destination).join('、')}`

function unfit<Of>(title: string, all: ReadonlyArray<Unfit<Of>>, name: (of: Of) => string): Block[] {
  if (!all.length) return []
  const shown = all.slice(0, MOST_UNFIT).map(({ of, why }) => note(`${name(of)}:${why}`))
  const more = all.length > MOST_UNFIT ? [note(`另有${all.length - MOST_UNFIT}项未列出。`)] : []
  return [fold(`${title}(${all.length})`, ...shown, ...more)]
}

/** What stands in the way, by number and time. */
export function clashWords(
  [first]: readonly Engagement[],
  vehicle: Vehicle,
  driver: Driver | undefined,
  now: Date,
): string {
  if (!first) return '该车辆(驾驶员)在所选时段已有任务'
  const taken = first.run.vehicle === vehicle.id ? vehicle.plate : (driver?.name ?? '驾驶人')
  return `${taken}在${fromTo(first.run, now)}已有任务(${first.name})`
}
