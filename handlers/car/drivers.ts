import {
  countDrivers,
  driversAmong,
  driversById,
  driversOf,
  holdDriver,
  NO_DRIVER,
  openDriver,
  saveDriver,
} from '../../db/car-fleet.ts'
import { departmentNames } from '../../db/department.ts'
import { peopleById } from '../../db/people.ts'
import { colleagues, peopleNamedIn } from '../../db/people-meant.ts'
import { holdersAmong, rolesHeldBy } from '../../db/role.ts'
import type { Action, Answer, Look, Press, Said, Turn } from '../../src/bot/feature.ts'
import { type Card, card, type Option, text } from '../../src/kit/card.ts'
import type { Person, Viewer } from '../../src/kit/person.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { plain, shorten } from '../../src/kit/text.ts'
import { dayIn } from '../../src/kit/time.ts'
import { pageIn } from '../../src/office/car/batch.ts'
import { DRIVER_COLUMNS } from '../../src/office/car/columns.ts'
import {
  BLANK_DRIVER,
  DRIVER_EXAMPLE,
  type DriverWish,
  driverChanges,
  driverLine,
  readDriver,
} from '../../src/office/car/driver.ts'
import { driverCard, driverForm, driversCard, OUTSIDER } from '../../src/office/car/driver-cards.ts'
import { type Driver, offRoster } from '../../src/office/car/fleet.ts'
import { isNone, viewing } from '../../src/office/car/keeper.ts'
import { DRIVER_STATES, type DriverState } from '../../src/office/car/terms.ts'
import { FLEET_PAGE } from '../../src/office/car/vehicle-cards.ts'
import { may } from '../../src/office/role/role.ts'
import { cellsIn, refuseFaults, refuseOutdated, wholeId, wordIn } from '../given.ts'
import { asOptions } from '../named.ts'
import { fleetSetting, kept, matterOf, noteChange, pastOf, plannedOf, seen, spheresOf } from './keeping.ts'
import { actorIn, FEATURE } from './setting.ts'

const MOST_LINES = 20
const MOST_OPTIONS = 60
const ADD = /^新增(?:司机|驾驶员)?\s*/

/** `/用车 司机`: the roster; drivers themselves see what is kept of them. */
export async function drivers(turn: Turn, said: Said): Promise<Answer> {
  const asked = said.text.trim()
  if (ADD.test(asked)) return add(turn, said)
  const [own] = isNone(viewing(actorIn(turn), may)) ? await driversOf(turn.db, { person: turn.who.id }, 1) : []
  if (own) return { say: { matter: { feature: FEATURE, id: matterOf('driver', own.id) } }, privately: true }
  seen(turn)
  if (!asked) return { say: { card: await listed(turn, 0) }, privately: true }
  const [one, other] = await driversAmong(turn.db, [], [asked.replace(/^@/, '')])
  if (!one) throw new Refusal(`驾驶员名册中没有“${asked.slice(0, 12)}”`, '/用车 司机 陈刚')
  if (other) return { say: { card: await listed(turn, 0) }, privately: true }
  return { say: { matter: { feature: FEATURE, id: matterOf('driver', one.id) } }, privately: true }
}

const turnPage: Action = async (turn, { value }) => ({ fresh: { card: await listed(turn, value.page) } })

async function listed(turn: Turn, asked: unknown): Promise<Card> {
  seen(turn)
  const total = await countDrivers(turn.db, {})
  const page = pageIn(asked, total, FLEET_PAGE)
  const rows = await driversOf(turn.db, {}, FLEET_PAGE, page * FLEET_PAGE)
  const { keeps } = await spheresOf(turn, { kind: 'person', id: turn.who.id })
  return driversCard(rows, total, page, !isNone(keeps), await fleetSetting(turn))
}

/** Whom a name means: `person` undefined = nobody of the house; `doubt` = several, or nobody in the department that was named. */
export async function whoIs(
  { db }: Pick<Look, 'db'>,
  name: string,
  unit: string,
): Promise<{ person: string | undefined; doubt: string | undefined; candidates: Person[] }> {
  const found = name ? (await peopleNamedIn(db, name, '')).filter(person => plain(person.name) === plain(name)) : []
  const units = await departmentNames(db, [...new Set(found.flatMap(person => person.departments))])
  const meant = unit ? found.filter(person => person.departments.some(id => units.get(id) === unit)) : found
  if (unit && found.length && !meant.length)
    return { person: undefined, doubt: `${shorten(unit, 20)}没有“${name}”`, candidates: found }
  if (meant.length > 1) return { person: undefined, doubt: `“${name}”有同名人员,请选择或写明部门`, candidates: meant }
  return { person: meant[0]?.id, doubt: undefined, candidates: meant }
}

async function add(turn: Turn, said: Said): Promise<Answer> {
  kept(turn)
  const mentioned = said.pieces.find(piece => typeof piece !== 'string' && piece.kind === 'person')
  const lines = said.text
    .trim()
    .replace(ADD, '')
    .split('\n')
    .filter(line => line.trim() !== '')
  if (lines.length > MOST_LINES) throw new Refusal(`一次最多${MOST_LINES}人,更多请发送表格(.xlsx)`)
  const read: Array<{ wish: DriverWish; faults: string[]; candidates: Person[] }> = []
  for (const line of lines) {
    const cells = driverLine(line)
    const { wish, faults } = readDriver(cells, BLANK_DRIVER, turn)
    const alone = lines.length === 1 && typeof mentioned === 'object' ? mentioned.id : undefined
    const who = alone
      ? { person: alone, doubt: undefined, candidates: [] }
      : await whoIs(turn, wish.name, cells.unit ?? '')
    read.push({
      wish: { ...wish, person: who.person },
      faults: [...faults, ...(who.doubt ? [who.doubt] : [])],
      candidates: who.candidates,
    })
  }
  const [first] = read
  if (read.length < 2 && !(first && !first.faults.length)) {
    const says = first ? `请补充或改正:${first.faults.join(';')}` : undefined
    const options = await optionsFor(turn, first?.candidates ?? [])
    return { say: { card: driverForm(first?.wish ?? BLANK_DRIVER, undefined, options, says) }, privately: true }
  }
  refuseFaults(
    read.flatMap(({ faults }, i) => faults.map(fault => `第${i + 1}行${fault}`)),
    DRIVER_EXAMPLE,
  )
  const added: Driver[] = []
  for (const { wish } of read) added.push(await enrol(turn, wish))
  const [only, ...others] = added
  if (only && !others.length)
    return { say: { matter: { feature: FEATURE, id: matterOf('driver', only.id) } }, privately: true }
  return {
    say: { text: `已登记${added.length}名驾驶员:${added.map(({ name }) => name).join('、')}。查看请发送 /用车 司机` },
    privately: true,
  }
}

/** @throws Refusal where they are on the roster, or have left. */
export async function enrol(turn: Turn, wish: DriverWish, act: 'add' | 'import' = 'add'): Promise<Driver> {
  await refuseUnfit(turn, wish, undefined)
  const driver = await openDriver(turn.db, { ...wish, rev: 1, state: 'available' })
  noteChange(turn, act, matterOf('driver', driver.id), [])
  return driver
}

/** Those on the roster who are the same: the same account, or the same name and phone. */
async function twinsOf({ db }: Pick<Look, 'db'>, { person, name, phone }: DriverWish): Promise<Driver[]> {
  const some = await driversAmong(db, person ? [person] : [], [name])
  return some.filter(one => (person ? one.person === person : one.name === name && one.phone === phone && !one.person))
}

/** Why somebody cannot be put on the roster, or changed into whom: the account is closed, or another entry (than `own`) is theirs. */
export async function faultInRoster(
  look: Pick<Look, 'db'>,
  wish: DriverWish,
  own: number | undefined,
): Promise<string | undefined> {
  const [found] = wish.person ? await peopleById(look.db, [wish.person]) : []
  if (wish.person && !found?.active) return '该人员的账号已停用,不能登记为驾驶员'
  const twin = (await twinsOf(look, wish)).find(({ id }) => id !== own)
  return twin && `${twin.name}已在驾驶员名册中,请修改原登记`
}

async function refuseUnfit(turn: Turn, wish: DriverWish, own: number | undefined): Promise<void> {
  const fault = await faultInRoster(turn, wish, own)
  if (fault) throw new Refusal(fault)
}

/** Who may drive: those who hold the role, then whoever is near. */
async function optionsFor(turn: Turn, first: Person[]): Promise<Option[]> {
  const held = await holdersAmong(turn.db, ['JS'], dayIn(turn.now))
  const drivers = await peopleById(turn.db, [...new Set(held.map(one => one.person))])
  const near = await colleagues(turn.db, turn.who, turn.chat.id, MOST_OPTIONS)
  const all = new Map(
    [...first, ...drivers.filter(({ active }) => active), turn.who, ...near].map(one => [one.id, one]),
  )
  return asOptions(turn, [...all.values()].slice(0, MOST_OPTIONS))
}

const openForm: Action = async turn => {
  kept(turn)
  return {
    say: { card: driverForm(BLANK_DRIVER, undefined, await optionsFor(turn, [])) },
    privately: true,
    toast: { kind: 'success', words: '请在新卡片中填写' },
  }
}

/** What a submitted form says; whom it means is chosen, or found by name. */
async function readForm(turn: Turn, { form }: Press, before: string | undefined): Promise<DriverWish> {
  const { wish, faults } = readDriver(cellsIn(form, DRIVER_COLUMNS), BLANK_DRIVER, turn)
  refuseFaults(faults)
  const chosen = wordIn(form, 'person', 100)
  if (chosen === OUTSIDER) return { ...wish, person: undefined }
  const known = chosen ? (await peopleById(turn.db, [chosen]))[0] : undefined
  if (known) return { ...wish, person: known.id, name: known.name || wish.name }
  const { person, doubt } = await whoIs(turn, wish.name, '')
  if (doubt && !before) throw new Refusal(doubt)
  return { ...wish, person: before ?? person }
}

const addByForm: Action = async (turn, press) => {
  kept(turn)
  const driver = await enrol(turn, await readForm(turn, press, undefined))
  return {
    toast: { kind: 'success', words: '已登记' },
    fresh: { matter: { feature: FEATURE, id: matterOf('driver', driver.id) } },
  }
}

/** The driver that a press is about, held. */
export async function heldDriver(turn: Turn, { value }: Press): Promise<Driver> {
  kept(turn)
  return holdDriver(turn.db, wholeId(value.id, NO_DRIVER))
}

const edit: Action = async (turn, press) => {
  const before = await heldDriver(turn, press)
  if (press.form.name === undefined) {
    const own = before.person ? await peopleById(turn.db, [before.person]) : []
    return { fresh: { card: driverForm(before, before, await optionsFor(turn, own)) } }
  }
  refuseOutdated(before, press)
  if (before.state === 'left') throw new Refusal('已离岗的驾驶员不能修改')
  await rewriteDriver(turn, before, await readForm(turn, press, before.person), 'edit')
  return {
    toast: { kind: 'success', words: '已修改' },
    fresh: { matter: { feature: FEATURE, id: matterOf('driver', before.id) } },
  }
}

/** Puts what is settled in the place of what was, and notes what changed. */
export async function rewriteDriver(
  turn: Turn,
  before: Driver,
  wish: DriverWish,
  act: 'edit' | 'import',
): Promise<void> {
  await refuseUnfit(turn, wish, before.id)
  const changes = driverChanges(before, wish, turn.now)
  if (!changes.length && before.person === wish.person) return
  await saveDriver(turn.db, { ...before, ...wish }, before)
  noteChange(turn, act, matterOf('driver', before.id), changes)
}

/** 请假, 恢复在岗, 离岗. */
const changeState: Action = async (turn, press) => {
  const before = await heldDriver(turn, press)
  const to = String(press.value.to)
  if (!Object.hasOwn(DRIVER_STATES, to)) throw new Refusal('卡片已过期,请以最新卡片为准')
  const state = to as DriverState
  if (before.state === state) throw new AlreadySo(`${before.name}已是“${DRIVER_STATES[state]}”`)
  if (before.state === 'left') throw new Refusal('已离岗的驾驶员再次上岗须重新登记')
  refuseOutdated(before, press)
  const { planned } = await plannedOf(turn, { drivers: [before.id] })
  if (state === 'left' && planned.length)
    throw new Refusal(`驾驶员还有派车任务(${planned.join('、')}),请先改派再办理离岗`)
  await saveDriver(turn.db, state === 'left' ? offRoster(before) : { ...before, state }, before)
  noteChange(turn, 'state', matterOf('driver', before.id), [
    ['状态', DRIVER_STATES[before.state], DRIVER_STATES[state]],
  ])
  const warning = state === 'away' && planned.length ? `;请改派:${planned.join('、')}` : ''
  return { toast: { kind: warning ? 'info' : 'success', words: `已转为“${DRIVER_STATES[state]}”${warning}` } }
}

const show: Action = async (turn, { value }) => {
  const [driver] = await driversById(turn.db, [wholeId(value.id, NO_DRIVER)])
  if (driver?.person !== turn.who.id) seen(turn)
  if (!driver) throw new Refusal(NO_DRIVER)
  return {
    say: { matter: { feature: FEATURE, id: matterOf('driver', driver.id) } },
    privately: true,
    toast: { kind: 'success', words: '已发送到私聊' },
  }
}

export async function drawDriver(look: Look, id: number, viewer: Viewer): Promise<Card> {
  const [[driver], { keeps, sees }] = await Promise.all([driversById(look.db, [id]), spheresOf(look, viewer)])
  const isOwn = viewer.kind === 'person' && driver?.person === viewer.id
  if (!driver || (isNone(sees) && !isOwn)) return card('驾驶员', 'grey', text('未找到该驾驶员,或您无权查看。'))
  const [person] = driver.person ? await peopleById(look.db, [driver.person]) : []
  const units = await departmentNames(look.db, person?.departments.slice(0, 1) ?? [])
  const [past, { planned }, setting, held] = await Promise.all([
    pastOf(look, matterOf('driver', id)),
    plannedOf(look, { drivers: [id] }),
    fleetSetting(look),
    driver.person ? rolesHeldBy(look.db, driver.person, dayIn(look.now)) : [],
  ])
  const codes = held.map(({ code }) => code)
  const mayDrive = may(codes, 'E', 'car.trip') || may(codes, 'E', 'car.dispatch')
  const unit = units.get(person?.departments[0] ?? '') ?? ''
  return driverCard(
    { ...driver, closed: person?.active === false },
    { history: past, planned, keeps: !isNone(keeps), unit, mayDrive },
    setting,
  )
}

export const driverActions = {
  drivers: turnPage,
  driverShow: show,
  driverNew: openForm,
  driverAdd: addByForm,
  driverEdit: edit,
  driverState: changeState,
} satisfies Record<string, Action>
