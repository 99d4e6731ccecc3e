import { actedWords, nameOf, saidWith } from '../../kit/acted.ts'
import {
  type Block,
  buttons,
  type Card,
  type Colour,
  card,
  divider,
  fields,
  form,
  hidden,
  note,
  text,
} from '../../kit/card.ts'
import { openMoves } from '../../kit/flow.ts'
import { dayIn, formatShort } from '../../kit/time.ts'
import type { Vehicle } from './fleet.ts'
import {
  BEFOREHAND,
  REPAIR_LIMITS,
  type Repair,
  type RepairMove,
  type RepairRole,
  type RepairState,
  repairFlow,
  yuan,
} from './repair.ts'
import type { Setting } from './trip.ts'
import { stateWord } from './vehicle.ts'

const COLOURS: Record<RepairState, Colour> = {
  requested: 'yellow',
  approved: 'blue',
  refused: 'red',
  finished: 'green',
  withdrawn: 'grey',
}

/** A repair as somebody with some roles in it sees it. */
export function repairCard(
  repair: Repair,
  vehicle: Vehicle,
  roles: readonly RepairRole[],
  planned: readonly string[],
  { now, names }: Pick<Setting, 'now' | 'names'>,
): Card {
  const { state, fault, place, estimate, cost, askedBy, askedAt } = repair
  const open = state === 'requested' || state === 'approved'
  const drawn = card(
    `报修 · ${repairFlow.states[state]}`,
    COLOURS[state],
    fields(
      ['车辆', `${vehicle.plate}(${stateWord(vehicle.state)})`],
      ['故障情况', fault],
      ['定点维修单位', place],
      ['预计费用', estimate === undefined ? '未填' : yuan(estimate)],
      open ? ['使用情况', usageOf(repair)] : undefined,
      ['报修', `${nameOf(askedBy, names)} ${formatShort(askedAt, now)}`],
      cost === undefined ? undefined : ['维修费用', yuan(cost)],
    ),
    decisionNote(repair, now, names),
    open && planned.length && vehicle.state === 'repair'
      ? text(`该车还有派车任务,请改派:${planned.join(';')}`)
      : undefined,
    state === 'requested' ? note(BEFOREHAND) : undefined,
    state === 'refused' && vehicle.state === 'repair'
      ? note('车辆仍为“维修”,经检查可以使用的,由车管员在车辆卡片上恢复可用。')
      : undefined,
    ...controls(repair, openMoves(repairFlow, state, roles), now),
  )
  return { ...drawn, summary: `[用车] 报修 ${vehicle.plate} ${repairFlow.states[state]}` }
}

const usageOf = ({ state, stops }: Repair): string => {
  if (state === 'approved') return '已停用,待维修'
  return stops ? '不能使用,已停用' : '可以使用,批准后停用'
}

function decisionNote(
  { state, decidedBy, decidedFor, decidedAt, word, finishedAt }: Repair,
  now: Date,
  names: Setting['names'],
): Block | undefined {
  if (state === 'withdrawn') return note('报修人已撤回')
  if (!decidedBy || !decidedAt) return undefined
  const isRefused = state === 'refused'
  const act = isRefused ? '已驳回' : '已同意'
  const acted = actedWords(act, decidedBy, decidedFor, names)
  const done = finishedAt ? `;维修完成 ${formatShort(finishedAt, now)}` : ''
  return note(`${acted} · ${formatShort(decidedAt, now)}${saidWith(act, word, isRefused)}${done}`)
}

const ACTIONS: Record<RepairMove, string> = {
  approve: 'car.repairApprove',
  refuse: 'car.repairRefuse',
  withdraw: 'car.repairWithdraw',
  finish: 'car.repairFinish',
}

function controls({ id, rev, place }: Repair, moves: readonly RepairMove[], now: Date): Array<Block | undefined> {
  const value = { id, rev }
  const press = (move: RepairMove) => ({
    label: repairFlow.moves[move].button,
    action: ACTIONS[move],
    value,
    ...(move === 'approve' || move === 'finish' ? { style: 'primary' as const } : {}),
  })
  const asking = moves.filter(move => move === 'approve' || move === 'refuse')
  return [
    moves.length ? divider : undefined,
    asking.length
      ? form(
          'repairDecision',
          [{ kind: 'input', name: 'word', hint: '意见(驳回须填写)', lines: 2, max: REPAIR_LIMITS.word }],
          asking.map(press),
        )
      : undefined,
    moves.includes('withdraw') ? buttons(press('withdraw')) : undefined,
    moves.includes('finish')
      ? form(
          'repairFinish',
          [
            { kind: 'input', name: 'cost', label: '维修费用(元)', hint: '如:1180.50', max: 12, required: true },
            {
              kind: 'input',
              name: 'place',
              label: '维修单位',
              hint: '',
              value: place,
              max: REPAIR_LIMITS.place,
              required: true,
            },
            {
              kind: 'input',
              name: 'day',
              label: '完成日期',
              hint: '如:2026-11-26',
              value: dayIn(now),
              max: 20,
              required: true,
            },
            { kind: 'input', name: 'word', label: '维修内容(可不填)', hint: '', lines: 2, max: REPAIR_LIMITS.word },
          ],
          [press('finish')],
        )
      : undefined,
  ]
}

export const hiddenRepair = (): Card => hidden('报修', '未找到该报修单,或您无权查看。')
