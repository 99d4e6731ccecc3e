import { clashing, type Deputyship, deputyship, deputyships, endDeputy, nameDeputy } from '../../db/deputy.ts'
import { calendarInForce } from '../../db/holiday.ts'
import { peopleById } from '../../db/people.ts'
import { colleagues, peopleNamedIn } from '../../db/people-meant.ts'
import { rolesHeldBy } from '../../db/role.ts'
import type { Action, Answer, Look, Said, Turn } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import type { Person } from '../../src/kit/person.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { readRequest } from '../../src/kit/request.ts'
import { dayIn, formatInstant, parse } from '../../src/kit/time.ts'
import {
  checkPeriod,
  DEPUTY_EXAMPLE,
  deputyCard,
  deputyForm,
  deputyLines,
  type Stand,
} from '../../src/office/role/deputy.ts'
import { isAdministrator } from '../../src/office/role/role.ts'
import { isAdmin, withConfigured } from '../admins.ts'
import { asOptions, doubtAboutPeople, settle } from '../named.ts'

const FEATURE = 'role'
const MOST_OPTIONS = 60

/** `/角色 代理 @李静 12月1日至12月5日`: the person who says it is stood in for. */
export async function appoint(turn: Turn, said: Said): Promise<Answer> {
  const directory = await peopleNamedIn(turn.db, said.text, turn.chat.id)
  const request = readRequest(said.pieces.map(asWords), directory)
  const mentions = request.named.filter(one => one.kind === 'mention').map(one => one.id)
  const named = settle(request.named, await peopleById(turn.db, mentions))
  const [deputy, other] = named.people
  if (other) throw new Refusal('同一期间只能有一位代理人', DEPUTY_EXAMPLE)
  const period = await readPeriod(turn, request.text)
  const doubt =
    doubtAboutPeople(named) ??
    (deputy ? undefined : '请选择由谁代理。') ??
    (period ? undefined : '请填写代理期间,例如:12月1日至12月5日。')
  if (doubt === undefined && deputy && period) return arrange(turn, deputy, period)
  const near = [
    ...named.candidates,
    ...named.people,
    ...(await colleagues(turn.db, turn.who, turn.chat.id, MOST_OPTIONS)),
  ]
  const offered = [...new Map(near.map(person => [person.id, person])).values()].filter(({ id }) => id !== turn.who.id)
  const options = await asOptions(turn, offered.slice(0, MOST_OPTIONS))
  return {
    say: { card: deputyForm(doubt ?? '', options, deputy?.id ?? '', request.text.slice(0, 60)) },
    privately: true,
  }
}

const asWords = (piece: Said['pieces'][number]) =>
  typeof piece !== 'string' && piece.kind === 'person' ? { id: piece.id, name: piece.name } : nameOf(piece)

const nameOf = (piece: Said['pieces'][number]): string => (typeof piece === 'string' ? piece : piece.name)

/** The submitted form. */
export const nameByForm: Action = async (turn, { form }) => {
  const [deputy] = typeof form.deputy === 'string' ? await peopleById(turn.db, [form.deputy]) : []
  if (!deputy) throw new Refusal('请选择由谁代理')
  const text = typeof form.period === 'string' ? form.period.slice(0, 60) : ''
  const period = await readPeriod(turn, text)
  if (!period) throw new Refusal(`未能识别代理期间“${text}”`, DEPUTY_EXAMPLE)
  const { say } = await arrange(turn, deputy, period)
  return { toast: { kind: 'success', words: '已设置代理' }, ...(say ? { fresh: say } : {}) }
}

type Period = { from: string; until: string }

/** The days that a text names; a single day is a period of one, and what has only an end begins today. */
async function readPeriod(turn: Turn, text: string): Promise<Period | undefined> {
  const read = parse(text, turn.now.toISOString(), { calendar: await calendarInForce(turn.db) })
  const today = dayIn(turn.now)
  if (read.kind === 'range') return { from: dayOf(read.start), until: dayOf(read.end) }
  if (read.kind === 'deadline') return { from: today, until: dayOf(read.end) }
  if (read.kind !== 'date') return undefined
  const openEnded = /^\s*(至|到|截至)/.test(read.rest)
  return { from: openEnded ? today : read.start, until: read.start }
}

const dayOf = (at: string): string => (at.length === 10 ? at : dayIn(at))

async function arrange(turn: Turn, deputy: Person, period: Period): Promise<Answer> {
  checkPeriod(period, dayIn(turn.now))
  if (deputy.id === turn.who.id) throw new Refusal('代理人不能是本人', DEPUTY_EXAMPLE)
  if (!deputy.active) throw new Refusal(`${deputy.name || '该人员'}的账号已停用,不能代理`)
  const wanted = { principal: turn.who.id, deputy: deputy.id, ...period }
  const clashes = await clashing(turn.db, wanted)
  // by now nobody else makes either of them an administrator
  await refuseApart(turn, deputy)
  await refuseClash(turn, deputy, clashes)
  const id = await nameDeputy(turn.db, { ...wanted, namedAt: turn.now })
  turn.record({ feature: FEATURE, act: 'deputy', matter: deputy.id, data: period })
  const matter = { feature: FEATURE, id: String(id) }
  turn.send({ to: { person: deputy.id }, body: { matter }, urgent: true })
  return { say: { matter }, privately: true }
}

/** 三员分离 (PERM-02): who keeps the system, its secrets or its log stands in for nobody, and nobody for them. */
async function refuseApart(turn: Turn, deputy: Person): Promise<void> {
  const today = dayIn(turn.now)
  const held = [
    ...withConfigured(turn.office, turn.who.id, await rolesHeldBy(turn.db, turn.who.id, today)),
    ...withConfigured(turn.office, deputy.id, await rolesHeldBy(turn.db, deputy.id, today)),
  ]
  if (held.some(({ code }) => isAdministrator(code)))
    throw new Refusal('系统管理员、保密员和安全审计员不能代理他人,也不能由他人代理')
}

async function refuseClash(turn: Turn, deputy: Person, clashes: Deputyship[]): Promise<void> {
  const own = clashes.find(one => one.principal === turn.who.id)
  const away = clashes.find(one => one.principal === deputy.id)
  const clash = own ?? away
  if (!clash) return
  const [other] = await peopleById(turn.db, [clash.deputy])
  const who = own ? '您' : deputy.name
  throw new Refusal(
    `${who}在${formatInstant(clash.from)}至${formatInstant(clash.until)}已由${other?.name || '他人'}代理${own ? ',请先结束该代理' : ',请另选代理人'}`,
  )
}

/** 结束代理: by either side, or by 系统管理员. */
export const end: Action = async (turn, { value }) => {
  const found = Number.isSafeInteger(value.id) ? await deputyship(turn.db, Number(value.id)) : undefined
  const admin = isAdmin(turn)
  const sides = found ? [found.principal, found.deputy] : []
  if (!found || !(admin || sides.includes(turn.who.id))) throw new Refusal('此按钮仅限被代理人、代理人和系统管理员使用')
  if (found.until < dayIn(turn.now) || !(await endDeputy(turn.db, found, turn.who.id, turn.now)))
    throw new AlreadySo('该代理已经结束')
  turn.record({ feature: FEATURE, act: 'endDeputy', matter: found.deputy, data: { id: found.id } })
  const stand = await standOf(turn, found)
  for (const person of sides.filter(id => id !== turn.who.id))
    turn.send({
      to: { person },
      body: { text: `${stand.deputy} 代 ${stand.principal} 的代理已由${turn.who.name}结束。` },
    })
  turn.redraw(FEATURE, String(found.id))
  return {
    toast: { kind: 'success', words: '已结束代理' },
    fresh: { card: deputyCard({ ...stand, ended: true }, dayIn(turn.now)) },
  }
}

export async function drawDeputyship(look: Look, matter: string): Promise<Card> {
  const found = /^\d{1,15}$/.test(matter) ? await deputyship(look.db, Number(matter)) : undefined
  if (!found) throw new Refusal('未找到该代理')
  return deputyCard(await standOf(look, found), dayIn(look.now))
}

async function standOf(look: Pick<Look, 'db'>, found: Deputyship): Promise<Stand> {
  const [stand] = await standsOf(look, [found])
  if (!stand) throw new Error('a deputyship without its people')
  return stand
}

async function standsOf({ db }: Pick<Look, 'db'>, some: Deputyship[]): Promise<Stand[]> {
  const people = await peopleById(db, [...new Set(some.flatMap(one => [one.principal, one.deputy]))])
  const name = (id: string) => people.find(person => person.id === id)?.name || '未知人员'
  return some.map(({ id, principal, deputy, from, until, endedAt }) => ({
    id,
    principal: name(principal),
    deputy: name(deputy),
    from,
    until,
    ended: endedAt !== null,
  }))
}

const MOST_SHOWN = 20

/** What `/角色` shows of them. */
export async function shown(turn: Turn): Promise<NonNullable<Card['body']>> {
  const all = (await deputyships(turn.db, dayIn(turn.now))).slice(0, MOST_SHOWN)
  const own = all.filter(one => one.principal === turn.who.id || one.deputy === turn.who.id).map(({ id }) => id)
  return deputyLines(await standsOf(turn, all), new Set(own))
}
