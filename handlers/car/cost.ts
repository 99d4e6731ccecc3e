import { costPage, costSeenBy, costSums, strikeCost } from '../../db/car-cost.ts'
import { runNumbered, runsDrivenBy, type SpentRun, vehicleToSpendOn } from '../../db/car-spend.ts'
import { peopleById } from '../../db/people.ts'
import type { Action, Answer, Look, Press, Said, Turn } from '../../src/bot/feature.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { dayIn, formatShort, monthOf, monthsFrom } from '../../src/kit/time.ts'
import type { CostRow } from '../../src/office/car/cost.ts'
import { COST_ROWS, costCard, costsCard } from '../../src/office/car/cost-cards.ts'
import { COST_LIMITS, costForm, DRIVERS_COSTS, KEEPERS_COSTS, readCost } from '../../src/office/car/cost-form.ts'
import { readLedgerView } from '../../src/office/car/ledger.ts'
import { keepsLedgerOf, type LedgerSight, ledgerSight } from '../../src/office/car/ledger-sight.ts'
import { readNumber } from '../../src/office/car/number.ts'
import { type Actor, numberText } from '../../src/office/car/trip.ts'
import { may } from '../../src/office/role/role.ts'
import { monthTyped } from '../period.ts'
import { sightFor } from './ledger.ts'
import { actorIn, FEATURE } from './setting.ts'
import { type Spender, spend } from './spend.ts'
import { vehiclesToChoose, withVehicle } from './vehicle-meant.ts'

const EXAMPLE = '/用车 费用 2026-11'
const RUNS_OFFERED = 20
const DAY_MS = 86_400_000
/** A driver enters what was spent on runs of so many days. */
const DRIVEN_DAYS = 62

/** `/用车 费用 2026-11`: what was spent in a month, and the form to enter more. */
export async function costs(turn: Turn, { text }: Said): Promise<Answer> {
  const month = monthTyped(text, turn.now, EXAMPLE)
  return { say: { card: await drawn(turn, month, 0) }, privately: true }
}

const costsPress: Action = async (turn, { value }) => {
  const { month, page } = readLedgerView(value, {}, turn.now)
  return { fresh: { card: await drawn(turn, month, page) } }
}

async function drawn(turn: Turn, month: string, page: number) {
  const sight = sightFor(actorIn(turn))
  const filter = { firstDay: `${month}-01`, nextDay: `${monthsFrom(month, 1)}-01` }
  const [rows, sums] = await Promise.all([
    costPage(turn.db, sight, filter, { limit: COST_ROWS, offset: page * COST_ROWS }),
    costSums(turn.db, sight, filter),
  ])
  const names = await namesIn(turn, rows)
  return costsCard(rows, sums, { month, page }, { names, now: turn.now, thisMonth: monthOf(turn.now) })
}

async function namesIn({ db }: Pick<Look, 'db'>, rows: CostRow[]): Promise<Map<string, string>> {
  const ids = rows.flatMap(({ by, struck }) => [by, ...(struck ? [struck.by] : [])])
  const people = await peopleById(db, [...new Set(ids)])
  return new Map(people.map(({ id, name }) => [id, name]))
}

/** What somebody may enter costs for: vehicles that they keep the ledger of, or their own runs. */
function entererOf(actor: Actor): { keeps: Pick<LedgerSight, 'house' | 'units'> } | 'driver' {
  const unit = keepsLedgerOf(actor, may)
  if (unit !== undefined) return { keeps: keptBy(unit) }
  if (!ledgerSight(actor, may).own) throw new Refusal('登记费用仅限车管员和驾驶员(本人出车)使用')
  return 'driver'
}

const keptBy = (unit: string): Pick<LedgerSight, 'house' | 'units'> => ({
  house: unit === '',
  units: unit === '' ? [] : [unit],
})

/** 登记费用: the form. */
const open: Action = async turn => {
  const enterer = entererOf(actorIn(turn))
  const options =
    enterer === 'driver'
      ? (await runsOf(turn)).map(run => ({ value: String(run.id), label: runWords(run, turn.now) }))
      : await vehiclesToChoose(turn, enterer.keeps)
  if (!options.length)
    throw new Refusal(enterer === 'driver' ? '近两个月没有您出车的记录' : '还没有登记车辆,请先在 /用车 车辆 中新增')
  const of = enterer === 'driver' ? ('runs' as const) : ('vehicles' as const)
  return {
    say: { card: costForm({ of, options }, turn.now) },
    privately: true,
    toast: { kind: 'info', words: turn.chat.kind === 'private' ? '请在新卡片中填写' : '请在私聊中填写' },
  }
}

const runsOf = ({ db, now, who }: Turn): Promise<SpentRun[]> =>
  runsDrivenBy(db, who.id, new Date(now.getTime() - DRIVEN_DAYS * DAY_MS), RUNS_OFFERED)

const runWords = ({ number, plate, startsAt }: SpentRun, now: Date): string =>
  [formatShort(startsAt, now), plate, number ? numberText(number) : ''].filter(word => word !== '').join(' ')

const enter: Action = async (turn, pressed) => {
  const enterer = entererOf(actorIn(turn))
  const allowed = enterer === 'driver' ? DRIVERS_COSTS : KEEPERS_COSTS
  const entry = readCost(pressed.form, allowed, turn.now)
  const spender = enterer === 'driver' ? await ownRun(turn, pressed) : await kept(turn, enterer.keeps, pressed)
  const told = { form: pressed.message || undefined, why: entry.remark, field: '备注' }
  const { row, findings } = await spend(turn, entry, spender, told)
  const names = new Map([[turn.who.id, turn.who.name]])
  return {
    toast: { kind: 'success', words: '已登记' },
    fresh: { card: costCard(row, findings, true, names, turn.now) },
  }
}

/** @throws Refusal for a run that the driver did not drive. */
async function ownRun(turn: Turn, { form }: Press): Promise<Spender> {
  const run = (await runsOf(turn)).find(({ id }) => String(id) === form.run)
  const vehicle = run && (await vehicleToSpendOn(turn.db, { house: true, units: [] }, run.vehicle))
  if (!run || !vehicle) throw new Refusal('请选择本人的出车记录')
  return { run, vehicle }
}

/** @throws Refusal for a vehicle that is not theirs to keep, or a number that is not its. */
async function kept(turn: Turn, keeps: Pick<LedgerSight, 'house' | 'units'>, pressed: Press): Promise<Spender> {
  const form = await withVehicle(turn, keeps, pressed.form)
  const id = typeof form.vehicle === 'string' && /^\d{1,15}$/.test(form.vehicle) ? Number(form.vehicle) : 0
  const vehicle = await vehicleToSpendOn(turn.db, keeps, id)
  if (!vehicle) throw new Refusal('请选择车辆')
  const said = typeof form.number === 'string' ? form.number.trim() : ''
  if (said === '') return { vehicle, run: undefined }
  const number = readNumber(said, Number(dayIn(turn.now).slice(0, 4)))
  const run = number && (await runNumbered(turn.db, number))
  if (!run) throw new Refusal(`未找到派车单“${said.slice(0, COST_LIMITS.number)}”,例如:派〔2026〕86号`)
  return { vehicle, run }
}

const show: Action = async (turn, { value }) => {
  const { card } = await oneOf(turn, value.id)
  return { say: { card }, privately: true, toast: { kind: 'success', words: '已发送到私聊' } }
}

/** 作废, with its reason: by whoever keeps the ledger, or entered it. */
const strike: Action = async (turn, { value, form }) => {
  const { cost, strikes } = await oneOf(turn, value.id)
  if (!strikes) throw new Refusal('作废仅限车管员和登记人使用')
  const why = typeof form.why === 'string' ? form.why.trim() : ''
  if (!why) throw new Refusal('请填写作废的理由')
  if (why.length > COST_LIMITS.why) throw new Refusal(`理由请控制在${COST_LIMITS.why}字以内`)
  if (cost.struck || !(await strikeCost(turn.db, cost, { by: turn.who.id, at: turn.now, why })))
    throw new AlreadySo('该笔费用已作废')
  const { kind, vehicle, cents } = cost
  turn.record({
    feature: FEATURE,
    act: 'cost.strike',
    matter: `cost/${cost.id}`,
    data: { kind, vehicle, cents, reason: why },
  })
  return {
    toast: { kind: 'success', words: '已作废' },
    fresh: { card: (await oneOf(turn, value.id)).card },
  }
}

async function oneOf(turn: Turn, id: unknown) {
  const actor = actorIn(turn)
  const sight = sightFor(actor)
  const cost = await costSeenBy(turn.db, sight, typeof id === 'number' && Number.isSafeInteger(id) ? id : 0)
  const unit = keepsLedgerOf(actor, may)
  const keeps = unit !== undefined && (await vehicleToSpendOn(turn.db, keptBy(unit), cost.vehicle)) !== undefined
  const strikes = cost.by === actor.id || keeps
  return { cost, strikes, card: costCard(cost, [], strikes, await namesIn(turn, [cost]), turn.now) }
}

export const costActions = { costs: costsPress, cost: open, costEnter: enter, costShow: show, costStrike: strike }
