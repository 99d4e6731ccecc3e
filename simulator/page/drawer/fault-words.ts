import type { Faults } from '../../protocol.ts'

/** How a fault is set where switching it on is not all. */
export type Dial = 'share' | 'ms' | 'copies' | 'times' | 'busy' | 'empties' | 'scopes' | 'departments' | 'chats'

export interface FaultWords {
  name: keyof Faults
  label: string
  hint: string
  /** What switching it on sets. */
  usual: unknown
  dial?: Dial
}

/** Every fault the simulator knows, in the order of the wire. */
export const faultGroups: Array<{ title: string; faults: FaultWords[] }> = [
  {
    title: '推送给机器人',
    faults: [
      { name: 'event_delay_ms', label: '迟到', hint: '每次推送晚多久发出', usual: 2000, dial: 'ms' },
      { name: 'event_lost', label: '途中丢失', hint: '推送没有到达，稍后重试', usual: 0.5, dial: 'share' },
      {
        name: 'event_answer_lost',
        label: '应答丢失',
        hint: '机器人已办，飞书没有听到，又推一次',
        usual: 0.5,
        dial: 'share',
      },
      { name: 'duplicate', label: '重复', hint: '同一事件同时多推几份', usual: 1, dial: 'copies' },
      { name: 'new_event_id', label: '同一消息换 event_id 再推', hint: '去重不能只看 event_id', usual: true },
      { name: 'out_of_order', label: '乱序', hint: '每两个事件，后一个先到', usual: true },
      { name: 'resign', label: '重试沿用旧签名', hint: '重试不重新签名，时间戳是第一次的', usual: false },
      { name: 'foreign_json', label: '按 JSON.stringify 的写法', hint: '关掉飞书自己的 JSON 写法', usual: false },
      { name: 'form_empties', label: '表单空项的写法', hint: '留空的选填项怎样上报', usual: 'absent', dial: 'empties' },
    ],
  },
  {
    title: '机器人调用接口',
    faults: [
      { name: 'api_latency_ms', label: '处理前变慢', hint: '过多久才开始处理', usual: 2000, dial: 'ms' },
      { name: 'api_latency_after_ms', label: '处理后变慢', hint: '办完了，过多久才应答', usual: 2000, dial: 'ms' },
      { name: 'api_5xx', label: '5xx，没有办', hint: '返回 503', usual: 0.5, dial: 'share' },
      { name: 'api_5xx_after', label: '5xx，其实已办', hint: '返回 504', usual: 0.5, dial: 'share' },
      { name: 'api_reset', label: '连接中断，没有办', hint: '直接断开', usual: 0.5, dial: 'share' },
      { name: 'api_reset_after', label: '连接中断，其实已办', hint: '办完后断开', usual: 0.5, dial: 'share' },
      { name: 'api_timeout', label: '不应答，没有办', hint: '连接开着，一直没有应答', usual: 0.5, dial: 'share' },
      { name: 'api_timeout_after', label: '不应答，其实已办', hint: '办完后一直没有应答', usual: 0.5, dial: 'share' },
      { name: 'api_slow', label: '偶尔变慢', hint: '两秒后才办', usual: 0.5, dial: 'share' },
      {
        name: 'api_429',
        label: '超频 429',
        hint: '99991400，带等待秒数',
        usual: { next: 5, reset_s: 1 },
        dial: 'busy',
      },
      { name: 'api_230020', label: '会话超频 230020', hint: '发消息时返回', usual: { next: 5 }, dial: 'times' },
      {
        name: 'api_broken_json',
        label: '残缺的 JSON',
        hint: 'HTTP 200，内容不完整',
        usual: { next: 3 },
        dial: 'times',
      },
      { name: 'api_html_502', label: 'HTML 的 502', hint: '网关错误页', usual: { next: 3 }, dial: 'times' },
      { name: 'limits', label: '不限流', hint: '关掉平台的限额', usual: false },
    ],
  },
  {
    title: '令牌、权限与通讯录',
    faults: [
      { name: 'token_down', label: '取令牌失败', hint: '令牌接口返回 500', usual: true },
      { name: 'missing_scopes', label: '缺少权限', hint: '接口返回 99991672', usual: [], dial: 'scopes' },
      { name: 'contact_scope', label: '通讯录范围缩小', hint: '只能读到所选部门', usual: [], dial: 'departments' },
      { name: 'muted', label: '群内禁言', hint: '发消息返回 230035', usual: [], dial: 'chats' },
      { name: 'dlp', label: '拦截手机号', hint: '明文手机号返回 230028', usual: true },
    ],
  },
]

/** Of every call the bot makes; taking one away shows how it fares without. */
export const usedScopes = [
  'im:message.p2p_msg:readonly',
  'im:message.group_at_msg:readonly',
  'im:message:send_as_bot',
  'im:message:update',
  'im:message',
  'im:message:send',
  'im:chat:readonly',
  'im:chat',
  'im:chat:read',
  'im:chat.members:read',
  'contact:contact.base:readonly',
  'contact:contact:readonly_as_app',
  'contact:user.base:readonly',
  'contact:user.department:readonly',
  'contact:user.employee:readonly',
  'contact:department.base:readonly',
  'contact:department.organize:readonly',
]

/** Not granted at first; granting them changes what the bot hears. */
export const optionalScopes: Array<{ name: string; hint: string }> = [
  { name: 'im:message.group_msg', hint: '收到群里的全部消息' },
  { name: 'im:message.group_at_msg.include_bot:readonly', hint: '其他机器人的 @ 也收到' },
  { name: 'contact:user.employee_id:readonly', hint: '事件中带 user_id' },
]
