import { enterCost, fillingBefore, fillingLike } from '../../db/car-cost.ts'
import type { SpentRun } from '../../db/car-spend.ts'
import { holdersOf } from '../../db/role.ts'
import type { Turn } from '../../src/bot/feature.ts'
import type { Finding } from '../../src/kit/finding.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { shorten } from '../../src/kit/text.ts'
import { dayIn, formatShort, monthsFrom } from '../../src/kit/time.ts'
import { consumption, hundredths, yuan } from '../../src/office/car/accounts.ts'
import type { CostRow } from '../../src/office/car/cost.ts'
import { costCard } from '../../src/office/car/cost-cards.ts'
import type { CostEntry } from '../../src/office/car/cost-form.ts'
import type { Vehicle } from '../../src/office/car/fleet.ts'
import { checkCost } from '../../src/office/car/rules.ts'
import { COSTS } from '../../src/office/car/terms.ts'
import { tellOf } from '../tell.ts'
import { accountsIn } from './accounts.ts'
import { ruleSetting } from './rules.ts'
import { FEATURE } from './setting.ts'

/** CAR-36 looks at so many months before. */
const MONTHS_BEFORE = 3

/** The vehicle on which something was spent, and the run. */
export interface Spender {
  vehicle: Pick<Vehicle, 'id' | 'plate' | 'fuelCard'>
  run: Pick<SpentRun, 'id' | 'vehicle' | 'number'> | undefined
}

/** How an entry came: by which message's form, and what it says, in which field, of what is unlikely. */
export interface Told {
  form: string | undefined
  why: string
  field: string
}

/**
 * Enters what was spent, and tells 车管员 what the rules find unlikely about it (CAR-36 … 39).
 * @throws Refusal for what they forbid, and for a filling that stands there already and is not explained.
 */
export async function spend(
  turn: Turn,
  entry: CostEntry,
  { vehicle, run }: Spender,
  told: Told,
): Promise<{ row: CostRow; findings: Finding[] }> {
  const findings = await foundIn(turn, entry, vehicle, run)
  const barring = findings.filter(({ severity }) => severity !== 'W')
  if (barring.length) throw new Refusal(barring.map(({ words }) => words).join(''))
  const cost = { ...entry, vehicle: vehicle.id, run: run?.id, by: turn.who.id, at: turn.now }
  const id = await enterCost(turn.db, cost, told.form)
  if (id === undefined) throw new AlreadySo('该笔费用已登记')
  const row: CostRow = { ...cost, id, struck: undefined, plate: vehicle.plate, number: run?.number }
  if (told.why === '') await refuseTwice(turn, row, told.field)
  const data = { kind: row.kind, vehicle: row.vehicle, cents: row.cents, rules: findings.map(({ rule }) => rule) }
  turn.record({ feature: FEATURE, act: 'cost', matter: `cost/${id}`, data })
  await tellKeepers(turn, row, findings)
  return { row, findings }
}

/** A filling entered both at 回场 and among the costs would count twice. */
async function refuseTwice(turn: Turn, row: CostRow, field: string): Promise<void> {
  if (row.kind !== 'fuel' && row.kind !== 'charge') return
  const like = await fillingLike(turn.db, row)
  if (!like) return
  const much = like.amount === undefined ? '' : `(${hundredths(like.amount)}${row.kind === 'fuel' ? '升' : '度'})`
  throw new Refusal(
    `${row.plate} ${formatShort(like.on, turn.now)}已登记${COSTS[row.kind]}${yuan(like.cents)}元${much},请勿重复登记;如不是同一笔,请在“${field}”中注明`,
  )
}

/** What the rules say of it. */
async function foundIn(
  turn: Turn,
  entry: CostEntry,
  vehicle: Spender['vehicle'],
  run: Spender['run'],
): Promise<Finding[]> {
  const [setting, used] = await Promise.all([ruleSetting(turn), consumptionOf(turn, entry, vehicle.id)])
  return checkCost(
    { ...entry, vehicle: vehicle.id, run: run?.id },
    { setting, vehicle, runVehicle: run?.vehicle, approved: false, ...used },
  )
}

/** Since the filling before, and in the months before. */
async function consumptionOf(turn: Turn, { kind, on, odometer, amount }: CostEntry, vehicle: number) {
  const unknown = { consumption: undefined, usualConsumption: undefined }
  if ((kind !== 'fuel' && kind !== 'charge') || odometer === undefined || amount === undefined) return unknown
  const since = await fillingBefore(turn.db, { vehicle, kind, on, odometer })
  const sight = { person: turn.who.id, house: true, units: [], own: false }
  const [before] = await accountsIn(turn, sight, monthsFrom(on.slice(0, 7), -MONTHS_BEFORE), MONTHS_BEFORE, vehicle)
  return {
    consumption: since === undefined ? undefined : consumption(amount, odometer - since),
    usualConsumption: before && consumption(kind === 'fuel' ? before.litres : before.kwh, before.km),
  }
}

/** What is unlikely about an entry by somebody else is shown to 车管员. */
async function tellKeepers(turn: Turn, row: CostRow, findings: Finding[]): Promise<void> {
  if (!findings.length) return
  const holders = await holdersOf(turn.db, 'CD', dayIn(turn.now))
  const names = new Map([[turn.who.id, turn.who.name]])
  const words = findings.map(one => one.words).join('')
  await tellOf(
    turn,
    holders.filter(id => id !== turn.who.id),
    {
      body: { card: costCard(row, findings, true, names, turn.now) },
      line: `${row.plate}登记的${COSTS[row.kind]}${yuan(row.cents)}元待核对:${shorten(words, 60)}可发送 /用车 费用 ${row.on.slice(0, 7)} 查看`,
    },
    'later',
  )
}
