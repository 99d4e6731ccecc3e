import { CardFault } from './card/fault.ts'
import { isObject } from './card/kinds.ts'
import { type Card, checkCard, checkSuccessor } from './card/read.ts'
import type { Known } from './card/validate.ts'
import type { Outcome, PostError } from './post.ts'
import type { ClickAnswer } from './protocol.ts'

type Toast = NonNullable<ClickAnswer['toast']>

/** What a good callback answer asks for. */
export interface Effect {
  toast?: Toast
  card?: Card
}

/** Why the client shows an error instead. */
export class CallbackFault extends Error {
  readonly code: number
  constructor(code: number, detail?: string) {
    super(`${words[code] ?? '出错了，请稍后重试'} code: ${code}${detail ? `（${detail}）` : ''}`)
    this.code = code
  }
}

const words: Record<number, string> = {
  200340: '应用未配置卡片回调地址，或应用版本未发布',
  200341: '目标回调服务超时未响应',
  200342: '目标回调服务连接失败',
  200343: '目标回调服务域名解析失败',
  200530: '表单中有组件未设置名称，无法提交',
  200671: '目标回调服务返回了错误的状态码',
  200672: '目标回调服务返回了错误的响应体格式',
  200673: '目标回调服务返回的卡片无效',
  200830: '2.0 版本的卡片不能更新为 1.0 版本',
  200750: '卡片已超过 14 天的交互期限，无法操作',
}

const connection: Record<PostError, number> = {
  timeout: 200341,
  unreachable: 200342,
  'unknown host': 200343,
  'broken off': 200342,
  'no address': 200340,
}

/** Reads the bot's answer to a click; throws a CallbackFault. `before` is the card as it stands now. */
export function readCallback(
  outcome: Outcome,
  before: Card,
  known: Known,
  template: (id: string, variables: unknown) => Card | undefined,
): Effect {
  if (outcome.error) throw new CallbackFault(connection[outcome.error])
  if (outcome.status !== 200) throw new CallbackFault(200671, `HTTP ${outcome.status}`)
  const answer = parse(outcome.text)
  const odd = Object.keys(answer).find(name => name !== 'toast' && name !== 'card')
  if (odd !== undefined) throw new CallbackFault(200672, `未知字段 ${odd}`)
  const toast = answer.toast === undefined ? undefined : readToast(answer.toast)
  const card = answer.card === undefined ? undefined : readAnsweredCard(answer.card, before, known, template)
  return { ...(toast && { toast }), ...(card && { card }) }
}

function parse(text: string): Record<string, unknown> {
  try {
    const answer: unknown = JSON.parse(text)
    if (isObject(answer)) return answer
  } catch {}
  throw new CallbackFault(200672)
}

const toastTypes = ['info', 'success', 'error', 'warning'] as const

function readToast(toast: unknown): Toast {
  if (!isObject(toast)) throw new CallbackFault(200672, 'toast 不是对象')
  const type = toastTypes.find(one => one === (toast.type ?? 'info'))
  const translated = isObject(toast.i18n) ? toast.i18n.zh_cn : undefined
  const content = translated ?? toast.content
  if (!type || typeof content !== 'string') throw new CallbackFault(200672, 'toast 的 type 或 content 有误')
  return { type, content }
}

function readAnsweredCard(
  card: unknown,
  before: Card,
  known: Known,
  template: (id: string, variables: unknown) => Card | undefined,
): Card {
  if (!isObject(card) || !isObject(card.data))
    throw new CallbackFault(200672, 'card 应为 { type, data }，且 data 是对象')
  const data =
    card.type === 'template' ? template(String(card.data.template_id), card.data.template_variable) : card.data
  if (card.type !== 'raw' && card.type !== 'template')
    throw new CallbackFault(200672, `card.type 为 ${String(card.type)}`)
  if (!data) throw new CallbackFault(200673, '模板不存在或未发布')
  try {
    checkSuccessor(before, data)
    checkCard(data, known)
    return data
  } catch (cause) {
    if (cause instanceof CardFault) throw new CallbackFault(cause.code === 200830 ? 200830 : 200673, cause.message)
    throw cause
  }
}
