import { departmentNames, departmentsById } from '../../db/department.ts'
import { audienceOf, groupsOf, peopleById } from '../../db/people.ts'
import { getBulletin, latestBulletins, NO_BULLETIN, openBulletin, saveBulletin } from '../../db/task-bulletin.ts'
import { takeNumber } from '../../db/task-number.ts'
import { tasksCounted } from '../../db/task-stats.ts'
import type { Action, Answer, Look, Press, Said, TodoItem, Turn } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import { officialDocument } from '../../src/kit/document.ts'
import type { Part } from '../../src/kit/package.ts'
import type { Viewer } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { dayIn } from '../../src/kit/time.ts'
import { may } from '../../src/office/role/role.ts'
import {
  asWhom,
  BULLETIN_WORD,
  type Bulletin,
  type BulletinMove,
  bulletinFlow,
  bulletinMoved,
  bulletinMovesOpen,
  bulletinName,
  bulletinRoles,
  checkWording,
  composed,
  draftsFor,
  maySeeBulletin,
  type Wording,
} from '../../src/office/task/bulletin.ts'
import {
  bulletinCard,
  bulletinForm,
  bulletinsCard,
  hiddenBulletin,
  NO_GROUP,
} from '../../src/office/task/bulletin-cards.ts'
import { bulletinDocument, bulletinFileName } from '../../src/office/task/bulletin-document.ts'
import type { Actor, Setting } from '../../src/office/task/task.ts'
import { periodOf } from '../period.ts'
import { MOST_IN_PERIOD } from './ledger.ts'
import { deputiesBeside, isOneThere, officeHolders } from './recipients.ts'
import { actorIn, actorOf, FEATURE, settingOf, sightOf } from './setting.ts'

const EXAMPLE = '/督办 通报 2026-11'
const LISTED = 10
const MOST_GROUPS = 40

const PREFIX = 'bulletin/'
const matterOf = ({ id }: Pick<Bulletin, 'id'>): string => `${PREFIX}${id}`
export const isBulletin = (matter: string): boolean => matter.startsWith(PREFIX)

/** `/督办 通报 2026-11`: a draft composed of the period's figures; `/督办 通报 列表`: what there is. */
export async function bulletin(turn: Turn, { text }: Said): Promise<Answer> {
  if (text.trim() === '列表') return list(turn)
  const drafting = draftsFor(actorIn(turn), may)
  if (!drafting) throw new Refusal('督办通报由督办员生成;查看已印发的通报请用 /督办 通报 列表', EXAMPLE)
  const drafted = await openBulletin(turn.db, await compose(turn, text, drafting))
  note(turn, drafted, 'bulletin.draft', drafted.makerFor)
  return { say: { matter: { feature: FEATURE, id: matterOf(drafted) } }, privately: true }
}

/** What is kept from others by 知悉范围 is not counted: a bulletin goes to many. */
async function compose(
  turn: Turn,
  text: string,
  { unit, inPlaceOf }: NonNullable<ReturnType<typeof draftsFor>>,
): Promise<Omit<Bulletin, 'id'>> {
  const { title, from, until: end } = periodOf(text, turn.now, EXAMPLE)
  const period = { from, until: new Date(Math.min(end.getTime(), turn.now.getTime())) }
  const sight = await sightOf(turn, actorIn(turn))
  const counted = await tasksCounted(turn.db, sight, period.from, period.until)
  if (counted.length >= MOST_IN_PERIOD) throw new Refusal('该期间事项过多,请按月生成通报', EXAMPLE)
  const tasks = counted.filter(task => !task.scope.length && task.unit === unit)
  if (!tasks.length) throw new Refusal(`${title}没有可以通报的督办事项`, EXAMPLE)
  const [own] = await departmentsById(turn.db, [unit || (turn.who.departments[0] ?? '')])
  const units = await departmentNames(turn.db, [...new Set(tasks.map(task => task.leadUnit))])
  const setting = { ...(await settingOf(turn)), units }
  const wording = composed(tasks, { title, period }, own?.name ?? '', setting)
  return {
    ...wording,
    rev: 1,
    state: bulletinFlow.start as 'draft',
    unit,
    maker: turn.who.id,
    makerFor: inPlaceOf,
    createdAt: turn.now,
    period: title,
    until: period.until,
    number: undefined,
    issuedAt: undefined,
    lastMove: '',
    word: '',
    movedBy: turn.who.id,
    movedAt: turn.now,
    movedFor: undefined,
  }
}

async function list(turn: Turn): Promise<Answer> {
  const actor = actorIn(turn)
  const some = (await latestBulletins(turn.db, 100)).filter(one => maySeeBulletin(one, actor, may))
  return { say: { card: bulletinsCard(some.slice(0, LISTED), await settingFor(turn, undefined)) }, privately: true }
}

async function settingFor(look: Look, of: Bulletin | undefined): Promise<Setting> {
  const acted = of ? [of.maker, of.makerFor, of.movedBy, of.movedFor].filter(id => id !== undefined) : []
  const [setting, people] = await Promise.all([settingOf(look), peopleById(look.db, acted)])
  return { ...setting, names: new Map(people.map(person => [person.id, person.name])) }
}

export async function drawBulletin(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const found = await getBulletin(look.db, idIn(matter.slice(PREFIX.length)))
  const [setting, audience] = await Promise.all([settingFor(look, found), audienceOf(look.db, found.chat)])
  if (viewer.kind === 'everyone')
    return found.state === 'issued' ? bulletinCard(found, undefined, audience, setting) : hiddenBulletin()
  const actor = await actorOf(look, viewer.id)
  return maySeeBulletin(found, actor, may) ? bulletinCard(found, actor, audience, setting) : hiddenBulletin()
}

function idIn(value: unknown): number {
  const id = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) throw new Refusal(NO_BULLETIN)
  return id
}

/** One that may not be seen reads like one that does not exist. */
async function seen(turn: Turn, { value }: Press): Promise<Bulletin> {
  const found = await getBulletin(turn.db, idIn(value.id))
  if (!maySeeBulletin(found, actorIn(turn), may)) throw new Refusal(NO_BULLETIN)
  return found
}

const seenRev = ({ value }: Press): number | undefined => (typeof value.rev === 'number' ? value.rev : undefined)
const said = ({ form }: Press, name: string): string => {
  const word = form[name]
  return typeof word === 'string' ? word.trim() : ''
}

function move(name: BulletinMove): Action {
  return async (turn, pressed) => {
    const before = await seen(turn, pressed)
    const asked = { move: name, by: actorIn(turn), seenRev: seenRev(pressed), word: said(pressed, 'word') }
    const moved = bulletinMoved(before, asked, await settingFor(turn, before))
    const after = (await EFFECTS[name]?.(turn, moved)) ?? moved
    await saveBulletin(turn.db, before, after)
    note(turn, after, `bulletin.${name}`, after.movedFor)
    turn.redraw(FEATURE, matterOf(after))
    return { toast: { kind: 'success', words: `已${bulletinFlow.moves[name].button}` } }
  }
}

/** What a move does beside the move itself. */
const EFFECTS: Partial<Record<BulletinMove, (turn: Turn, after: Bulletin) => Promise<Bulletin>>> = {
  async submit(turn, after) {
    const approvers = await approversOf(turn, after)
    if (!approvers.length) throw new Refusal('没有可以审批的人员,请核对角色设置')
    if (after.chat) await audienceFor(turn, after)
    for (const person of new Set([...approvers, ...(await deputiesBeside(turn, { scope: [] }, approvers))]))
      turn.send({ to: { person }, body: { matter: { feature: FEATURE, id: matterOf(after) } }, urgent: true })
    return after
  },
  async revise(turn, after) {
    turn.send({
      to: { person: after.maker },
      body: { matter: { feature: FEATURE, id: matterOf(after) } },
      urgent: true,
    })
    return after
  },
  async approve(turn, after) {
    if (after.chat) await audienceFor(turn, after)
    const year = Number(dayIn(turn.now).slice(0, 4))
    const issued = { ...after, number: await takeNumber(turn.db, after.unit, BULLETIN_WORD, year) }
    const file = fileOf(issued)
    if (issued.chat) {
      turn.send({
        to: { chat: issued.chat },
        body: { matter: { feature: FEATURE, id: matterOf(issued) } },
        urgent: true,
      })
      turn.send({ to: { chat: issued.chat }, body: file })
    }
    turn.send({ to: { person: issued.maker }, body: file, urgent: true })
    return issued
  },
}

/** @throws Refusal when it could not be sent there. */
async function audienceFor(turn: Turn, { chat }: Bulletin): Promise<void> {
  if (!(await audienceOf(turn.db, chat))) throw new Refusal('所选的群已不存在,或机器人不在群内,请修改后再送审')
}

/** Who has to decide: 办公室主任, else, or where all of them are away, 分管领导 too; never who wrote it. */
async function approversOf(turn: Turn, of: Bulletin): Promise<string[]> {
  const holders = await officeHolders(turn)
  const approvers: string[] = []
  for (const code of ['BZ', 'FG']) {
    const ids = [...new Set(holders.filter(one => one.code === code).map(one => one.person))]
    const actors = await Promise.all(ids.map(id => actorOf(turn, id)))
    const able = actors.filter(actor => approves(of, { ...actor, standsFor: [] }))
    approvers.push(...able.map(actor => actor.id))
    if (await isOneThere(turn, able, actor => approves(of, actor))) break
  }
  return [...new Set(approvers)]
}

const approves = (of: Bulletin, actor: Actor): boolean => bulletinRoles(of, actor, may).includes('approver')

const fileOf = (of: Bulletin) => ({
  file: { feature: FEATURE, name: bulletinFileName(of), order: { bulletin: of.id } },
})

/** 修改: pressed on the bulletin it opens the form, pressed on the form it saves. */
const edit: Action = async (turn, pressed) => {
  const before = await seen(turn, pressed)
  const asked = { move: 'edit' as const, by: actorIn(turn), seenRev: seenRev(pressed), word: '' }
  const moved = bulletinMoved(before, asked, await settingFor(turn, before))
  const groups = await groupsOf(turn.db, turn.who.id, MOST_GROUPS)
  if (pressed.form.title === undefined) {
    // somebody else may have chosen a group in which whoever edits does not sit
    const chosen = groups.some(({ id }) => id === before.chat) ? undefined : await audienceOf(turn.db, before.chat)
    const open = chosen ? [...groups, { id: before.chat, name: chosen.name }] : groups
    return {
      fresh: {
        card: bulletinForm(
          before,
          open.map(({ id, name }) => ({ value: id, label: name })),
        ),
      },
    }
  }
  const wording = checkWording(wordingIn(pressed))
  if (wording.chat && wording.chat !== before.chat && !groups.some(({ id }) => id === wording.chat))
    throw new Refusal('只能印发到您和机器人都在的群')
  await saveBulletin(turn.db, before, { ...moved, ...wording })
  note(turn, moved, 'bulletin.edit', moved.movedFor)
  turn.redraw(FEATURE, matterOf(moved))
  return { toast: { kind: 'success', words: '已修改' }, fresh: { matter: { feature: FEATURE, id: matterOf(moved) } } }
}

function wordingIn(pressed: Press): Wording {
  const chat = said(pressed, 'chat')
  return {
    title: said(pressed, 'title'),
    issuer: said(pressed, 'issuer'),
    overall: said(pressed, 'overall'),
    good: said(pressed, 'good'),
    lagging: said(pressed, 'lagging'),
    problems: said(pressed, 'problems'),
    demands: said(pressed, 'demands'),
    chat: chat === NO_GROUP ? '' : chat,
  }
}

const show: Action = async (turn, pressed) => ({
  say: { matter: { feature: FEATURE, id: matterOf(await seen(turn, pressed)) } },
  privately: true,
  toast: { kind: 'success', words: '已发送到私聊' },
})

/** The printed form once more, to whoever may see the bulletin. */
const download: Action = async (turn, pressed) => {
  const found = await seen(turn, pressed)
  if (found.state !== 'issued') throw new Refusal('通报印发后才能下载公文')
  turn.send({ to: { person: turn.who.id }, body: fileOf(found), urgent: true })
  note(turn, found, 'bulletin.file')
  return { toast: { kind: 'success', words: '公文随后发送到私聊' } }
}

export const bulletinActions = {
  bulletinSubmit: move('submit'),
  bulletinEdit: edit,
  bulletinCancel: move('cancel'),
  bulletinApprove: move('approve'),
  bulletinRevise: move('revise'),
  bulletinShow: show,
  bulletinFile: download,
} satisfies Record<`bulletin${Capitalize<BulletinMove>}` | 'bulletinShow' | 'bulletinFile', Action>

export const bulletinFile = async (look: Look, id: number): Promise<Part[]> =>
  officialDocument(bulletinDocument(await getBulletin(look.db, id)))

function note(turn: Turn, { state, word, number, ...of }: Bulletin, act: string, actingFor?: string): void {
  turn.record({
    feature: FEATURE,
    act,
    matter: matterOf(of),
    ...(actingFor ? { actingFor } : {}),
    data: { to: state, reason: word, ...(number ? { number: bulletinName({ number, period: of.period }) } : {}) },
  })
}

/** Bulletins on which somebody has to decide. */
export async function bulletinsWaiting(look: Look, actor: Actor): Promise<TodoItem[]> {
  const decides = [actor, ...(actor.standsFor ?? [])].some(({ held }) =>
    may(
      held.map(one => one.code),
      'A',
      'task.bulletin',
    ),
  )
  if (!decides) return []
  const submitted = await latestBulletins(look.db, LISTED, 'submitted')
  const nameOf = (id: string | undefined) => actor.standsFor?.find(one => one.id === id)?.name
  const inPlace = (one: Bulletin): string => {
    const name = nameOf(asWhom(one, 'approver', actor, may))
    return name ? ` · 代${name}` : ''
  }
  return submitted
    .filter(one => bulletinMovesOpen(one, actor, may).includes('approve'))
    .map(one => ({
      feature: FEATURE,
      matter: matterOf(one),
      awaitsDecision: true,
      urgency: one.movedAt.getTime(),
      line: ['督办通报 ', { bold: one.title }, ` · 待审批${inPlace(one)}`],
      buttons: [{ label: '查看', action: `${FEATURE}.bulletinShow`, value: { id: one.id } }],
    }))
}
