import { nameOf } from '../../kit/acted.ts'
import {
  at,
  type Block,
  type Button,
  bold,
  buttons,
  type Card,
  type Colour,
  card,
  divider,
  fields,
  hidden,
  note,
  text,
  tint,
} from '../../kit/card.ts'
import { formatShort } from '../../kit/time.ts'
import { knowsPurpose, purposeFor, whyNot } from './roles.ts'
import type { RuleSetting } from './rule-setting.ts'
import { costWords, distanceOf, type FullRun, fromTo, isLate, numbersOf, pilotWords, togetherWords } from './run.ts'
import { arriveForm, departForm } from './run-form.ts'
import { isObjected } from './steps.ts'
import { type Actor, numberText, RUN_STATES, type Setting, type Trip } from './trip.ts'

const COLOURS: Record<FullRun['run']['state'], Colour> = { planned: 'blue', out: 'blue', back: 'green', void: 'grey' }

/** A run as its driver and the dispatcher see it; it names phones, so it is never shown to a group. */
export function runCard(full: FullRun, viewer: Actor, rules: RuleSetting, setting: Setting): Card {
  const { run, trips } = full
  const late = isLate(run, rules, setting.now)
  const drawn = card(
    `出车 · ${RUN_STATES[run.state]}`,
    late ? 'red' : COLOURS[run.state],
    text(bold(numbersOf(full)), ` · ${full.vehicle.plate}`),
    facts(full, setting),
    ...trips.flatMap(trip => [divider, ...tripBlocks(trip, viewer, setting)]),
    ...trips.filter(isObjected).map(trip => text(tint('red', '补办未获同意'), ` ${numbersOf({ trips: [trip] })}`)),
    note(`${nameOf(run.dispatchedBy, setting.names)} 已派车 · ${formatShort(run.dispatchedAt, setting.now)}`),
    ...controls(full, viewer, setting),
  )
  return {
    ...drawn,
    tags: late ? [{ word: '超时未归', colour: 'red' }] : [],
    summary: `[出车] ${RUN_STATES[run.state]}:${numbersOf(full)} ${full.vehicle.plate}`,
  }
}

/** What is left of it for whoever has no part in it (any more). */
export const hiddenRunCard = (): Card => hidden('出车', '该次出车已不由您办理。')

function facts(full: FullRun, { now, names }: Setting): Block {
  const { run, vehicle, driver } = full
  const distance = distanceOf(run)
  const read = (when: Date, odometer: number | undefined): string => `${formatShort(when, now)} · 读数${odometer}公里`
  return fields(
    ['车辆', [vehicle.plate, vehicle.model, `核载${vehicle.seats}人`].filter(word => word !== '').join(' · ')],
    ['驾驶员', `${pilotWords(full, names)}${driver?.phone ? ` ${driver.phone}` : ''}`],
    ['计划', fromTo(run, now)],
    run.departedAt ? ['出车', read(run.departedAt, run.odometerOut)] : undefined,
    run.returnedAt ? ['回场', read(run.returnedAt, run.odometerIn)] : undefined,
    distance === undefined ? undefined : ['行驶里程', `${distance}公里`],
    run.route ? ['实际行程', run.route] : undefined,
    full.costs.length ? ['费用', costWords(full.costs)] : undefined,
    run.parkedAt ? ['停放地点', run.parkedAt] : undefined,
    run.remark ? ['说明', run.remark] : undefined,
  )
}

function tripBlocks(trip: Trip, viewer: Actor, setting: Setting): Block[] {
  const { now, names } = setting
  const { origin, via, destination, user, passengers, guests, headcount, applicant, phone, remark } = trip
  const riders = [...new Set([user, ...passengers])].map(id => nameOf(id, names)).join('、')
  return [
    text(
      bold(`${origin} → ${destination}`),
      via ? `(途经${via})` : '',
      trip.number ? ` · ${numberText(trip.number)}` : '',
    ),
    fields(
      ['时间', fromTo(trip, now)],
      ['用车人', `${riders}${guests ? `;${guests}` : ''}(共${headcount}人)`],
      ['联系人', [at(applicant), phone ? ` ${phone}` : '']],
      ['事由', purposeFor(trip, knowsPurpose(trip, viewer, setting))],
      remark ? ['备注', remark] : undefined,
      trip.state === 'returned' || trip.state === 'completed'
        ? ['乘车人确认', trip.confirmedBy ? `${nameOf(trip.confirmedBy, names)} 已确认` : [tint('yellow', '未确认')]]
        : undefined,
    ),
  ]
}

function controls(full: FullRun, viewer: Actor, setting: Setting): Block[] {
  const { run, trips } = full
  const may = (role: 'driver' | 'dispatcher'): boolean =>
    trips.some(trip => whyNot(trip, role, viewer, setting) === undefined)
  const value = { run: run.id, rev: run.rev }
  const press = (label: string, action: string, style?: Button['style']): Button => ({
    label,
    action,
    value,
    ...(style ? { style } : {}),
  })
  const checking = trips.some(({ state }) => state === 'returned')
  const dispatcher = may('dispatcher')
  const all = [
    dispatcher && run.state === 'back' && checking ? press('核对完成', 'car.complete', 'primary') : undefined,
    dispatcher && (run.state === 'out' || run.state === 'back') ? press('更正里程', 'car.correct') : undefined,
    dispatcher && run.state === 'planned' ? press('改派', 'car.redirect') : undefined,
    run.state === 'planned' || run.state === 'out' ? press('调整返回时间', 'car.reschedule') : undefined,
    dispatcher && run.state === 'planned' ? press('登记爽约', 'car.miss') : undefined,
    run.state === 'void' ? undefined : press('派车单', 'car.order'),
  ]
  const ready = may('driver')
  return [
    ready && run.state === 'planned' ? departForm(full) : undefined,
    ready && run.state === 'out' ? arriveForm(full) : undefined,
    buttons(...all.filter(one => one !== undefined)),
  ].filter(block => block !== undefined)
}

/** What a trip's own card says of its run beside the car and the driver. */
export function runLines(trip: Trip, full: FullRun, { now, names }: Setting): Block[] {
  const { run, costs } = full
  if (run.state === 'void' || trip.run !== run.id) return []
  const distance = distanceOf(run)
  const together = togetherWords(trip, full, now)
  const rows = fields(
    run.departedAt ? ['出车', `${formatShort(run.departedAt, now)} · 读数${run.odometerOut}公里`] : undefined,
    run.returnedAt ? ['回场', `${formatShort(run.returnedAt, now)} · 读数${run.odometerIn}公里`] : undefined,
    distance === undefined ? undefined : ['行驶里程', `${distance}公里`],
    run.route ? ['实际行程', run.route] : undefined,
    costs.length ? ['费用', costWords(costs)] : undefined,
    run.parkedAt ? ['停放地点', run.parkedAt] : undefined,
    trip.confirmedBy && trip.confirmedAt
      ? ['乘车人确认', `${nameOf(trip.confirmedBy, names)} · ${formatShort(trip.confirmedAt, now)}`]
      : undefined,
  )
  const order = buttons({ label: '派车单', action: 'car.order', value: { id: trip.id, rev: trip.rev } })
  return [
    ...(together && run.state === 'planned' ? [note(`${together}。`)] : []),
    ...(run.departedAt ? [rows] : []),
    ...(order ? [order] : []),
  ]
}
