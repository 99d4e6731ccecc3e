import type { EventRequest } from './dev.ts'

export interface Checked {
  request?: EventRequest
  /** Why it cannot be sent. */
  faults: string[]
  /** Where it differs from what Feishu sends; sending it shows how the bot takes that. */
  doubts: string[]
}

const LONGEST = 150_000

/** Reads what was written, and holds its shape against the template's. */
export function checked(text: string, like: EventRequest): Checked {
  if (text.length > LONGEST) return { faults: [`内容过长：最多 ${LONGEST} 个字符`], doubts: [] }
  const read = parsed(text)
  if ('fault' in read) return { faults: [read.fault], doubts: [] }
  const faults = faultsIn(read.json)
  if (faults.length) return { faults, doubts: [] }
  const request = read.json as EventRequest
  return { request, faults, doubts: [...differences(like.event, request.event, 'event'), ...contentDoubt(request)] }
}

function parsed(text: string): { json: unknown } | { fault: string } {
  try {
    return { json: JSON.parse(text) }
  } catch (cause) {
    return { fault: `不是有效的 JSON：${(cause as Error).message}` }
  }
}

function faultsIn(json: unknown): string[] {
  if (!isObject(json)) return ['最外层应是一个对象：{ "event_type": …, "event": { … } }']
  const { event_type, event, header, ...odd } = json
  return [
    ...(typeof event_type === 'string' && /^[\w.]{1,100}$/.test(event_type)
      ? []
      : ['event_type 应是事件类型，例如 im.message.receive_v1']),
    ...(isObject(event) ? [] : ['event 应是一个对象']),
    ...(header === undefined || isObject(header) ? [] : ['header 应是一个对象，其中的字段覆盖信封上的']),
    ...Object.keys(odd).map(name => `最外层没有 ${name} 这个字段`),
  ]
}

function differences(like: unknown, given: unknown, path: string): string[] {
  if (kindOf(like) !== kindOf(given)) return [`${path} 应是${kindOf(like)}，现在是${kindOf(given)}`]
  if (Array.isArray(like) && Array.isArray(given))
    return like[0] && given[0] ? differences(like[0], given[0], `${path}[0]`) : []
  if (!isObject(like) || !isObject(given)) return []
  const missing = Object.keys(like).filter(name => !(name in given))
  const odd = Object.keys(given).filter(name => !(name in like))
  return [
    ...missing.map(name => `缺少 ${path}.${name}`),
    ...odd.map(name => `${path}.${name} 不在模板中`),
    ...Object.keys(like).flatMap(name =>
      name in given ? differences(like[name], given[name], `${path}.${name}`) : [],
    ),
  ]
}

/** Feishu's content is JSON within a string. */
function contentDoubt({ event_type, event }: EventRequest): string[] {
  if (event_type !== 'im.message.receive_v1' || !isObject(event) || !isObject(event.message)) return []
  const { content } = event.message
  if (typeof content !== 'string' || content === '' || 'json' in parsed(content)) return []
  return ['event.message.content 应是一段 JSON 文本']
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const kinds: Record<string, string> = {
  string: '字符串',
  number: '数字',
  boolean: '真假值',
  object: '对象',
  undefined: '空',
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return '数组'
  return value === null ? '空' : (kinds[typeof value] ?? typeof value)
}
