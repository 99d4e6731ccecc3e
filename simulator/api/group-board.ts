import { randomUUID } from 'node:crypto'
import { isObject } from '../card/kinds.ts'
import { announce } from '../groups.ts'
import { chatsChanged, nowOf } from '../world.ts'
import type { Answer, Call } from './call.ts'
import { ownGroup } from './chats.ts'
import { problem } from './problem.ts'
import { textList } from './user-ids.ts'

const DAY_S = 24 * 3600
const periods: Record<string, number> = { week: 7 * DAY_S, year: 365 * DAY_S, permanently: 0 }

export function groupLink(call: Call): Answer {
  ownGroup(call, 232062)
  const period = periods[String(call.body.validity_period ?? 'week')]
  if (period === undefined) throw problem(232001, 'invalid validity_period')
  const expires = period ? String(Math.floor(nowOf(call.world) / 1000) + period) : ''
  const share_link = `https://applink.feishu.cn/client/chat/chatter/add_by_link?link_token=${randomUUID()}`
  return { data: { share_link, expire_time: expires, is_permanent: period === 0 } }
}

export function getAnnouncement(call: Call): Answer {
  const { world } = call
  const { announcement } = ownGroup(call)
  const { content = '', revision = 0, create_time = 0, update_time = 0 } = announcement ?? {}
  const { appId } = world.settings
  return {
    data: {
      content,
      revision: String(revision),
      create_time: String(create_time),
      update_time: String(update_time),
      owner_id_type: 'app_id',
      owner_id: appId,
      modifier_id_type: 'app_id',
      modifier_id: appId,
    },
  }
}

/** Requests are JSON in strings, with JSON in strings inside; their words are put behind what stands there. */
export function patchAnnouncement(call: Call): Answer {
  const { world, body } = call
  const group = ownGroup(call)
  if (String(body.revision) !== String(group.announcement?.revision ?? 0)) throw problem(232001, 'revision is outdated')
  const added = textList(call, 'requests', 100).map(wordsOf)
  announce(world, group, `${group.announcement?.content ?? ''}${added.join('')}`.slice(0, 100_000))
  return { data: {} }
}

function wordsOf(request: string): string {
  const parsed = parse(request)
  const insert = parsed.insertBlocksRequest
  if (parsed.requestType !== 'InsertBlocksRequestType' || !isObject(insert))
    throw problem(232001, 'unknown requestType')
  return texts(parse(String(insert.payload))).join('')
}

function parse(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json)
    if (isObject(value)) return value
  } catch {}
  throw problem(232001, 'requests must be JSON')
}

function texts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(texts)
  if (!isObject(value)) return []
  if (isObject(value.textRun)) return [String(value.textRun.text ?? '')]
  return Object.values(value).flatMap(texts)
}

/** 1 puts the announcement on top, 2 a message of the group. */
export function putTopNotice(call: Call): Answer {
  const { world, body } = call
  const group = ownGroup(call)
  const list = body.chat_top_notice
  const [notice] = Array.isArray(list) && list.length === 1 ? list : []
  if (!isObject(notice)) throw problem(232001, 'chat_top_notice must have one entry')
  if (notice.action_type !== '1' && notice.action_type !== '2') throw problem(232001, 'invalid action_type')
  const message_id = String(notice.message_id ?? '')
  const message = world.state.messages.get(message_id)
  if (notice.action_type === '2' && message?.chat_id !== group.chat_id) throw problem(232001, 'invalid message_id')
  group.top_notice = notice.action_type === '2' ? { kind: 'message', message_id } : { kind: 'announcement' }
  chatsChanged(world, group.members)
  return { data: {} }
}

export function removeTopNotice(call: Call): Answer {
  const group = ownGroup(call)
  delete group.top_notice
  chatsChanged(call.world, group.members)
  return { data: {} }
}
