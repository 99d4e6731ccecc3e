import { startBatch } from '../batches.ts'
import { isObject } from '../card/kinds.ts'
import { newBatchId } from '../ids.ts'
import { recall } from '../messages.ts'
import { findPerson, type IdType } from '../people.ts'
import { hasScope } from '../scopes.ts'
import type { Batch } from '../state.ts'
import { nowOf, type World } from '../world.ts'
import type { Answer, Call } from './call.ts'
import { childrenOf, membersOf, ROOT } from './contact-range.ts'
import { readContent } from './content.ts'
import { Problem, problem } from './problem.ts'

const MOST = 200
const TYPES = ['text', 'image', 'post', 'interactive']

const words: Record<number, string> = {
  10003: 'Invalid parameter.',
  11203: 'Send employee ids permission denied.',
  11204: 'Send department list permission denied.',
  11227: 'Image key not exist.',
  11246: 'Create message content fail.',
  11312: 'Bot messages do not pass the audit.',
}

/** Old API: its refusals come as HTTP 200. */
class BatchFault extends Error {
  readonly code: number
  constructor(code: number, detail?: string) {
    super(`${words[code] ?? 'error'}${detail ? ` ${detail}` : ''}`)
    this.code = code
  }
}

/** To people one by one, later: the answer only says whom it will try. */
export function batchSend(call: Call): Answer {
  try {
    return begin(call)
  } catch (cause) {
    if (cause instanceof BatchFault) return { top: { code: cause.code, msg: cause.message } }
    throw cause
  }
}

function begin({ world, body }: Call): Answer {
  const asked = askedOf(body)
  checkScopes(world, asked)
  const { content, msg_type, mentions } = written(world, body)
  const people = new Set<string>()
  const invalid = Object.fromEntries(
    Object.entries(asked).map(([field, ids]) => [
      `invalid_${field}`,
      ids.filter(id => !gather(world, field, id, people)),
    ]),
  )
  if (people.size === 0) throw new BatchFault(10003, 'no valid receiver')
  const batch_id = newBatchId()
  startBatch(world, {
    batch_id,
    at: nowOf(world),
    msg_type,
    content,
    mentions,
    people: [...people],
    left: [...people],
    sent: {},
  })
  return { data: { ...invalid, message_id: batch_id } }
}

const fields = ['department_ids', 'open_ids', 'user_ids', 'union_ids'] as const
type Asked = Record<(typeof fields)[number], string[]>

function askedOf(body: Record<string, unknown>): Asked {
  const lists = fields.map(field => [field, body[field] ?? []] as const)
  const wrong = lists.find(([, list]) => !isList(list))
  if (wrong) throw new BatchFault(10003, `${wrong[0]} must be a list of at most ${MOST} strings`)
  const asked = Object.fromEntries(lists) as Asked
  if (fields.every(field => asked[field].length === 0)) throw new BatchFault(10003, 'no receiver')
  if (asked.department_ids.includes(ROOT)) throw new BatchFault(10003, 'the root department cannot be written to')
  return asked
}

const isList = (list: unknown) =>
  Array.isArray(list) && list.length <= MOST && list.every(one => typeof one === 'string')

function checkScopes(world: World, { department_ids, ...people }: Asked) {
  if (department_ids.length > 0 && !hasScope(world, 'im:message:send_multi_depts')) throw new BatchFault(11204)
  if (Object.values(people).some(list => list.length > 0) && !hasScope(world, 'im:message:send_multi_users'))
    throw new BatchFault(11203)
}

const idTypes: Record<string, IdType> = { open_ids: 'open_id', user_ids: 'user_id', union_ids: 'union_id' }

/** Adds whom this id stands for; false when there is nobody. */
function gather(world: World, field: string, id: string, people: Set<string>): boolean {
  const type = idTypes[field]
  if (!type) return gatherDepartment(world, id, people)
  const person = findPerson(world, id, type)
  if (person) people.add(person.open_id)
  return person !== undefined
}

function gatherDepartment(world: World, id: string, people: Set<string>): boolean {
  if (!world.state.departments.has(id)) return false
  const all = [id, ...childrenOf(world, id, true).map(one => one.open_department_id)]
  for (const department of all) for (const person of membersOf(world, department)) people.add(person.open_id)
  return true
}

/** Unlike elsewhere, content and card are objects. */
function written(
  world: World,
  { msg_type, content, card }: Record<string, unknown>,
): Pick<Batch, 'content' | 'mentions' | 'msg_type'> {
  if (typeof msg_type !== 'string' || !TYPES.includes(msg_type)) throw new BatchFault(10003, 'msg_type is invalid')
  const given = msg_type === 'interactive' ? card : content
  if (!isObject(given))
    throw new BatchFault(10003, `${msg_type === 'interactive' ? 'card' : 'content'} must be an object`)
  try {
    const read = readContent(world, msg_type, JSON.stringify(msg_type === 'post' ? given.post : given))
    return { content: read.text, mentions: read.mentions, msg_type: read.msg_type }
  } catch (cause) {
    if (cause instanceof Problem) throw new BatchFault(oldCode(cause.code, msg_type), cause.message)
    throw cause
  }
}

const oldCode = (code: number, msg_type: string): number =>
  code === 230099 ? 11246 : code === 230028 ? 11312 : msg_type === 'image' ? 11227 : 10003

export function batchProgress(call: Call): Answer {
  const batch = pathBatch(call)
  const sent = Object.values(batch.sent)
  return {
    data: {
      batch_message_send_progress: {
        valid_user_ids_count: batch.people.length,
        success_user_ids_count: sent.length,
        read_user_ids_count: readersOf(call.world, batch),
      },
      batch_message_recall_progress: {
        recall: batch.recalled ?? false,
        recall_count: sent.filter(id => call.world.state.messages.get(id)?.recalled).length,
      },
    },
  }
}

export function batchReaders(call: Call): Answer {
  const batch = pathBatch(call)
  const total_count = String(Object.keys(batch.sent).length)
  return { data: { read_user: { read_count: String(readersOf(call.world, batch)), total_count } } }
}

/** Who has it loses it; who has not yet will not get it. */
export function recallBatch(call: Call): Answer {
  const { world } = call
  const batch = pathBatch(call)
  batch.left = []
  batch.recalled = true
  for (const id of Object.values(batch.sent)) {
    const message = world.state.messages.get(id)
    if (message && !message.recalled) recall(world, message)
  }
  return { data: {} }
}

const readersOf = (world: World, { sent }: Batch) =>
  Object.entries(sent).filter(([open_id, id]) => world.state.messages.get(id)?.read_by?.[open_id]).length

function pathBatch({ world, params }: Call): Batch {
  const batch = world.state.batches.get(params.batch_message_id ?? '')
  if (!batch) throw problem(230030)
  return batch
}
