import { defineFlow } from '../../kit/flow.ts'

/**
 * The life of a 用车 (product.md 6, domain.md 4.3). Where 提交 and 同意 lead follows from the chain of approval (`chain.ts`);
 * 修改 goes back to the first step that it touches.
 */
export const tripFlow = defineFlow({
  states: {
    draft: '草稿',
    section: '待科室审核',
    office: '待办公室审批',
    leader: '待领导审批',
    approved: '待派车',
    dispatched: '已派车',
    underway: '已出车',
    returned: '已回场',
    completed: '已完成',
    refused: '已驳回',
    withdrawn: '已撤回',
    cancelled: '已取消',
    missed: '爽约',
  },
  roles: {
    applicant: '申请人或用车人',
    approver: '当前审批人',
    endorser: '补办审批人',
    dispatcher: '车管员',
    driver: '驾驶员或车管员',
    traveller: '申请人、用车人、驾驶员或车管员',
    rider: '乘车人',
  },
  start: 'draft',
  moves: {
    submit: { from: ['draft'], to: 'section', or: ['office', 'leader', 'approved'], by: 'applicant', button: '提交' },
    edit: {
      from: ['draft', 'section', 'office', 'leader', 'approved', 'dispatched'],
      or: ['section', 'office', 'leader', 'approved'],
      by: 'applicant',
      button: '修改',
    },
    withdraw: { from: ['section', 'office', 'leader'], to: 'withdrawn', by: 'applicant', button: '撤回' },
    cancel: {
      from: ['draft', 'approved', 'dispatched'],
      to: 'cancelled',
      by: 'applicant',
      button: '取消用车',
      asks: 'note',
    },
    again: {
      from: ['completed', 'refused', 'withdrawn', 'cancelled', 'missed'],
      by: 'applicant',
      button: '再次申请',
    },

    approve: {
      from: ['section', 'office', 'leader'],
      to: 'approved',
      or: ['office', 'leader'],
      by: 'approver',
      button: '同意',
      asks: 'note',
    },
    refuse: { from: ['section', 'office', 'leader'], to: 'refused', by: 'approver', button: '驳回', asks: 'reason' },

    endorse: {
      from: ['approved', 'dispatched', 'underway', 'returned', 'completed'],
      by: 'endorser',
      button: '同意补办',
      asks: 'note',
    },
    object: {
      from: ['approved', 'dispatched', 'underway', 'returned', 'completed'],
      by: 'endorser',
      button: '不同意补办',
      asks: 'reason',
    },

    assign: { from: ['approved'], to: 'dispatched', by: 'dispatcher', button: '派车' },
    lapse: { from: ['approved'], to: 'cancelled', by: 'dispatcher', button: '登记未派', asks: 'reason' },
    redirect: { from: ['dispatched'], by: 'dispatcher', button: '改派' },
    depart: { from: ['dispatched'], to: 'underway', by: 'driver', button: '出车' },
    arrive: { from: ['underway'], to: 'returned', by: 'driver', button: '回场' },
    reschedule: { from: ['dispatched', 'underway'], by: 'traveller', button: '调整返回时间', asks: 'reason' },
    miss: { from: ['dispatched'], to: 'missed', by: 'dispatcher', button: '登记爽约', asks: 'reason' },
    correct: { from: ['underway', 'returned', 'completed'], by: 'dispatcher', button: '更正里程', asks: 'reason' },
    confirm: { from: ['returned'], by: 'rider', button: '确认行程', asks: 'note' },
    complete: { from: ['returned'], to: 'completed', by: 'dispatcher', button: '核对完成', asks: 'note' },
  },
})

export type TripState = keyof typeof tripFlow.states
export type TripRole = keyof typeof tripFlow.roles
export type TripMove = keyof typeof tripFlow.moves
