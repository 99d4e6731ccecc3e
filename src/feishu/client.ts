import { Client, LoggerLevel, withUserAccessToken } from '@larksuiteoapi/node-sdk'
import { z } from 'zod'
import type { FeishuConfig } from '../config.ts'
import type { Card } from '../kit/card.ts'
import { busyReader } from './busy.ts'
import { calendarOf } from './calendar.ts'
import { printCard } from './card.ts'
import {
  asDepartment,
  asPerson,
  type DirectoryDepartment,
  type DirectoryPerson,
  departmentSchema,
  IDS,
  paged,
  pageOf,
  scopeSchema,
  userSchema,
} from './contact.ts'
import { FeishuFault } from './fault.ts'
import { createHttp, type Dated, type HttpParts } from './http.ts'
import { nameText } from './ids.ts'
import { readerAsker } from './readers.ts'
import { tokenCache } from './tokens.ts'

/** The few things we ask of Feishu. Each throws only FeishuFault. */
export type Feishu = ReturnType<typeof createFeishu>

/** `file`: the key of one that was uploaded. */
export type Content = { card: Card } | { text: string } | { file: string }
const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, trace: () => {} }
const PAGE = 50

type Given = ReturnType<typeof withUserAccessToken> | undefined

/** Builds the client once per process (or isolate): it holds the token, and no connection. */
export function createFeishu(config: Pick<FeishuConfig, 'appId' | 'appSecret' | 'domain'>, parts: HttpParts) {
  const tokens = tokenCache(parts.wire)
  let last: Dated | undefined
  const dated = (answer: Dated) => {
    last = answer
  }
  const sdk = new Client({
    appId: config.appId,
    appSecret: config.appSecret,
    domain: config.domain,
    httpInstance: createHttp({ ...parts, dated }) as never,
    cache: tokens as never,
    logger: silent,
    loggerLevel: LoggerLevel.error,
  })

  /**
   * With the token we hold, and once more with a fresh one when that was refused (99991663). It is handed in the one way the SDK takes
   * a token in (by the name of a person's): the SDK would find the same through a dozen promises.
   */
  const call = async <T>(run: (given: Given) => Promise<T>): Promise<T> => {
    const used = tokens.held()
    try {
      return await run(used === undefined ? undefined : withUserAccessToken(used))
    } catch (error) {
      const fault = asFault(error)
      if (fault.kind !== 'unauthorised' || !used) throw fault
      tokens.drop(used)
      return await run(undefined).catch((again: unknown) => {
        throw asFault(again)
      })
    }
  }

  const get = async <T>(schema: z.ZodType<T>, url: string, params: Record<string, unknown> = {}): Promise<T> => {
    const body = await call(given => sdk.request({ method: 'GET', url, params }, given))
    const read = schema.safeParse(body)
    if (!read.success) throw new FeishuFault('unreachable', { why: 'an answer of another shape' })
    return read.data
  }

  return {
    ...calendarOf((method, url, data, params = {}) => call(given => sdk.request({ method, url, data, params }, given))),
    busyTimes: busyReader((url, data, params) =>
      call(given => sdk.request({ method: 'POST', url, data, params }, given)),
    ),
    hasRead: readerAsker((url, params) => call(given => sdk.request({ method: 'GET', url, params }, given))),

    /** How far our clock is ahead of Feishu's, by its last answer; below 0: behind. */
    clockAheadMs: () => last && aheadMs(last),

    /** Posts anew, to a chat or to a person; answers the message's id. */
    async send(to: { chat: string } | { person: string }, content: Content, uuid: string): Promise<string> {
      const [receive_id_type, receive_id] =
        'chat' in to ? (['chat_id', to.chat] as const) : (['open_id', to.person] as const)
      const answer = await call(given =>
        sdk.im.v1.message.create(
          { params: { receive_id_type }, data: { receive_id, uuid, ...printed(content) } },
          given,
        ),
      )
      return messageId(answer)
    },

    async reply(to: string, content: Content, uuid: string): Promise<string> {
      const answer = await call(given =>
        sdk.im.v1.message.reply({ path: { message_id: to }, data: { uuid, ...printed(content) } }, given),
      )
      return messageId(answer)
    },

    /** Opens the private chat with us in Feishu's own clients (an AppLink). */
    chatLink: `${config.domain.replace('://open.', '://applink.')}/client/bot/open?appId=${config.appId}`,

    /** Hands in a file (at most 30 MB); answers the key by which it is sent. */
    async upload(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
      const form = new FormData()
      form.set('file_type', 'stream')
      form.set('file_name', name)
      form.set('file', new Blob([bytes]), name)
      const body = await call(given =>
        sdk.request({ method: 'POST', url: '/open-apis/im/v1/files', form } as never, given),
      )
      const read = z.object({ data: z.object({ file_key: z.string().min(1) }) }).safeParse(body)
      if (!read.success) throw new FeishuFault('unreachable', { why: 'no file key' })
      return read.data.data.file_key
    },

    /**
     * Hands words over for up to 200 people, to be sent one by one; answers whom Feishu does not know. It takes no uuid, so a call
     * whose outcome is uncertain must not be repeated. Such a message cannot be changed, and a card's buttons would do nothing.
     */
    async sendMany(people: string[], words: string): Promise<string[]> {
      const url = '/open-apis/message/v4/batch_send/'
      const data = { open_ids: people, msg_type: 'text', content: { text: unmarked(words) } }
      const body = await call(given => sdk.request({ method: 'POST', url, data }, given))
      const read = handedOver.safeParse(body)
      if (!read.success) throw new FeishuFault('unreachable', { uncertain: true, why: 'an answer of another shape' })
      return read.data.data.invalid_open_ids
    },

    async redraw(message: string, card: Card): Promise<void> {
      const data = { content: cardText(card) }
      await call(given => sdk.im.v1.message.patch({ path: { message_id: message }, data }, given))
    },

    /** A file that somebody sent, at most so many bytes of it. */
    async file(message: string, key: string, most: number): Promise<Uint8Array> {
      const url = `/open-apis/im/v1/messages/${encodeURIComponent(message)}/resources/${encodeURIComponent(key)}`
      const asked = {
        method: 'GET',
        url,
        params: { type: 'file' },
        responseType: 'arraybuffer',
        maxContentLength: most,
      }
      const { bytes } = (await call(given => sdk.request(asked as Parameters<typeof sdk.request>[0], given))) as {
        bytes?: Uint8Array
      }
      if (!bytes) throw new FeishuFault('unreachable', { why: 'no file' })
      return bytes
    },

    /** Who we are: needed to tell a mention of ourselves. */
    async me(): Promise<{ id: string; name: string }> {
      const { bot } = await get(
        z.object({ bot: z.object({ open_id: z.string(), app_name: z.string().default('') }) }),
        '/open-apis/bot/v3/info',
      )
      return { id: bot.open_id, name: bot.app_name }
    },

    /** The rights that the house has granted to the app. */
    async scopes(): Promise<string[]> {
      const { data } = await get(grantedSchema, '/open-apis/application/v6/scopes')
      return data.scopes.filter(one => one.grant_status === GRANTED).map(one => one.scope_name)
    },

    async person(id: string): Promise<DirectoryPerson> {
      const { data } = await get(
        z.object({ data: z.object({ user: userSchema }) }),
        `/open-apis/contact/v3/users/${encodeURIComponent(id)}`,
        IDS,
      )
      return asPerson(data.user)
    },

    /** What the app may read: departments and single people; `'0'` among the departments = the whole house. */
    async range(page = ''): Promise<{ departments: string[]; people: string[]; next: string }> {
      const { data } = await get(scopeSchema, '/open-apis/contact/v3/scopes', {
        ...IDS,
        page_size: 100,
        ...paged(page),
      })
      return { departments: data.department_ids, people: data.user_ids, next: data.has_more ? data.page_token : '' }
    },

    async department(id: string): Promise<DirectoryDepartment> {
      const { data } = await get(
        z.object({ data: z.object({ department: departmentSchema }) }),
        `/open-apis/contact/v3/departments/${encodeURIComponent(id)}`,
        IDS,
      )
      return asDepartment(data.department)
    },

    async departmentsBelow(id: string, page = ''): Promise<{ items: DirectoryDepartment[]; next: string }> {
      const { data } = await get(
        pageOf(departmentSchema),
        `/open-apis/contact/v3/departments/${encodeURIComponent(id)}/children`,
        { ...IDS, fetch_child: true, page_size: PAGE, ...paged(page) },
      )
      return { items: data.items.map(asDepartment), next: data.has_more ? data.page_token : '' }
    },

    async peopleIn(department: string, page = ''): Promise<{ items: DirectoryPerson[]; next: string }> {
      const { data } = await get(pageOf(userSchema), '/open-apis/contact/v3/users/find_by_department', {
        ...IDS,
        department_id: department,
        page_size: PAGE,
        ...paged(page),
      })
      return { items: data.items.map(asPerson), next: data.has_more ? data.page_token : '' }
    },

    /** Groups that we are in; `external`: with people of another house. */
    async chats(page = ''): Promise<{ items: Array<{ id: string; name: string; external: boolean }>; next: string }> {
      const { data } = await get(
        pageOf(z.object({ chat_id: z.string(), name: nameText, external: z.boolean().default(false) })),
        '/open-apis/im/v1/chats',
        { page_size: 100, ...paged(page) },
      )
      return {
        items: data.items.map(({ chat_id, name, external }) => ({ id: chat_id, name, external })),
        next: data.has_more ? data.page_token : '',
      }
    },

    /** `external`: with people of another house. */
    async chat(id: string): Promise<{ external: boolean }> {
      const { data } = await get(
        z.object({ data: z.object({ external: z.boolean() }) }),
        `/open-apis/im/v1/chats/${encodeURIComponent(id)}`,
        {},
      )
      return data
    },

    async membersOf(chat: string, page = ''): Promise<{ items: Member[]; next: string }> {
      const { data } = await get(
        pageOf(z.object({ member_id: z.string(), name: nameText, tenant_key: z.string().default('') })),
        `/open-apis/im/v1/chats/${encodeURIComponent(chat)}/members`,
        { member_id_type: 'open_id', page_size: 100, ...paged(page) },
      )
      return {
        items: data.items.map(({ member_id, name, tenant_key }) => ({ id: member_id, name, tenant: tenant_key })),
        next: data.has_more ? data.page_token : '',
      }
    },
  }
}

/** Somebody of a group; `tenant`: whose, as far as Feishu tells. */
export interface Member {
  id: string
  name: string
  tenant: string
}

const SECOND_MS = 1_000

/** Undefined: the answer bore no date. */
function aheadMs({ date, sentMs, cameMs }: Dated): number | undefined {
  const atMs = date === undefined ? Number.NaN : Date.parse(date)
  if (Number.isNaN(atMs)) return undefined
  return Math.max(0, sentMs - (atMs + SECOND_MS)) + Math.min(0, cameMs - atMs)
}

const GRANTED = 1
const grantedSchema = z.object({
  data: z.object({ scopes: z.array(z.object({ scope_name: z.string(), grant_status: z.number() })).default([]) }),
})

const handedOver = z.object({
  data: z.object({
    invalid_open_ids: z
      .array(z.string())
      .nullish()
      .transform(ids => ids ?? []),
  }),
})

const texts = new WeakMap<Card, string>()

/** A card that is handed out again and again is printed once. */
function cardText(card: Card): string {
  const text = texts.get(card) ?? JSON.stringify(printCard(card))
  texts.set(card, text)
  return text
}

function printed(content: Content): { msg_type: string; content: string } {
  if ('file' in content) return { msg_type: 'file', content: JSON.stringify({ file_key: content.file }) }
  return 'card' in content
    ? { msg_type: 'interactive', content: cardText(content.card) }
    : { msg_type: 'text', content: JSON.stringify({ text: unmarked(content.text) }) }
}

/** Feishu makes mentions, styles and links of a text's tags and brackets; ours has none, whatever names it may quote. */
const unmarked = (text: string): string => text.replaceAll('<', '＜').replaceAll('](', '] (')

function messageId(answer: { data?: { message_id?: string } }): string {
  const id = answer.data?.message_id
  if (!id) throw new FeishuFault('unreachable', { uncertain: true, why: 'no message id' })
  return id
}

/** The SDK throws its own plain errors about tokens; everything else is already one of ours. */
function asFault(error: unknown): FeishuFault {
  return error instanceof FeishuFault
    ? error
    : new FeishuFault('unauthorised', { why: error instanceof Error ? error.name : 'unknown' })
}
