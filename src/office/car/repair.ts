import { defineFlow } from '../../kit/flow.ts'
import { halfWidth } from '../../kit/text.ts'
import type { Actor, Right, Setting } from './trip.ts'

/** The life of a repair (CAR-38): asked for, approved by 办公室主任 before anything is done, finished with what it cost. */
export const repairFlow = defineFlow({
  states: {
    requested: '待审批',
    approved: '待维修',
    refused: '已驳回',
    finished: '已完成',
    withdrawn: '已撤回',
  },
  roles: { applicant: '报修人', approver: '办公室主任或分管、主要领导', keeper: '车管员' },
  start: 'requested',
  moves: {
    approve: { from: ['requested'], to: 'approved', by: 'approver', button: '同意', asks: 'note' },
    refuse: { from: ['requested'], to: 'refused', by: 'approver', button: '驳回', asks: 'reason' },
    withdraw: { from: ['requested'], to: 'withdrawn', by: 'applicant', button: '撤回' },
    finish: { from: ['approved'], to: 'finished', by: 'keeper', button: '维修完成' },
  },
})
export type RepairState = keyof typeof repairFlow.states
export type RepairRole = keyof typeof repairFlow.roles
export type RepairMove = keyof typeof repairFlow.moves

export interface Repair {
  id: number
  rev: number
  vehicle: number
  state: RepairState
  fault: string
  /** The vehicle stands still until it is done. */
  stops: boolean
  /** 定点维修单位. */
  place: string
  /** Cents. */
  estimate: number | undefined
  cost: number | undefined
  askedBy: string
  askedAt: Date
  decidedBy: string | undefined
  /** In whose place a deputy decided. */
  decidedFor: string | undefined
  decidedAt: Date | undefined
  word: string
  finishedAt: Date | undefined
}

export const REPAIR_LIMITS = { fault: 200, place: 40, word: 200, cents: 100_000_000 } as const

/** CAR-38. */
export const BEFOREHAND = '维修须事前审批并定点维修。'

/** Who decides on repairs, one step up where 办公室主任 asked for it: the first step of 用车审批 alone (KZ) is not enough. */
export const REPAIR_DECIDERS = ['BZ', 'FG', 'LD'] as const

/** The roles of somebody in a repair; nobody decides on what they asked for. `unit`: the vehicle's. */
export function repairRoles(of: Repair, unit: string, actor: Actor, keeps: boolean, may: Setting['may']): RepairRole[] {
  const roles: RepairRole[] = []
  if (of.askedBy === actor.id) roles.push('applicant')
  if (repairApproverFor(of, unit, actor, may) !== undefined) roles.push('approver')
  if (keeps) roles.push('keeper')
  return roles
}

/** As whom somebody may decide: as oneself, or in the place of somebody who may and did not ask for it. */
export function repairApproverFor(of: Repair, unit: string, actor: Actor, may: Setting['may']): string | undefined {
  if (of.askedBy === actor.id) return undefined
  const own = actor.held.map(({ code }) => code)
  const right: Right = 'A'
  const selves = [{ id: actor.id, held: actor.held }, ...actor.standsFor]
  return selves.find(
    ({ id, held }) =>
      id !== of.askedBy &&
      held.some(
        role =>
          (REPAIR_DECIDERS as readonly string[]).includes(role.code) &&
          (role.unit === undefined || role.unit === unit) &&
          may([role.code, ...own], right, 'car.approve'),
      ),
  )?.id
}

/** `1,280.50元` as cents; undefined when it is no amount. */
export function centsIn(typed: string): number | undefined {
  const said = halfWidth(typed)
    .replace(/[,\s¥\uffe5]/g, '')
    .replace(/元$/, '')
  const cents = /^\d{1,7}(\.\d{1,2})?$/.test(said) ? Math.round(Number(said) * 100) : undefined
  return cents !== undefined && cents <= REPAIR_LIMITS.cents ? cents : undefined
}

export const yuan = (cents: number): string => `${(cents / 100).toFixed(2)}元`
