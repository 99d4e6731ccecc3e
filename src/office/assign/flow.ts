import { defineFlow } from '../../kit/flow.ts'

/** The life of one person's share of a 交办 (product.md 4): light, without number and approval. 逾期 is computed. */
export const assignFlow = defineFlow({
  states: {
    assigned: '待签收',
    underway: '办理中',
    finished: '待确认',
    confirmed: '已完成',
    returned: '已退回',
    cancelled: '已取消',
  },
  roles: { assignee: '承办人', giver: '交办人' },
  start: 'assigned',
  moves: {
    accept: { from: ['assigned'], to: 'underway', by: 'assignee', button: '签收' },
    finish: { from: ['assigned', 'underway'], to: 'finished', by: 'assignee', button: '完成', asks: 'note' },
    return: { from: ['assigned', 'underway'], to: 'returned', by: 'assignee', button: '退回', asks: 'reason' },
    confirm: { from: ['finished'], to: 'confirmed', by: 'giver', button: '确认完成' },
    redo: { from: ['finished'], to: 'underway', by: 'giver', button: '退回重做', asks: 'reason' },
    cancel: { from: ['assigned', 'underway', 'finished'], to: 'cancelled', by: 'giver', button: '取消' },
  },
})

export type ShareState = keyof typeof assignFlow.states
export type ShareRole = keyof typeof assignFlow.roles
export type AssignMove = keyof typeof assignFlow.moves
