import { defineFlow } from '../../kit/flow.ts'

/** The life of a 督办 (product.md 4). 逾期 is no state but computed; a move without `to` leaves the state as it is. */
export const taskFlow = defineFlow({
  states: {
    draft: '拟办',
    submitted: '待审批',
    assigned: '已交办',
    returned: '退回交办',
    underway: '办理中',
    extending: '延期待批',
    finished: '办结待审',
    suspending: '暂缓待批',
    suspended: '暂缓',
    cancelling: '撤销待批',
    cancelled: '撤销',
    closed: '已办结',
    archived: '已归档',
  },
  roles: {
    drafter: '拟办人或督办员',
    assigner: '交办审批人',
    changer: '变更审批人',
    receiver: '责任人、责任单位负责人或联络员',
    reporter: '责任人、责任单位负责人或联络员',
    owner: '责任人或责任单位联络员',
    head: '责任单位负责人或联络员',
    supervisor: '督办员',
    extender: '延期审批人',
    checker: '督办员(初审)',
    closer: '办结审批人',
    reviewer: '督办员或办结审批人',
    petitioner: '督办员或责任人',
    suspender: '暂缓审批人',
    canceller: '撤销审批人',
    giver: '交办领导',
    recorder: '办公室主任或督办员',
    archivist: '督办员',
  },
  start: 'draft',
  moves: {
    assign: { from: ['draft'], to: 'assigned', by: 'assigner', button: '交办' },
    submit: { from: ['draft'], to: 'submitted', by: 'drafter', button: '送审' },
    edit: { from: ['draft'], by: 'drafter', button: '修改' },
    cancel: { from: ['draft', 'submitted'], to: 'cancelled', by: 'drafter', button: '取消' },
    approve: { from: ['submitted'], to: 'assigned', by: 'assigner', button: '同意交办', asks: 'note' },
    revise: { from: ['submitted'], to: 'draft', by: 'assigner', button: '退回修改', asks: 'reason' },

    accept: { from: ['assigned'], to: 'underway', by: 'receiver', button: '签收' },
    return: { from: ['assigned'], to: 'returned', by: 'receiver', button: '退回交办', asks: 'reason' },
    redirect: { from: ['returned'], to: 'draft', by: 'supervisor', button: '改派', asks: 'note' },
    uphold: { from: ['returned'], to: 'assigned', by: 'supervisor', button: '维持', asks: 'reason' },
    reassign: { from: ['assigned', 'underway'], to: 'assigned', by: 'head', button: '转办', asks: 'note' },

    update: { from: ['underway', 'extending'], by: 'reporter', button: '反馈进展', asks: 'reason' },
    extend: { from: ['underway'], to: 'extending', by: 'owner', button: '申请延期', asks: 'reason' },
    grantExtension: { from: ['extending'], to: 'underway', by: 'extender', button: '同意延期', asks: 'note' },
    denyExtension: { from: ['extending'], to: 'underway', by: 'extender', button: '不同意延期', asks: 'reason' },

    finish: { from: ['underway'], to: 'finished', by: 'owner', button: '申请办结', asks: 'reason' },
    confirm: { from: ['finished'], to: 'closed', by: 'closer', button: '同意办结', asks: 'note' },
    check: { from: ['finished'], by: 'checker', button: '同意办结', asks: 'note' },
    redo: { from: ['finished'], to: 'underway', by: 'reviewer', button: '退回重办', asks: 'reason' },

    suspend: { from: ['underway'], to: 'suspended', by: 'suspender', button: '暂缓', asks: 'reason' },
    requestSuspension: { from: ['underway'], to: 'suspending', by: 'petitioner', button: '暂缓', asks: 'reason' },
    grantSuspension: { from: ['suspending'], to: 'suspended', by: 'suspender', button: '同意暂缓', asks: 'note' },
    denySuspension: { from: ['suspending'], to: 'underway', by: 'suspender', button: '不同意暂缓', asks: 'reason' },
    resume: { from: ['suspended'], to: 'underway', by: 'suspender', button: '恢复', asks: 'note' },

    annul: { from: ['underway'], to: 'cancelled', by: 'canceller', button: '撤销', asks: 'reason' },
    requestAnnulment: { from: ['underway'], to: 'cancelling', by: 'petitioner', button: '撤销', asks: 'reason' },
    grantAnnulment: { from: ['cancelling'], to: 'cancelled', by: 'canceller', button: '同意撤销', asks: 'note' },
    denyAnnulment: { from: ['cancelling'], to: 'underway', by: 'canceller', button: '不同意撤销', asks: 'reason' },

    nudge: { from: ['assigned', 'underway'], by: 'supervisor', button: '催办', asks: 'note' },
    phone: { from: ['assigned', 'underway'], by: 'supervisor', button: '记录电话催办', asks: 'reason' },
    change: { from: ['assigned', 'underway'], by: 'supervisor', button: '变更', asks: 'reason' },
    grantChange: { from: ['assigned', 'underway'], by: 'changer', button: '同意变更', asks: 'note' },
    denyChange: { from: ['assigned', 'underway'], by: 'changer', button: '不同意变更', asks: 'reason' },

    record: {
      from: ['submitted', 'assigned', 'underway', 'extending', 'finished', 'suspending', 'cancelling'],
      by: 'recorder',
      button: '代录领导意见',
    },

    acknowledge: { from: ['closed', 'archived'], by: 'giver', button: '知道了' },
    again: { from: ['closed', 'archived'], by: 'giver', button: '再交办' },
    archive: { from: ['closed'], to: 'archived', by: 'archivist', button: '归档', asks: 'note' },
  },
})

export type TaskState = keyof typeof taskFlow.states
export type TaskRole = keyof typeof taskFlow.roles
export type TaskMove = keyof typeof taskFlow.moves

/** An assistant's own line (DB-20, DB-21): what it contributes goes to whoever leads. */
export const assistFlow = defineFlow({
  states: { assigned: '待签收', underway: '协办中', finished: '已完成' },
  roles: { assistant: '协办人' },
  start: 'assigned',
  moves: {
    accept: { from: ['assigned'], to: 'underway', by: 'assistant', button: '签收' },
    update: { from: ['underway'], by: 'assistant', button: '反馈进展', asks: 'reason' },
    finish: { from: ['assigned', 'underway'], to: 'finished', by: 'assistant', button: '完成', asks: 'reason' },
  },
})

export type AssistState = keyof typeof assistFlow.states
export type AssistMove = keyof typeof assistFlow.moves
