import { addRepairCost } from '../../db/car-cost.ts'
import { driversOf, holdVehicle, vehiclesById } from '../../db/car-fleet.ts'
import { getRepair, NO_REPAIR, openRepair, openRepairs, saveRepair } from '../../db/car-repair.ts'
import { deputiesOf } from '../../db/deputy.ts'
import { peopleById } from '../../db/people.ts'
import { holdersAmong } from '../../db/role.ts'
import type { Action, Look, Press, TodoItem, Turn } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import { openMoves, step } from '../../src/kit/flow.ts'
import type { Viewer } from '../../src/kit/person.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { dayIn } from '../../src/kit/time.ts'
import { repairForm } from '../../src/office/car/care-cards.ts'
import { readDay } from '../../src/office/car/day.ts'
import type { Vehicle } from '../../src/office/car/fleet.ts'
import { isNone, isWithin, keeping, type Sphere, viewing } from '../../src/office/car/keeper.ts'
import {
  BEFOREHAND,
  centsIn,
  REPAIR_DECIDERS,
  REPAIR_LIMITS,
  type Repair,
  type RepairMove,
  type RepairRole,
  repairApproverFor,
  repairFlow,
  repairRoles,
} from '../../src/office/car/repair.ts'
import { hiddenRepair, repairCard } from '../../src/office/car/repair-cards.ts'
import type { Actor } from '../../src/office/car/trip.ts'
import { may } from '../../src/office/role/role.ts'
import { wholeId, wordIn } from '../given.ts'
import { saidToAsker, tellOf } from '../tell.ts'
import { intoState } from './fleet.ts'
import { matterOf, plannedOf } from './keeping.ts'
import { actorIn, actorOf, FEATURE } from './setting.ts'
import { tellStanding, tellStopped } from './stopped.ts'
import { vehiclesToChoose, withVehicle } from './vehicle-meant.ts'

const MOST_OPEN = 100

/** Which vehicles somebody may report: those that they keep, and for a driver all. @throws Refusal for nobody's. */
async function reportable(turn: Turn): Promise<Sphere> {
  const keeps = keeping(actorIn(turn), may)
  const drives = (await driversOf(turn.db, { person: turn.who.id }, 1)).length > 0
  if (isNone(keeps) && !drives) throw new Refusal('报修仅限驾驶员和车管员')
  return drives ? 'house' : keeps
}

const mayReport = (sphere: Sphere, { state, unit }: Vehicle): boolean => state !== 'retired' && isWithin(sphere, unit)

const choiceOf = (sphere: Sphere) => ({ house: sphere === 'house', units: sphere === 'house' ? [] : sphere })

const openForm: Action = async (turn, { value }) => {
  const sphere = await reportable(turn)
  const some = await vehiclesToChoose(turn, choiceOf(sphere))
  if (!some.length) throw new Refusal('还没有登记车辆', '/用车 车辆 新增')
  const [chosen] =
    typeof value.id === 'number' && Number.isSafeInteger(value.id) ? await vehiclesById(turn.db, [value.id]) : []
  const own = chosen && mayReport(sphere, chosen) ? chosen : undefined
  // one beyond a long list is named all the same
  const isBeyond = own && some.every(({ value: id }) => id !== String(own.id))
  const options = isBeyond ? [...some, { value: String(own.id), label: own.plate }] : some
  return {
    say: { card: repairForm(options, own?.id) },
    privately: true,
    toast: { kind: 'success', words: '请在新卡片中填写' },
  }
}

/** 提交报修: 办公室主任 decides on it, one step up where they asked for it themselves. */
const ask: Action = async (turn, { form }) => {
  const vehicle = await meant(turn, form)
  const [fault, place, typed] = [
    wordIn(form, 'fault', REPAIR_LIMITS.fault),
    wordIn(form, 'place', REPAIR_LIMITS.place),
    wordIn(form, 'estimate', 20),
  ]
  if (!fault) throw new Refusal('请写明故障情况')
  if (!place) throw new Refusal(`请填写定点维修单位。${BEFOREHAND}`)
  const estimate = typed === '' ? undefined : centsIn(typed)
  if (typed !== '' && estimate === undefined) throw new Refusal('预计费用请填写金额,例如:1200')
  const [open] = await openRepairs(turn.db, 1, vehicle.id)
  if (open) throw new Refusal(`${vehicle.plate}已有未办结的报修单,请勿重复报修`)
  const repair = await openRepair(turn.db, {
    ...{ rev: 1, vehicle: vehicle.id, state: 'requested', fault, place, estimate, stops: form.stops !== 'no' },
    ...{ askedBy: turn.who.id, askedAt: turn.now, cost: undefined, decidedBy: undefined, decidedFor: undefined },
    ...{ decidedAt: undefined, word: '', finishedAt: undefined },
  })
  const approvers = await approversOf(turn, repair, vehicle)
  if (!approvers.length) throw new Refusal('没有可以审批报修的人员,请系统管理员核对角色设置')
  if (repair.stops) await stop(turn, vehicle)
  note(turn, repair, 'requested')
  await tellOf(turn, approvers, { body: bodyOf(repair), line: `${vehicle.plate}的报修待审批` }, 'later')
  const words = await saidToAsker(turn, '已提交,等待审批', 'later')
  return { toast: { kind: 'success', words }, fresh: bodyOf(repair) }
}

/** Takes a vehicle out of use, unless it stood before; one that is put away stands from the day on which it no longer is. */
async function stop(turn: Turn, vehicle: Vehicle, asked?: Repair): Promise<void> {
  if (vehicle.state === 'available') await intoState(turn, vehicle, 'repair', 'repair')
  else if (vehicle.state !== 'sealed' || asked?.stops) return
  await tellStopped(turn, vehicle)
}

/** The vehicle that a form names, held. @throws Refusal for one that is not theirs to report. */
async function meant(turn: Turn, form: Press['form']): Promise<Vehicle> {
  const sphere = await reportable(turn)
  const said = await withVehicle(turn, choiceOf(sphere), form)
  const [found] = await vehiclesById(turn.db, [wholeId(said.vehicle, '请选择车辆')])
  if (!found || !mayReport(sphere, found)) throw new Refusal('请选择车辆')
  return holdVehicle(turn.db, found.id)
}

const bodyOf = ({ id }: Pick<Repair, 'id'>) => ({ matter: { feature: FEATURE, id: matterOf('repair', id) } })

function note(turn: Turn, repair: Repair, to: string, as?: string): void {
  const actingFor = as && as !== turn.who.id ? { actingFor: as } : {}
  turn.record({
    feature: FEATURE,
    act: `repair.${to}`,
    matter: matterOf('repair', repair.id),
    data: { vehicle: repair.vehicle, to },
    ...actingFor,
  })
  turn.redraw(FEATURE, matterOf('repair', repair.id))
}

/** Who has to decide: 办公室主任, where there is none who may 分管领导, then 主要领导; with their deputies. */
async function approversOf(look: Turn, repair: Repair, vehicle: Vehicle): Promise<string[]> {
  const today = dayIn(look.now)
  const holders = await holdersAmong(look.db, [...REPAIR_DECIDERS], today)
  for (const code of REPAIR_DECIDERS) {
    const ids = [...new Set(holders.filter(one => one.code === code).map(one => one.person))]
    const active = new Set((await peopleById(look.db, ids)).filter(one => one.active).map(one => one.id))
    const actors = await Promise.all(ids.filter(id => active.has(id)).map(id => actorOf(look, id)))
    const able = actors
      .filter(actor => repairApproverFor(repair, vehicle.unit, { ...actor, standsFor: [] }, may) !== undefined)
      .map(({ id }) => id)
    const deputies = [...(await deputiesOf(look.db, able, today)).values()].flat().filter(id => id !== repair.askedBy)
    if (able.length) return [...new Set([...able, ...deputies])]
  }
  return []
}

async function rolesIn(
  turn: Pick<Look, 'db'>,
  repair: Repair,
  actor: Actor,
): Promise<{ vehicle: Vehicle; roles: RepairRole[]; sees: boolean }> {
  const [vehicle] = await vehiclesById(turn.db, [repair.vehicle])
  if (!vehicle) throw new Error('a repair of no vehicle')
  const roles = rolesOn(repair, vehicle, actor)
  return { vehicle, roles, sees: roles.length > 0 || isWithin(viewing(actor, may), vehicle.unit) }
}

const rolesOn = (repair: Repair, { unit }: Vehicle, actor: Actor): RepairRole[] =>
  repairRoles(repair, unit, actor, isWithin(keeping(actor, may), unit), may)

/** What a press moves, held against who pressed, what state it is in, and what the card showed. */
async function moving(turn: Turn, { value }: Press, move: RepairMove) {
  const repair = await getRepair(turn.db, wholeId(value.id, NO_REPAIR))
  const { vehicle, roles, sees } = await rolesIn(turn, repair, actorIn(turn))
  if (!sees) throw new Refusal(NO_REPAIR)
  const { button, from, by } = repairFlow.moves[move]
  if (by === 'approver' && repair.askedBy === turn.who.id) throw new Refusal('报修人不得审批本人的报修')
  if (roles.includes(by) && !from.includes(repair.state as never))
    throw new AlreadySo(`报修单已是“${repairFlow.states[repair.state]}”,不能再${button}`)
  const state = step(repairFlow, repair.state, move, roles)
  if (value.rev !== repair.rev) throw new Refusal('卡片已过期,请以最新卡片为准')
  return { repair, vehicle: await holdVehicle(turn.db, vehicle.id), state }
}

const decide =
  (move: 'approve' | 'refuse'): Action =>
  async (turn, press) => {
    const { repair, vehicle, state } = await moving(turn, press, move)
    const word = wordIn(press.form, 'word', REPAIR_LIMITS.word)
    if (move === 'refuse' && !word) throw new Refusal('请填写驳回的理由')
    const as = repairApproverFor(repair, vehicle.unit, actorIn(turn), may)
    const decidedFor = as === turn.who.id ? undefined : as
    const after: Repair = { ...repair, state, word, decidedBy: turn.who.id, decidedFor, decidedAt: turn.now }
    await saveRepair(turn.db, repair, after)
    if (move === 'approve') await stop(turn, vehicle, repair)
    note(turn, after, state, as)
    turn.send({ to: { person: repair.askedBy }, body: bodyOf(repair), urgent: true })
    if (move === 'refuse' && vehicle.state === 'repair') await tellStanding(turn, vehicle, repair.askedBy)
    return { toast: { kind: 'success', words: `已${repairFlow.moves[move].button}` } }
  }

const withdraw: Action = async (turn, press) => {
  const { repair, vehicle, state } = await moving(turn, press, 'withdraw')
  const after: Repair = { ...repair, state }
  await saveRepair(turn.db, repair, after)
  if (repair.stops && vehicle.state === 'repair') await intoState(turn, vehicle, 'available', 'repair')
  note(turn, after, state)
  return { toast: { kind: 'success', words: '已撤回' } }
}

/** 维修完成: what it cost goes into 单车核算, and the vehicle can go again. */
const finish: Action = async (turn, press) => {
  const { repair, vehicle, state } = await moving(turn, press, 'finish')
  const cost = centsIn(wordIn(press.form, 'cost', 20))
  if (cost === undefined) throw new Refusal('维修费用请填写金额,例如:1180.50')
  const on = readDay(wordIn(press.form, 'day', 20), turn.now)
  if (on === undefined) throw new Refusal('请写完成日期,例如:2026-11-26')
  if (on > dayIn(turn.now) || on < dayIn(repair.askedAt)) throw new Refusal('完成日期应在报修之后、今天以前')
  const place = wordIn(press.form, 'place', REPAIR_LIMITS.place) || repair.place
  const done = wordIn(press.form, 'word', REPAIR_LIMITS.word)
  const after: Repair = { ...repair, state, cost, place, finishedAt: turn.now }
  await saveRepair(turn.db, repair, after)
  await addRepairCost(turn.db, {
    ...{ vehicle: vehicle.id, on, cents: cost, place, remark: done || repair.fault, by: turn.who.id, at: turn.now },
  })
  if (vehicle.state === 'repair') await intoState(turn, vehicle, 'available', 'repair')
  note(turn, after, state)
  if (repair.askedBy !== turn.who.id) turn.send({ to: { person: repair.askedBy }, body: bodyOf(repair) })
  return { toast: { kind: 'success', words: '已登记维修完成' } }
}

const show: Action = async (turn, { value }) => {
  const repair = await getRepair(turn.db, wholeId(value.id, NO_REPAIR))
  if (!(await rolesIn(turn, repair, actorIn(turn))).sees) throw new Refusal(NO_REPAIR)
  return { say: bodyOf(repair), privately: true, toast: { kind: 'success', words: '已发送到私聊' } }
}

export async function drawRepair(look: Look, id: number, viewer: Viewer): Promise<Card> {
  if (viewer.kind !== 'person') return hiddenRepair()
  const repair = await getRepair(look.db, id)
  const { vehicle, roles, sees } = await rolesIn(look, repair, await actorOf(look, viewer.id))
  if (!sees) return hiddenRepair()
  const ids = [repair.askedBy, repair.decidedBy, repair.decidedFor].filter(one => one !== undefined)
  const [people, { planned }] = await Promise.all([
    peopleById(look.db, ids),
    plannedOf(look, { vehicles: [vehicle.id] }),
  ])
  const names = new Map(people.map(person => [person.id, person.name]))
  return repairCard(repair, vehicle, roles, planned, { now: look.now, names })
}

/** Repairs on which somebody has to decide, or which they have to see done. */
export async function repairsWaiting(look: Look, actor: Actor): Promise<TodoItem[]> {
  const open = await openRepairs(look.db, MOST_OPEN)
  const cars = await vehiclesById(look.db, [...new Set(open.map(({ vehicle }) => vehicle))])
  const items: TodoItem[] = []
  for (const repair of open) {
    const vehicle = cars.find(({ id }) => id === repair.vehicle)
    if (!vehicle) continue
    const roles = rolesOn(repair, vehicle, actor)
    const waits = openMoves(repairFlow, repair.state, roles).filter(move => move !== 'withdraw')
    if (!waits.length) continue
    items.push({
      feature: FEATURE,
      matter: matterOf('repair', repair.id),
      awaitsDecision: repair.state === 'requested',
      urgency: repair.state === 'requested' ? repair.askedAt.getTime() : Number.MAX_SAFE_INTEGER,
      line: ['报修 ', { bold: vehicle.plate }, ` · ${repair.fault.slice(0, 30)} · ${repairFlow.states[repair.state]}`],
      buttons: [{ label: '查看', action: `${FEATURE}.repairShow`, value: { id: repair.id } }],
    })
  }
  return items
}

export const repairActions = {
  repairForm: openForm,
  repairAsk: ask,
  repairApprove: decide('approve'),
  repairRefuse: decide('refuse'),
  repairWithdraw: withdraw,
  repairFinish: finish,
  repairShow: show,
} satisfies Record<string, Action>
