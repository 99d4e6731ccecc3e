/** What a condition is told by: how many, or which. */
export interface Facts {
  count?: number
  names?: string[]
}

interface Alert {
  name: string
  /**
   * Told at any hour, and red. GEN-07 holds back what is not urgent; while one of these lasts, what is urgent may reach nobody or
   * falls due for nobody, and whoever looks after the machine is the only one who can help. The rest waits for office hours.
   */
  grave?: true
  /** Told although it is over by then. */
  afterwards?: true
  /** So long it must have been found at each heartbeat. */
  persistsMs: number
  /** While it lasts it is told again after so many days. */
  againDays: number
  /** The first sentence while it lasts, and once it is over; instants are in words already. */
  lasts(facts: Facts, since: string): string
  over(facts: Facts, since: string, until: string): string
  todo: string
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** What waits for longer is too old: back-off alone takes it to a minute (src/bot/limits.ts). */
export const TOO_OLD_MS = 10 * MINUTE_MS
/** What is refused for so long is not refused by chance: an event comes again after 15 s and after 5 min. */
export const REFUSING_MS = 5 * MINUTE_MS
/** Two heartbeats further apart than this have others missing between them. */
export const MISSED_MS = 5 * MINUTE_MS
/** Deliveries that fail within this of one another are one condition. */
export const FAILING_MS = DAY_MS

const list = ({ names = [] }: Facts): string => names.join('、')
/** Where only some of them are named. */
const listed = (facts: Facts): string => `${list(facts)}${(facts.count ?? 0) > (facts.names?.length ?? 0) ? '等' : ''}`
const some = ({ count = 0 }: Facts): string => `${count}项事项`

/** What the administrators are told of. The numbers are conventions of this program. */
export const ALERTS = {
  outbox: {
    name: '消息积压',
    grave: true,
    // a start finds old parcels and sends them at once
    persistsMs: 3 * MINUTE_MS,
    againDays: 1,
    lasts: ({ count = 0 }, since) => `自${since}起消息未能发出,告警时积压${count}条。`,
    over: (_, since, until) => `${since}起消息未能发出,至${until}积压已消除。`,
    todo: '请检查服务器到飞书的网络、飞书服务状态和应用凭证;24小时内恢复的自动补发。',
  },
  duties: {
    name: '到期事项未能处理',
    grave: true,
    persistsMs: 10 * MINUTE_MS,
    againDays: 1,
    lasts: (facts, since) => `自${since}起未能完成:${list(facts)}。`,
    over: (facts, since, until) => `${since}起未能完成:${list(facts)};${until}起正常。`,
    todo: '请查看程序日志中的 tick failed。',
  },
  aside: {
    name: '到期事项搁置',
    grave: true,
    persistsMs: 10 * MINUTE_MS,
    againDays: 1,
    lasts: (facts, since) =>
      `自${since}起有${some(facts)}到期后办理出错,已单独搁置,其他事项照常办理:${listed(facts)}。`,
    over: (facts, since, until) => `${since}起搁置的${some(facts)},至${until}已补办或不再需要办理:${listed(facts)}。`,
    todo: '请查看程序日志中的 due aside 并排除原因;程序定时重试,成功后自动补办。',
  },
  sealing: {
    name: '审计记录未入链',
    grave: true,
    persistsMs: 15 * MINUTE_MS,
    againDays: 1,
    lasts: (_, since) => `自${since}起审计记录未能入链。`,
    over: (_, since, until) => `${since}起审计记录未能入链,${until}起正常。`,
    todo: '请查看程序日志,并请安全审计员发送 /审计 校验。',
  },
  heartbeat: {
    name: '运行中断',
    afterwards: true,
    persistsMs: 0,
    againDays: 1,
    lasts: (_, since) => `自${since}起未运行。`,
    over: ({ names = [] }, since, until) =>
      `${since}至${until}未运行。${names.length ? `其间到期的事项已补办,未能完成的有:${names.join('、')}。` : '其间到期的事项已补办。'}`,
    todo: '请查看服务器是否停机或重启。中断超过7小时的,其间发给回音的消息可能没有收到。',
  },
  restored: {
    name: '数据恢复',
    afterwards: true,
    persistsMs: 0,
    againDays: 1,
    lasts: (_, since) => `数据由${since}的备份恢复。`,
    over: (_, since, until) => `数据已于${until}由${since}的备份恢复,备份后办理的事项请逐项核对。`,
    todo: '此前的旧卡片请以最新卡片为准;提示未找到的,该事项已不存在,请重新办理。',
  },
  deliveries: {
    name: '飞书推送被拒收',
    // it is told of what has been refused for that long
    persistsMs: 0,
    againDays: 1,
    lasts: (facts, since) => `自${since}起拒收飞书推送的:${list(facts)}。`,
    over: (facts, since, until) => `${since}起拒收飞书推送的:${list(facts)};${until}起正常。`,
    todo: '请核对开放平台的应用、Encrypt Key 和 Verification Token 与服务器配置是否一致,并校准服务器时钟;运行 doctor 可查看详情。',
  },
  undelivered: {
    name: '消息未送达',
    persistsMs: 0,
    againDays: 1,
    lasts: ({ count = 0, names = [] }, since) => `自${since}起${count}条消息未能送达:${names.join('、')}。`,
    over: ({ count = 0, names = [] }, since) =>
      `自${since}起${count}条消息未能送达:${names.join('、')};此后24小时内未再发生。`,
    todo: '请在安装检查中查看未送达情况;对方不可用的核对通讯录,权限不足的在开放平台开通权限。',
  },
  breakdowns: {
    name: '处理出错',
    // by then Feishu has delivered it three times
    persistsMs: 10 * MINUTE_MS,
    againDays: 1,
    lasts: (facts, since) => `自${since}起${facts.count ?? 0}项因程序出错未能办理:${listed(facts)}。`,
    over: (facts, since) =>
      `自${since}起${facts.count ?? 0}项因程序出错未能办理:${listed(facts)};其后重新投递已办成,或已满3天。`,
    todo: '请按编号查看程序日志中的 turn failed,并告知开发人员;未办成的请有关人员在故障排除后重新发送。',
  },
  holidays: {
    name: '节假日安排未载入',
    persistsMs: 0,
    againDays: 7,
    lasts: facts => `${list(facts)}节假日安排尚未载入,该年度的工作日和期限只能按周末和法定节日推算。`,
    over: facts => `${list(facts)}节假日安排已载入。`,
    todo: '请发送 /假期 载入 并粘贴通知原文。',
  },
  directory: {
    name: '通讯录未更新',
    persistsMs: 2 * DAY_MS,
    againDays: 7,
    lasts: (_, since) => `通讯录自${since}起未能读取,人员变动可能没有反映。`,
    over: (_, since, until) => `通讯录自${since}起未能读取,${until}已恢复。`,
    todo: '请检查应用的通讯录权限范围,并在安装检查中重新读取通讯录。',
  },
  roles: {
    name: '角色空缺',
    persistsMs: 3 * DAY_MS,
    againDays: 7,
    lasts: (facts, since) => `自${since}起无人担任:${list(facts)}。`,
    over: (facts, _, until) => `${list(facts)}的空缺已于${until}补上。`,
    todo: '请发送 /角色 @姓名 角色,例如:/角色 @王强 督办员。',
  },
  leavers: {
    name: '离任人员事项未移交',
    persistsMs: 0,
    againDays: 7,
    lasts: ({ count = 0, names = [] }) =>
      `离任满一年的人员中,有${count}人名下仍有未办结事项,个人信息未能清除:${names.join('、')}${count > names.length ? '等' : ''}。`,
    over: () => '离任满一年的人员名下已无未办结事项,个人信息已清除。',
    todo: '请发送 /角色 移交 @姓名 @接手人,移交后次日凌晨自动清除。',
  },
} satisfies Record<string, Alert>

export type AlertId = keyof typeof ALERTS

export const ALERT_IDS = Object.keys(ALERTS) as AlertId[]

export const alertOf = (id: AlertId): Alert => ALERTS[id]
