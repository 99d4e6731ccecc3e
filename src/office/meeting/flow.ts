import { defineFlow } from '../../kit/flow.ts'

/**
 * The life of a 会议 (product.md 5, domain.md 3.2). 送审 leads back to 待审批 until the last step of its chain is decided; what a
 * 变更 newly needs approval for goes there too. It begins and, when nobody ends it, ends by the clock.
 */
export const meetingFlow = defineFlow({
  states: {
    draft: '拟定',
    submitted: '待审批',
    notified: '已通知',
    underway: '进行中',
    ended: '已结束',
    cancelled: '已取消',
  },
  roles: { organiser: '会议承办人', approver: '当前审批人', clock: '系统' },
  start: 'draft',
  moves: {
    publish: { from: ['draft'], to: 'notified', by: 'organiser', button: '发布' },
    submit: { from: ['draft'], to: 'submitted', by: 'organiser', button: '送审' },
    edit: { from: ['draft', 'submitted'], to: 'draft', by: 'organiser', button: '修改' },
    approve: {
      from: ['submitted'],
      to: 'notified',
      or: ['submitted'],
      by: 'approver',
      button: '同意',
      asks: 'note',
    },
    revise: { from: ['submitted'], to: 'draft', or: ['notified'], by: 'approver', button: '退回修改', asks: 'reason' },
    change: { from: ['notified'], or: ['submitted'], by: 'organiser', button: '变更' },
    cancel: {
      from: ['draft', 'submitted', 'notified'],
      to: 'cancelled',
      by: 'organiser',
      button: '取消会议',
      asks: 'note',
    },
    nudge: { from: ['notified'], by: 'organiser', button: '催报回执' },
    sheet: { from: ['notified', 'underway', 'ended'], by: 'organiser', button: '签到表' },
    begin: { from: ['notified'], to: 'underway', by: 'clock', button: '开始会议' },
    finish: { from: ['underway'], to: 'ended', by: 'organiser', button: '结束会议' },
    decide: { from: ['underway', 'ended'], by: 'organiser', button: '录入议定事项' },
  },
})

export type MeetingState = keyof typeof meetingFlow.states
export type MeetingRole = keyof typeof meetingFlow.roles
export type MeetingMove = keyof typeof meetingFlow.moves

/**
 * What somebody who was asked to a meeting answers (回执). Nobody sends a substitute before leave was granted (MT-02, MT-03); a
 * unit that names its own attendees answers by naming them.
 */
export const replyFlow = defineFlow({
  states: {
    pending: '未回执',
    attending: '参加',
    asking: '请假待批',
    excused: '请假',
    denied: '未准假',
    proxied: '委托代会',
    named: '已报名',
    present: '已签到',
  },
  roles: { invitee: '受邀人', granter: '召集人或主持人', unit: '受邀单位联络员', door: '受邀人或会务员' },
  start: 'pending',
  moves: {
    attend: {
      from: ['pending', 'attending', 'asking', 'excused', 'denied', 'proxied'],
      to: 'attending',
      by: 'invitee',
      button: '参加',
    },
    askLeave: { from: ['pending', 'attending', 'denied'], to: 'asking', by: 'invitee', button: '请假', asks: 'reason' },
    delegate: { from: ['excused', 'proxied'], to: 'proxied', by: 'invitee', button: '委托代会' },
    reconsider: { from: ['attending', 'asking', 'excused', 'proxied'], by: 'invitee', button: '改回执' },
    grantLeave: { from: ['asking'], to: 'excused', by: 'granter', button: '同意请假', asks: 'note' },
    denyLeave: { from: ['asking'], to: 'denied', by: 'granter', button: '不同意请假', asks: 'reason' },
    name: { from: ['pending'], to: 'named', by: 'unit', button: '报名' },
    rename: { from: ['named'], by: 'unit', button: '改报名' },
    checkIn: {
      from: ['pending', 'attending', 'asking', 'excused', 'denied', 'proxied'],
      to: 'present',
      by: 'door',
      button: '签到',
    },
  },
})

export type ReplyState = keyof typeof replyFlow.states
export type ReplyRole = keyof typeof replyFlow.roles
export type ReplyMove = keyof typeof replyFlow.moves
