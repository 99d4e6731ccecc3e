import { gt } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import { outbox } from '../../db/outbox.ts'
import { deliverOne } from '../../src/bot/deliver.ts'
import { dispatch } from '../../src/bot/dispatch.ts'
import type { Office } from '../../src/bot/office.ts'
import { printCard } from '../../src/feishu/card.ts'
import { createFeishu } from '../../src/feishu/client.ts'
import type { Exchange } from '../../src/feishu/exchange.ts'
import type { Incoming } from '../../src/feishu/incoming.ts'
import { KEYS, MORNING, type TestOffice } from './office.ts'
import { rows } from './traces.ts'
import { UNMEASURED } from './trial.ts'
import { unzip } from './zip.ts'

/** What stands in a harmless text wherever something else stands in the hostile one. */
const HARMLESS = '〇'

/** The same in length and white space, and nothing else. */
export const harmlessFor = (hostile: string): string => hostile.replace(/\S/g, HARMLESS)

/** What is on its way or was done is not what somebody wrote. */
const KEPT = ['audit_chain', 'outbox', 'inbox', 'copies', 'calls', 'pauses', 'events']
const HAN = /[一-鿿]/

/** Puts words before and behind every text that somebody may have written, wherever it is kept. Answers how many there were. */
export async function taint(db: Db, before: string, behind: string): Promise<number> {
  const columns = await rows<{ table: string; column: string; type: string }>(
    db,
    `select c.table_name as table, c.column_name as column, c.data_type as type from information_schema.columns c
     join information_schema.tables t on t.table_name = c.table_name and t.table_schema = c.table_schema and t.table_type = 'BASE TABLE'
     where c.table_schema = 'public' and c.data_type in ('text', 'jsonb') and c.is_generated = 'NEVER'
     and c.table_name not in (${KEPT.map(name => `'${name}'`).join(',')})`,
  )
  let tainted = 0
  for (const { table, column, type } of columns) {
    const found = await rows<{ at: string; value: unknown }>(
      db,
      `select ctid::text as at, "${column}" as value from "${table}" where "${column}"::text ~ '[一-鿿]'`,
    )
    for (const { at, value } of found) {
      const put = withWords(value, before, behind)
      const written = type === 'jsonb' ? JSON.stringify(put) : String(put)
      await rows(
        db,
        `update "${table}" set "${column}" = '${written.replaceAll("'", "''")}'${type === 'jsonb' ? '::jsonb' : ''} where ctid = '${at}'`,
      )
      tainted++
    }
  }
  return tainted
}

export function withWords(value: unknown, before: string, behind: string): unknown {
  if (typeof value === 'string') return HAN.test(value) ? before + value + behind : value
  if (Array.isArray(value)) return value.map(one => withWords(one, before, behind))
  if (typeof value !== 'object' || !value) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withWords(one, before, behind)]))
}

/** What left the house: each call as `method path`, and what it carried, down to the parts of its files. */
export interface Left {
  call: string
  carried: unknown
}

/** The house on a database of its own, and a Feishu that only listens. */
export function listening(office: TestOffice, db: Db): { office: Office; left: Left[] } {
  const left: Left[] = []
  let made = 0
  const exchange: Exchange = async ({ url, method, body }) => {
    const { pathname } = new URL(url)
    if (!pathname.includes('/auth/')) left.push({ call: `${method} ${pathname}`, carried: await opened(body) })
    const data = {
      ...{
        message_id: `om_kept${made++}`,
        file_key: 'file_kept',
        invalid_open_ids: [],
        event: { event_id: 'event_kept' },
      },
      ...{ calendars: [{ calendar: { calendar_id: 'calendar_kept' } }], items: [], freebusy_lists: [] },
    }
    const answer = { code: 0, msg: 'ok', tenant_access_token: 't-x', expire: 7_200, data }
    return { status: 200, bytes: new TextEncoder().encode(JSON.stringify(answer)), header: () => undefined }
  }
  const house = office.bot.house.office
  const feishu = createFeishu({ ...KEYS, domain: 'http://127.0.0.1:1' }, { wire: house.clock.wire, exchange })
  const clock = { ...house.clock, now: () => new Date(MORNING) }
  return { office: { ...house, db, clock, feishu, wake: () => {}, throttle: UNMEASURED }, left }
}

async function opened(body: string | FormData | undefined): Promise<unknown> {
  if (typeof body === 'string') return JSON.parse(body)
  if (!body) return undefined
  const file = body.get('file') as File
  const bytes = Buffer.from(await file.arrayBuffer())
  const parts = bytes.subarray(0, 2).toString() === 'PK' ? Object.fromEntries(unzip(bytes)) : { '': textIn(bytes) }
  return { name: file.name, parts }
}

const textIn = (bytes: Buffer): string => (bytes.subarray(1, 4).toString() === 'PNG' ? 'PNG' : bytes.toString())

/** One turn, and all that leaves because of it. */
export async function takes(office: TestOffice, db: Db, incoming: Exclude<Incoming, { kind: 'ignored' }>) {
  const listener = listening(office, db)
  const last = await lastParcel(db)
  const outcome = await dispatch(listener.office, incoming)
  const answer = {
    kind: outcome.kind,
    toast: 'toast' in outcome ? outcome.toast : undefined,
    card: 'card' in outcome && outcome.card ? printCard(outcome.card) : undefined,
  }
  await leaves(listener.office, last)
  return [{ call: 'answer', carried: answer }, ...inOrder(listener.left)]
}

/** People are told in the order of their names. */
export const inOrder = (left: Left[]): Left[] => left.toSorted((a, b) => (receiver(a) < receiver(b) ? -1 : 1))
const receiver = ({ call, carried }: Left): string => {
  const { receive_id = '' } = (carried ?? {}) as { receive_id?: string }
  return call + receive_id
}

export async function lastParcel(db: Db): Promise<number> {
  const [last] = await rows<{ id: number | string }>(db, 'select coalesce(max(id), 0) as id from outbox')
  return Number(last?.id)
}

/** As it stands for whoever has claimed it, and the claim lasts. */
const CLAIMED = { call: 0, claimedUntilMs: Number.MAX_SAFE_INTEGER }

/** Delivers everything that was put into the outbox since, and what comes of that. */
export async function leaves(office: Office, since: number): Promise<void> {
  for (let from = since; ; ) {
    const waiting = await office.db.select().from(outbox).where(gt(outbox.id, from)).orderBy(outbox.id)
    if (!waiting.length) return
    from = waiting.at(-1)?.id ?? from
    for (const row of waiting) if (row.api !== 'file') await deliverOne(office, { ...row, ...CLAIMED })
  }
}

/** Differs from one run to the next, whatever the texts are, or is reckoned over texts that are compared themselves. */
const OWN = new Set(['uuid', 'idempotency_key', 'digest', 'signature.txt'])

/** Where the hostile office is built otherwise than the harmless one, or says otherwise than what was written. */
export function differences(harmless: unknown, hostile: unknown, at = ''): string[] {
  if (typeof harmless === 'string' && typeof hostile === 'string') return textDifferences(harmless, hostile, at)
  if (Array.isArray(harmless) && Array.isArray(hostile)) {
    if (harmless.length !== hostile.length) return [`${at}: ${harmless.length} became ${hostile.length}`]
    const [calm, wild] = at.endsWith('.options') ? [byValue(harmless), byValue(hostile)] : [harmless, hostile]
    return calm.flatMap((one, i) => differences(one, wild[i], `${at}[${i}]`))
  }
  if (typeof harmless === 'object' && typeof hostile === 'object' && harmless && hostile) {
    const names = [...new Set([...Object.keys(harmless), ...Object.keys(hostile)])]
    return names
      .filter(name => !OWN.has(name))
      .flatMap(name =>
        differences(
          (harmless as Record<string, unknown>)[name],
          (hostile as Record<string, unknown>)[name],
          `${at}.${isMarkdown(harmless, name) ? 'markdown' : name}`,
        ),
      )
  }
  // numbers of rows that are not there any more are not given again
  if (typeof harmless === 'number' && typeof hostile === 'number' && at.endsWith('.value.id')) return []
  return harmless === hostile ? [] : [`${at}: ${String(harmless)} became ${String(hostile)}`]
}

/** Choices stand in the order of their names. */
const byValue = (options: unknown[]): unknown[] =>
  (options as Array<{ value: string }>).toSorted((a, b) => (a.value < b.value ? -1 : 1))

/** Of a card only this is read as markup; all other texts are plain. */
const isMarkdown = (of: object, name: string): boolean => name === 'content' && 'tag' in of && of.tag === 'markdown'

function textDifferences(harmless: string, hostile: string, at: string): string[] {
  if (at.endsWith('.jsonl')) return differences(harmless.split('\n').map(jsonIn), hostile.split('\n').map(jsonIn), at)
  const [inside, other] = [jsonIn(harmless), jsonIn(hostile)]
  if (inside && other) return differences(inside, other, at)
  const read = reader(at)
  const [calm, wild] = [read(harmless), read(hostile)]
  if (calm.marks.join() !== wild.marks.join())
    return [`${at}: the marks ${calm.marks.join(' ')} became ${wild.marks.join(' ')} in ${hostile}`]
  return isSaidLiterally(calm.text, wild.text) ? [] : [`${at}: ${calm.text} reads ${wild.text}`]
}

function jsonIn(text: string): object | undefined {
  if (!text.startsWith('{')) return undefined
  try {
    return JSON.parse(text) as object
  } catch {
    return undefined
  }
}

/** Every character is what was written: those of the house, and those put in by its author in the place of the harmless ones. */
function isSaidLiterally(calm: string, wild: string): boolean {
  if (calm.length !== wild.length) return false
  for (let i = 0; i < calm.length; i++) if (calm[i] !== HARMLESS && calm[i] !== wild[i]) return false
  return true
}

interface Reading {
  /** What makes markup or structure. */
  marks: string[]
  text: string
}

function reader(at: string): (text: string) => Reading {
  if (/\.parts\..*(xml|rels)$|\.parts\.$/.test(at)) return readFile
  if (at.endsWith('.markdown')) return readMarkdown
  if (at.endsWith('carried.content.text'))
    return text => ({ marks: text.match(/<[^>]*>|\]\(/g) ?? [], text: shown(text) })
  if (at.endsWith('carried.description')) return text => ({ marks: text.match(/<[^>]*>/g) ?? [], text: shown(text) })
  return text => ({ marks: [], text: shown(text) })
}

const shown = (text: string): string => text.replaceAll('＜', '<').replaceAll('＆', '&').replaceAll('] (', '](')

const MARKUP =
  /<[^>]*>|\*\*|~~|`|!?\[[^\]]*\]\([^)]*\)|https?:\/\/|:[A-Z]\w+:|^[^\S\n]*(?:#{1,6} |[-+*] |\d+[.)] |---|===|>)/gm

function readMarkdown(text: string): Reading {
  const marks = text.match(MARKUP) ?? []
  const bare = text.replace(/<at id=\w+><\/at>|<\/?font[^>]*>|\*\*/g, '')
  return { marks, text: shown(bare.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))) }
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' }

/** A part of an office file, or a calendar file with its lines unfolded. */
function readFile(text: string): Reading {
  if (text.startsWith('BEGIN:VCALENDAR')) {
    const lines = text.replace(/\r\n[ \t]/g, '').split('\r\n')
    const marks = lines.map(line => line.slice(0, line.search(/[:;]/)))
    // a parameter knows no escapes
    const said = lines.map(line =>
      /^(ORGANIZER|ATTENDEE)/.test(line)
        ? line
        : line.replace(/\\([\\;,nN])/g, (_, char: string) => (/n/i.test(char) ? '\n' : char)),
    )
    return { marks, text: said.join('\n') }
  }
  const marks = (text.match(/<[^>]*>/g) ?? []).map(tag =>
    tag.replace(/ (?:ht|s|quotePrefix|h|w|cy|y|val|name|w:val|w:h)="[^"]*"/g, ''),
  )
  const said = text.replace(/<[^>]*>/g, '\n').replace(/&(amp|lt|gt|quot);/g, (_, name: string) => ENTITIES[name] ?? '')
  return { marks, text: said.replaceAll('&&', '&') }
}
