import {
  composeRows,
  countUnsettled,
  getPublication,
  latestPublications,
  NO_PUBLICATION,
  openPublication,
  publicationOf,
  publicationRows,
  savePublication,
} from '../../db/car-publication.ts'
import { departmentsById } from '../../db/department.ts'
import { audienceOf, groupsOf, peopleById } from '../../db/people.ts'
import type { Action, Answer, Look, Press, Said, TodoItem, Turn } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import type { Viewer } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { halfWidth } from '../../src/kit/text.ts'
import { formatMonth, monthOf, monthsFrom, spanOfMonth } from '../../src/kit/time.ts'
import { keepsLedgerOf } from '../../src/office/car/ledger-sight.ts'
import {
  checkWords,
  maySeePublication,
  numbersIn,
  type Publication,
  type PublicationMove,
  publicationFlow,
  publicationMoved,
  publicationMovesOpen,
  publicationRoles,
} from '../../src/office/car/publication.ts'
import {
  hiddenPublication,
  NO_GROUP,
  publicationCard,
  publicationForm,
  publicationsCard,
  ROWS_SHOWN,
} from '../../src/office/car/publication-cards.ts'
import { publicationFileName } from '../../src/office/car/publication-sheet.ts'
import type { Actor } from '../../src/office/car/trip.ts'
import { may } from '../../src/office/role/role.ts'
import { monthTyped } from '../period.ts'
import { saidToAsker, tellOf } from '../tell.ts'
import { approversOf } from './publish-approvers.ts'
import { actorIn, actorOf, FEATURE } from './setting.ts'

const EXAMPLE = '/用车 公示 2026-10'
const LISTED = 10
const MOST_GROUPS = 40

const PREFIX = 'publication/'
const matterOf = ({ id }: Pick<Publication, 'id'>): string => `${PREFIX}${id}`
export const isPublication = (matter: string): boolean => matter.startsWith(PREFIX)

/** `/用车 公示 2026-10`: that month's, composed where there is none yet; `/用车 公示 列表`: what there is. */
export async function publish(turn: Turn, { text }: Said): Promise<Answer> {
  const said = halfWidth(text).trim()
  if (said === '列表') return list(turn)
  const month = said === '' ? monthsFrom(monthOf(turn.now), -1) : monthTyped(said, turn.now, EXAMPLE)
  const actor = actorIn(turn)
  const unit = keepsLedgerOf(actor, may)
  const known = await publicationOf(turn.db, month, unit ?? '')
  if (known && maySeePublication(known, actor, may))
    return { say: { matter: { feature: FEATURE, id: matterOf(known) } }, privately: true }
  if (unit === undefined) throw new Refusal('用车公示由车管员生成;查看已印发的公示请用 /用车 公示 列表', EXAMPLE)
  return { say: { matter: { feature: FEATURE, id: matterOf(await draft(turn, month, unit)) } }, privately: true }
}

async function draft(turn: Turn, month: string, unit: string): Promise<Publication> {
  if (month >= monthOf(turn.now)) throw new Refusal(`${formatMonth(month)}尚未结束,结束后方可公示`, EXAMPLE)
  const [own] = await departmentsById(turn.db, [unit || (turn.who.departments[0] ?? '')])
  const empty: Omit<Publication, 'id'> = {
    rev: 1,
    state: publicationFlow.start as 'draft',
    unit,
    month,
    title: `${formatMonth(month)}公务用车使用情况公示`,
    issuer: own?.name ?? '',
    remark: '',
    chat: '',
    without: '',
    runs: 0,
    km: 0,
    cents: 0,
    maker: turn.who.id,
    createdAt: turn.now,
    until: turn.now,
    issuedAt: undefined,
    lastMove: '',
    word: '',
    movedBy: turn.who.id,
    movedAt: turn.now,
    movedFor: undefined,
  }
  const opened = await openPublication(turn.db, empty)
  // somebody else has just drafted it
  if (!opened) throw new Refusal(`${formatMonth(month)}的公示已在拟稿,请再发送一次查看`)
  const sums = await composeRows(turn.db, opened, spanOfMonth(month), [])
  if (!sums.runs) throw new Refusal(`${formatMonth(month)}没有可以公示的用车`, EXAMPLE)
  const composed = { ...opened, ...sums }
  await savePublication(turn.db, opened, composed)
  note(turn, composed, 'publication.draft')
  return composed
}

async function list(turn: Turn): Promise<Answer> {
  const actor = actorIn(turn)
  const some = (await latestPublications(turn.db, 100)).filter(one => maySeePublication(one, actor, may))
  return { say: { card: publicationsCard(some.slice(0, LISTED), turn.now) }, privately: true }
}

async function settingFor(look: Look, of: Publication) {
  const people = await peopleById(look.db, [of.maker, of.movedBy, ...(of.movedFor ? [of.movedFor] : [])])
  return { now: look.now, names: new Map(people.map(({ id, name }) => [id, name])), may }
}

export async function drawPublication(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const found = await getPublication(look.db, idIn(matter.slice(PREFIX.length)))
  const actor = viewer.kind === 'person' ? await actorOf(look, viewer.id) : undefined
  if (actor ? !maySeePublication(found, actor, may) : found.state !== 'issued') return hiddenPublication()
  const [setting, rows, audience, unsettled] = await Promise.all([
    settingFor(look, found),
    publicationRows(look.db, found.id, 0, ROWS_SHOWN),
    audienceOf(look.db, found.chat),
    countUnsettled(look.db, found.unit, spanOfMonth(found.month)),
  ])
  return publicationCard(found, rows, actor, { audience, unsettled }, setting)
}

function idIn(value: unknown): number {
  const id = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) throw new Refusal(NO_PUBLICATION)
  return id
}

/** One that may not be seen reads like one that does not exist. */
async function seen(turn: Turn, { value }: Press): Promise<Publication> {
  const found = await getPublication(turn.db, idIn(value.id))
  if (!maySeePublication(found, actorIn(turn), may)) throw new Refusal(NO_PUBLICATION)
  return found
}

const said = ({ form }: Press, name: string): string => {
  const word = form[name]
  return typeof word === 'string' ? word.trim() : ''
}

const askedOf = (turn: Turn, { value, form }: Press, move: PublicationMove) => ({
  move,
  by: actorIn(turn),
  seenRev: typeof value.rev === 'number' ? value.rev : undefined,
  word: typeof form.word === 'string' ? form.word.trim() : '',
})

function move(name: PublicationMove): Action {
  return async (turn, pressed) => {
    const before = await seen(turn, pressed)
    const after = publicationMoved(before, askedOf(turn, pressed, name), await settingFor(turn, before))
    await EFFECTS[name]?.(turn, after)
    await savePublication(turn.db, before, after)
    note(turn, after, `publication.${name}`)
    turn.redraw(FEATURE, matterOf(after))
    const words = `已${publicationFlow.moves[name].button}`
    return { toast: { kind: 'success', words: name === 'submit' ? await saidToAsker(turn, words, 'later') : words } }
  }
}

/** What a move does beside the move itself. */
const EFFECTS: Partial<Record<PublicationMove, (turn: Turn, after: Publication) => Promise<void>>> = {
  async submit(turn, after) {
    const approvers = await approversOf(turn, after)
    if (!approvers.length) throw new Refusal('没有可以审批的人员,请核对角色设置')
    if (after.chat) await refuseGone(turn, after)
    const news = { body: { matter: { feature: FEATURE, id: matterOf(after) } }, line: `${after.title}待审批` }
    await tellOf(turn, approvers, news, 'later')
  },
  async approve(turn, after) {
    tell(turn, after.maker, after)
  },
  async revise(turn, after) {
    tell(turn, after.maker, after)
  },
  async issue(turn, after) {
    if (!after.chat) return
    await refuseGone(turn, after)
    turn.send({ to: { chat: after.chat }, body: { matter: { feature: FEATURE, id: matterOf(after) } }, urgent: true })
    turn.send({ to: { chat: after.chat }, body: fileOf(after) })
  },
}

const tell = (turn: Turn, person: string, of: Publication): void =>
  turn.send({ to: { person }, body: { matter: { feature: FEATURE, id: matterOf(of) } }, urgent: true })

/** @throws Refusal when it could not be sent there. */
async function refuseGone(turn: Turn, { chat }: Publication): Promise<void> {
  if (!(await audienceOf(turn.db, chat))) throw new Refusal('所选的群已不存在,或机器人不在群内,请修改后再送审')
}

/** `by`: who ordered it; nobody = a group's. */
const fileOf = (of: Publication, by?: string) => ({
  file: {
    feature: FEATURE,
    name: publicationFileName(of),
    order: { publication: of.id, ...(by === undefined ? {} : { by }) },
  },
})

/** 修改: pressed on the publication it opens the form, pressed on the form it saves and composes the rows anew. */
const edit: Action = async (turn, pressed) => {
  const before = await seen(turn, pressed)
  const moved = publicationMoved(before, askedOf(turn, pressed, 'edit'), await settingFor(turn, before))
  const groups = await groupsOf(turn.db, turn.who.id, MOST_GROUPS)
  if (pressed.form.title === undefined)
    return {
      fresh: {
        card: publicationForm(
          before,
          groups.map(({ id, name }) => ({ value: id, label: name })),
        ),
      },
    }
  const chat = said(pressed, 'chat') === NO_GROUP ? '' : said(pressed, 'chat')
  const words = checkWords({
    title: said(pressed, 'title'),
    issuer: said(pressed, 'issuer'),
    remark: said(pressed, 'remark'),
    without: said(pressed, 'without'),
    chat,
  })
  if (chat && chat !== before.chat && !groups.some(({ id }) => id === chat))
    throw new Refusal('只能印发到您和机器人都在的群')
  const { month } = before
  const saved = { ...moved, ...words, until: turn.now }
  // first, so that of two who edit one waits and is told
  await savePublication(turn.db, before, saved)
  const sums = await composeRows(turn.db, before, spanOfMonth(month), numbersIn(words.without, month))
  const after = { ...saved, ...sums }
  await savePublication(turn.db, saved, after)
  note(turn, after, 'publication.edit')
  turn.redraw(FEATURE, matterOf(after))
  return { toast: { kind: 'success', words: '已修改' }, fresh: { matter: { feature: FEATURE, id: matterOf(after) } } }
}

const show: Action = async (turn, pressed) => ({
  say: { matter: { feature: FEATURE, id: matterOf(await seen(turn, pressed)) } },
  privately: true,
  toast: { kind: 'success', words: '已发送到私聊' },
})

/** The printed form, to whoever may see the publication. */
const download: Action = async (turn, pressed) => {
  const found = await seen(turn, pressed)
  turn.send({ to: { person: turn.who.id }, body: fileOf(found, turn.who.id), urgent: true })
  note(turn, found, 'publication.file')
  return { toast: { kind: 'success', words: '公示表随后发送到私聊' } }
}

export const publicationActions = {
  publicationSubmit: move('submit'),
  publicationEdit: edit,
  publicationCancel: move('cancel'),
  publicationApprove: move('approve'),
  publicationRevise: move('revise'),
  publicationIssue: move('issue'),
  publicationShow: show,
  publicationFile: download,
} satisfies Record<`publication${Capitalize<PublicationMove>}` | 'publicationShow' | 'publicationFile', Action>

function note(turn: Turn, { state, word, month, movedFor, ...of }: Publication, act: string): void {
  turn.record({
    feature: FEATURE,
    act,
    matter: matterOf(of),
    ...(movedFor ? { actingFor: movedFor } : {}),
    data: { to: state, reason: word, month },
  })
}

/** Those on which somebody has to decide, or that they have to send out. */
export async function publicationsWaiting(look: Look, actor: Actor): Promise<TodoItem[]> {
  const open = await latestPublications(look.db, LISTED, ['submitted', 'returned', 'approved'])
  return open
    .filter(one => publicationRoles(one, actor, may).length)
    .filter(one => publicationMovesOpen(one, actor, may).some(name => name !== 'edit' && name !== 'cancel'))
    .map(one => ({
      feature: FEATURE,
      matter: matterOf(one),
      awaitsDecision: one.state === 'submitted',
      urgency: one.movedAt.getTime(),
      line: ['用车公示 ', { bold: one.title }, ` · ${publicationFlow.states[one.state]}`],
      buttons: [{ label: '查看', action: `${FEATURE}.publicationShow`, value: { id: one.id } }],
    }))
}
