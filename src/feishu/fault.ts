/**
 * Why a call to Feishu did not succeed. The kind alone says what to do:
 * `rate-limited` wait and try again · `unreachable` try again, it may have arrived · `unauthorised` fetch a new token ·
 * `shut` the app as a whole is not let in until somebody sees to it: try again, later and later · `busy` the card is locked by a click,
 * try again at once · `outdated` the card can be changed no more · `gone` the message or chat is no more · `forbidden` this receiver or
 * right is not to be had · `oversize` a file is larger than we take · `malformed` what we sent is wrong. The last five are final
 * (`isFinal`).
 */
export type FaultKind =
  | 'rate-limited'
  | 'unreachable'
  | 'unauthorised'
  | 'shut'
  | 'busy'
  | 'outdated'
  | 'gone'
  | 'forbidden'
  | 'oversize'
  | 'malformed'

export class FeishuFault extends Error {
  readonly kind: FaultKind
  readonly code: number
  readonly logId: string
  readonly retryAfterMs: number | undefined
  /** Whether the call may have had its effect although no answer came. */
  readonly uncertain: boolean
  constructor(
    kind: FaultKind,
    detail: { code?: number; logId?: string; retryAfterMs?: number; uncertain?: boolean; why?: string },
  ) {
    super(`Feishu: ${kind}${detail.code ? ` ${detail.code}` : ''}${detail.why ? ` (${detail.why})` : ''}`)
    this.name = 'FeishuFault'
    this.kind = kind
    this.code = detail.code ?? 0
    this.logId = detail.logId ?? ''
    this.retryAfterMs = detail.retryAfterMs
    this.uncertain = detail.uncertain ?? false
  }
}

const KINDS: Array<[FaultKind, number[]]> = [
  ['rate-limited', [99991400, 230020, 11232, 230049, 190004, 190005, 190010]],
  ['unauthorised', [99991663, 99991664, 99991665, 99991661, 99991671, 10003, 10014, 10015, 99991543]],
  ['shut', [99991401, 99991403, 230006, 232025]],
  ['outdated', [230031]],
  ['gone', [230011, 230110, 232009, 230019, 99992354, 99992356, 230050, 234003, 193000, 193001, 193003, 194000]],
  [
    'forbidden',
    [
      230002, 230012, 230013, 230018, 230027, 230029, 230034, 230035, 230036, 230038, 230053, 99991672, 99991679, 11203,
      40004, 99992360, 99992361, 191002, 193002, 194002, 195100,
    ],
  ],
]
const LOCKED = /card action is lock/

/** The kind of a refusal by its code; an unknown code is taken as a mistake of ours unless the server itself failed. */
export function kindOf(code: number, status: number, message: string): FaultKind {
  if (code === 230099 && LOCKED.test(message)) return 'busy'
  const known = KINDS.find(([, codes]) => codes.includes(code))
  if (known) return known[0]
  if (status === 429) return 'rate-limited'
  return status >= 500 || code === 0 ? 'unreachable' : 'malformed'
}

const FINAL: readonly FaultKind[] = ['gone', 'outdated', 'forbidden', 'oversize', 'malformed']

/** Another attempt would end the same way. */
export const isFinal = ({ kind }: Pick<FeishuFault, 'kind'>): boolean => FINAL.includes(kind)

/** The app lacks the right to call an API at all, whoever it is about. */
export const isUngranted = ({ code }: FeishuFault): boolean => code === 99991672

/** The bot sits in that chat no more, or there is no such chat any more. */
export const isOutOfChat = ({ code }: FeishuFault): boolean => code === 232011 || code === 232009

/** Who has read a message is told for seven days. */
export const isTooOldToTell = ({ code }: FeishuFault): boolean => code === 230033

/** Whom an event does not know need not be taken out of it. */
export const isNoGuest = ({ code }: FeishuFault): boolean => code === 194000

/** What is said to people about a fault. */
const FAULT_WORDS: Record<FaultKind, string> = {
  'rate-limited': '发送过于频繁',
  unreachable: '飞书暂时无法连接',
  unauthorised: '应用凭证失效',
  shut: '飞书暂不接受本应用的请求',
  busy: '卡片正在被操作',
  outdated: '卡片已超过可更新期限',
  gone: '消息或群已不存在',
  forbidden: '对方不在可用范围,或机器人不在群内',
  oversize: '文件过大',
  malformed: '内容未被飞书接受',
}

/** Refusals that people can do something about, said more exactly than by their kind. */
const CODE_WORDS: Array<[string, number[]]> = [
  ['服务器的出口地址不在飞书应用的IP白名单内', [99991401]],
  ['本月调用飞书接口的次数已用完', [99991403]],
  ['飞书应用的机器人能力未启用', [230006, 232025]],
  ['机器人不在群内', [230002]],
  ['群已解散', [232009]],
  ['对方账号已停用,或不在应用可用范围内', [230013, 230029]],
  ['对方已停止接收机器人消息', [230053]],
  ['会话已禁言,或机器人已被屏蔽', [230035]],
  ['含有飞书不允许发送的敏感词', [230022]],
  ['含有本单位不允许外发的手机号码或邮箱', [230028]],
  ['应用未开通所需权限', [99991672, 99991679, 230027]],
  ['内容过长', [230025]],
]

/** In the words of whoever sent it, with Feishu's code for whoever looks into it. */
export function faultReason({ kind, code }: Pick<FeishuFault, 'kind' | 'code'>): string {
  const [words] = CODE_WORDS.find(([, codes]) => codes.includes(code)) ?? [FAULT_WORDS[kind]]
  return code ? `${words}(${code})` : words
}
