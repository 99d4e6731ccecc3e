import { departmentNamed, departmentNames } from '../db/department.ts'
import { calendarInForce } from '../db/holiday.ts'
import { LEAVERS } from '../db/leavers.ts'
import { peopleById } from '../db/people.ts'
import { peopleNamedIn } from '../db/people-meant.ts'
import { grantRole, holdersOf, holdings, withdrawRole, withdrawRoleEverywhere } from '../db/role.ts'
import { takeTurn } from '../db/settings.ts'
import type { Answer, Feature, Press, Said, Turn } from '../src/bot/feature.ts'
import type { Person } from '../src/kit/person.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { plain, standard } from '../src/kit/text.ts'
import { addDays, dayIn, parse } from '../src/kit/time.ts'
import { changedCard, pickCard, rolesCard } from '../src/office/role/cards.ts'
import { DEPUTY_EXAMPLE } from '../src/office/role/deputy.ts'
import { keepWhole, ROLE_EXAMPLE, readWish, WITHDRAW_EXAMPLE, type Wish } from '../src/office/role/grant.ts'
import { HAND_EXAMPLE } from '../src/office/role/hand-over.ts'
import { may, ROLES, type RoleCode } from '../src/office/role/role.ts'
import { withConfigured } from './admins.ts'
import { refuseTogether } from './apart.ts'
import { appoint, drawDeputyship, end, nameByForm, shown } from './role/deputy.ts'
import { askHandOver, hand, handForm, handOn, handOver, held } from './role/hand-over.ts'
import { nextHanding } from './role/handing.ts'
import { drawLeavers, followRoles } from './role/leavers.ts'
import { tellOfLeavers } from './role/tell-leavers.ts'

export const role: Feature = {
  name: 'role',
  title: '角色',
  words: ['角色', 'role'],
  about: '谁担任什么角色、由谁代理;系统管理员可设置和撤销角色',
  commands: {
    '': { usage: ROLE_EXAMPLE, about: '查看或设置角色,可加单位和“至 2027-12-31”', run: assignOrShow },
    撤销: { usage: WITHDRAW_EXAMPLE, about: '撤销角色', run: withdraw },
    移交: { usage: HAND_EXAMPLE, about: '离任、调岗人员名下未办结的事项一并移交', run: askHandOver },
    代理: { usage: DEPUTY_EXAMPLE, about: '出差、休假期间由他人代为办理(AB岗)', run: appoint },
  },
  actions: { withdraw: undo, pick, nameDeputy: nameByForm, endDeputy: end, handForm, handOver: hand },
  aboutPerson: ['handForm', 'handOver'],
  draw: (look, matter, viewer) =>
    matter.startsWith(LEAVERS) ? drawLeavers(look, matter, viewer) : drawDeputyship(look, matter),
  due: [handOn, tellOfLeavers],
  nextDue: nextHanding,
  held,
  handOver,
}

async function assignOrShow(turn: Turn, said: Said): Promise<Answer> {
  if (!said.text) return { say: { card: rolesCard(await holders(turn), await shown(turn)) }, privately: true }
  return whomMeant(turn, said, 'grant', (person, wish) => grant(turn, person, wish))
}

async function grant(turn: Turn, person: Person, wish: Wish): Promise<Answer> {
  if (!person.active) throw new Refusal(`${person.name}的账号已停用,不能设置角色`)
  keepWhole(wish.role, wish.unit)
  const unit = wish.unit ? await unitNamed(turn, wish.unit) : undefined
  const until = await readUntil(turn, wish)
  const today = dayIn(turn.now)
  await refuseTogether(turn, person, wish.role)
  // whoever gives themselves an end may be the last on the day after it
  if (until) await refuseLastAdmin(turn, person.id, wish.role, addDays(until, 1))
  await grantRole(turn.db, { person: person.id, role: wish.role, unit: unit?.id, until }, turn.who.id, turn.now, today)
  await followRoles(turn, person)
  turn.record({
    feature: 'role',
    act: 'grant',
    matter: person.id,
    data: { role: wish.role, unit: unit?.id ?? null, until: until ?? null },
  })
  const value = { person: person.id, role: wish.role, ...(unit ? { unit: unit.id } : {}) }
  return {
    say: { card: changedCard('已设置', { role: wish.role, name: person.name, unit: unit?.name, until }, value) },
  }
}

async function withdraw(turn: Turn, said: Said): Promise<Answer> {
  return whomMeant(turn, said, 'revoke', (person, wish) => revoke(turn, person, wish))
}

async function revoke(turn: Turn, person: Person, wish: Wish): Promise<Answer> {
  const unit = wish.unit ? await unitNamed(turn, wish.unit) : undefined
  await refuseLastAdmin(turn, person.id, wish.role)
  const gone = unit
    ? await withdrawRole(turn.db, person.id, wish.role, unit.id, turn.now)
    : await withdrawRoleEverywhere(turn.db, person.id, wish.role, turn.now)
  if (!gone) throw new Refusal(`${person.name}未担任${ROLES[wish.role]}`)
  await followRoles(turn, person)
  turn.record({
    feature: 'role',
    act: 'withdraw',
    matter: person.id,
    data: { role: wish.role, unit: unit?.id ?? null },
  })
  return {
    say: {
      card: changedCard('已撤销', { role: wish.role, name: person.name, unit: unit?.name, until: undefined }, {}),
    },
  }
}

/** The button under a role just given. */
async function undo(turn: Turn, { value }: Press): Promise<Answer> {
  refuseOutsiders(turn)
  const code = typeof value.role === 'string' && Object.hasOwn(ROLES, value.role) ? (value.role as RoleCode) : undefined
  const [person] = await peopleById(turn.db, [String(value.person ?? '')])
  if (!code || !person) throw new Refusal('卡片已过期,请以最新卡片为准')
  await refuseLastAdmin(turn, person.id, code)
  const unit = typeof value.unit === 'string' ? value.unit : undefined
  const gone = await withdrawRole(turn.db, person.id, code, unit, turn.now)
  if (!gone) throw new Refusal(`${person.name}未担任${ROLES[code]}`)
  await followRoles(turn, person)
  turn.record({ feature: 'role', act: 'withdraw', matter: person.id, data: { role: code, unit: unit ?? null } })
  return {
    toast: { kind: 'success', words: '已撤销' },
    fresh: { card: changedCard('已撤销', { role: code, name: person.name, unit: undefined, until: undefined }, {}) },
  }
}

/** Roles are set by 系统管理员 alone, and not before an audience. */
function refuseOutsiders(turn: Turn): void {
  const codes = withConfigured(turn.office, turn.who.id, turn.roles).map(({ code }) => code)
  if (!may(codes, 'E', 'role.configure')) throw new Refusal('设置角色仅限系统管理员')
  if (turn.chat.kind === 'group') throw new Refusal('请在与回音的私聊中设置角色')
}

type Act = (person: Person, wish: Wish) => Promise<Answer>

/** Reads who and what; of several people of one name the asker picks, by their departments. */
async function whomMeant(turn: Turn, said: Said, act: 'grant' | 'revoke', then: Act): Promise<Answer> {
  refuseOutsiders(turn)
  const mention = said.pieces.filter(piece => typeof piece !== 'string').find(piece => piece.kind === 'person')
  const text = said.pieces
    .filter(piece => typeof piece === 'string')
    .join(' ')
    .replace(/^[@\uff20\s]+/, '')
  const example = act === 'revoke' ? WITHDRAW_EXAMPLE : ROLE_EXAMPLE
  if (mention) {
    const [known] = await peopleById(turn.db, [mention.id])
    return then(known ?? { ...mention, departments: [], leader: undefined, active: true }, readWish(text, example))
  }
  if (!text) throw new Refusal('请写明人员和角色', example)
  const named = (await peopleNamedIn(turn.db, text, turn.chat.id)).filter(one =>
    plain(text).startsWith(plain(one.name)),
  )
  const [first] = named
  if (!first) throw new Refusal(`未找到“${text.split(/\s/)[0] ?? ''}”`, example)
  const rest = text.slice(first.name.length)
  const namesakes = named.filter(one => one.name === first.name)
  if (namesakes.length === 1) return then(first, readWish(rest, example))
  readWish(rest, example)
  const units = await departmentNames(
    turn.db,
    namesakes.flatMap(one => one.departments.slice(0, 1)),
  )
  const picks = namesakes.map(one => ({
    label: `${one.name}(${units.get(one.departments[0] ?? '') ?? '部门未知'})`,
    value: { person: one.id, rest, act },
  }))
  return { say: { card: pickCard(first.name, picks) } }
}

/** Somebody picked out of several of one name. */
async function pick(turn: Turn, { value }: Press): Promise<Answer> {
  refuseOutsiders(turn)
  const [person] = await peopleById(turn.db, [String(value.person ?? '')])
  if (!person || typeof value.rest !== 'string') throw new Refusal('卡片已过期,请以最新卡片为准')
  const wish = readWish(value.rest.slice(0, 200))
  const answer = value.act === 'revoke' ? await revoke(turn, person, wish) : await grant(turn, person, wish)
  return {
    toast: { kind: 'success', words: value.act === 'revoke' ? '已撤销' : '已设置' },
    ...(answer.say ? { fresh: answer.say } : {}),
  }
}

async function unitNamed(turn: Turn, name: string): Promise<{ id: string; name: string }> {
  const unit = (await departmentNamed(turn.db, name)) ?? (await departmentNamed(turn.db, standard(name)))
  if (!unit) throw new Refusal(`未找到单位或部门“${name}”`, '/角色 @王强 督办员 督查科 至 2027-12-31')
  return unit
}

async function readUntil(turn: Turn, { until }: Wish): Promise<string | undefined> {
  if (!until) return undefined
  const read = parse(until, turn.now.toISOString(), { calendar: await calendarInForce(turn.db) })
  if (read.kind === 'date') return read.start
  const why = { past: `截止日期“${until}”已经过去`, invalid: `截止日期“${until}”不存在` } as Record<string, string>
  throw new Refusal(why[read.kind] ?? `未能识别截止日期“${until}”`, '/角色 @王强 督办员 至 2027-12-31')
}

/** Somebody must be left who is there and can set roles, also when two withdraw each other at once. */
async function refuseLastAdmin(turn: Turn, person: string, code: RoleCode, day = dayIn(turn.now)): Promise<void> {
  if (code !== 'SY') return
  await takeTurn(turn.db, 'role.admins', true, turn.now)
  const holders = await holdersOf(turn.db, 'SY', day)
  const configured = await peopleById(turn.db, [...turn.office.admins])
  const isLeft = holders.some(id => id !== person) || configured.some(({ active }) => active)
  if (holders.includes(person) && !isLeft) throw new Refusal('至少保留一名系统管理员')
}

async function holders(turn: Turn) {
  const held = await holdings(turn.db, dayIn(turn.now))
  const people = new Map(
    (await peopleById(turn.db, [...new Set(held.map(one => one.person))])).map(person => [person.id, person.name]),
  )
  const units = await departmentNames(turn.db, [...new Set(held.flatMap(one => (one.unit ? [one.unit] : [])))])
  return held.map(one => ({
    role: one.role,
    name: people.get(one.person) || '未知人员',
    unit: one.unit ? units.get(one.unit) : undefined,
    until: one.until ?? undefined,
  }))
}
