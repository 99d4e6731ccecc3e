import { getTask, nextTaskAt, openOfUnit, tasksNumbered, tasksSeen, waitingSeen } from '../db/task.ts'
import type { Action, Answer, Feature, Look, Said, TodoItem, Turn } from '../src/bot/feature.ts'
import type { Card } from '../src/kit/card.ts'
import type { Person, Viewer } from '../src/kit/person.ts'
import { echoCard, hiddenCard, listLine, taskCard } from '../src/office/task/cards.ts'
import { ALIKE, likeness } from '../src/office/task/draft.ts'
import { type AssistMove, type TaskMove, taskFlow } from '../src/office/task/flow.ts'
import { readNumber } from '../src/office/task/number.ts'
import { maySee, movesOpen } from '../src/office/task/roles.ts'
import { type Actor, EXAMPLE, type Setting, type Task } from '../src/office/task/task.ts'
import { assist, heard, historyOf, press } from './task/act.ts'
import { climb } from './task/climb.ts'
import { change, reassign } from './task/hand.ts'
import { byNumber, late, ledger, ledgerPress, list, mine, show, stats } from './task/ledger.ts'
import { again, create, edit, make } from './task/make.ts'
import { recalibrate, uncalibrated } from './task/recalibrate.ts'
import { actorOf, FEATURE, idOf, settingOf, sightOf } from './task/setting.ts'

export const task: Feature = {
  name: FEATURE,
  title: '督办',
  words: ['督办', 'task', 'rw'],
  about: '督办事项:立项、交办、反馈、延期、办结,件件有回音',
  commands: {
    '': { usage: EXAMPLE, about: '第一人牵头,其余协办;也可写编号,如 /督办 督〔2026〕12号', run: makeOrShow },
    列表: { usage: '/督办 列表', about: '我能看到的未办结事项', run: list },
    我的: { usage: '/督办 我的', about: '我承办、协办和参与的事项', run: mine },
    逾期: { usage: '/督办 逾期', about: '已逾期的事项', run: late },
    台账: { usage: '/督办 台账', about: '按状态、单位、来源、月份查看台账', run: ledger },
    统计: { usage: '/督办 统计 2026-11', about: '按单位统计办结率等,可写月份或“本年”', run: stats },
  },
  actions: {
    ...({
      assign: press('assign'),
      submit: press('submit'),
      edit,
      cancel: press('cancel'),
      approve: press('approve'),
      revise: press('revise'),
      accept: press('accept'),
      return: press('return'),
      redirect: press('redirect'),
      uphold: press('uphold'),
      reassign,
      update: press('update'),
      extend: press('extend'),
      grantExtension: press('grantExtension'),
      denyExtension: press('denyExtension'),
      finish: press('finish'),
      confirm: press('confirm'),
      check: press('check'),
      redo: press('redo'),
      suspend: press('suspend'),
      requestSuspension: press('requestSuspension'),
      grantSuspension: press('grantSuspension'),
      denySuspension: press('denySuspension'),
      resume: press('resume'),
      annul: press('annul'),
      requestAnnulment: press('requestAnnulment'),
      grantAnnulment: press('grantAnnulment'),
      denyAnnulment: press('denyAnnulment'),
      nudge: press('nudge'),
      phone: press('phone'),
      change,
      grantChange: press('grantChange'),
      denyChange: press('denyChange'),
      acknowledge: press('acknowledge'),
      again,
    } satisfies Record<TaskMove, Action>),
    ...({
      assistAccept: assist('accept'),
      assistUpdate: assist('update'),
      assistFinish: assist('finish'),
    } satisfies Record<`assist${Capitalize<AssistMove>}`, Action>),
    create,
    show,
    ledger: ledgerPress,
  },
  draw,
  heard,
  todo,
  find,
  due: climb,
  recalibrate,
  uncalibrated,
  nextDue: ({ db }) => nextTaskAt(db),
}

async function makeOrShow(turn: Turn, said: Said): Promise<Answer> {
  return (await byNumber(turn, said.text)) ?? make(turn, said)
}

const ALIKE_DAYS = 30

async function draw(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const found = await getTask(look.db, idOf(matter))
  const setting = await settingOf(look, found)
  const actor = viewer.kind === 'person' ? await actorOf(look, viewer.id) : undefined
  if (actor && !maySee(found, actor, setting.heads)) return hiddenCard()
  if (!actor && found.scope.length) return hiddenCard()
  if (matter.endsWith('/echo')) return echoCard(found, actor, setting)
  const [history, alike, previous] = await Promise.all([
    historyOf(look, found.id),
    actor ? alikeTo(look, found, actor) : [],
    found.previous === undefined ? undefined : getTask(look.db, found.previous),
  ])
  return taskCard(found, actor, { history, alike, previous: previous?.number }, setting)
}

/** Open tasks of the same unit with a similar title, made in the last 30 days. */
async function alikeTo(look: Look, draft: Task, actor: Actor): Promise<Task[]> {
  if (draft.state !== 'draft' && draft.state !== 'submitted') return []
  const since = new Date(look.now.getTime() - ALIKE_DAYS * 86_400_000)
  const open = await openOfUnit(look.db, await sightOf(look, actor), draft.leadUnit, since, draft.id)
  return open.filter(one => likeness(one.title, draft.title) >= ALIKE)
}

const MOST_WAITING = 200

/** What waits for somebody: where a move is theirs, or their line as an assistant is open. */
async function todo(look: Look & { who: Person }): Promise<TodoItem[]> {
  const actor = await actorOf(look, look.who.id)
  const seen = await waitingSeen(look.db, await sightOf(look, actor), MOST_WAITING)
  const setting = await settingOf(look, ...seen)
  return seen.filter(one => waitsFor(one, actor, setting)).map(one => itemOf(one, actor, setting))
}

/** Moves that somebody is waiting for; 催办, 变更 and the like may be made at any time. */
const WAITED: TaskMove[] = [
  'assign',
  'submit',
  'approve',
  'accept',
  'redirect',
  'update',
  'grantExtension',
  'confirm',
  'check',
  'grantSuspension',
  'grantAnnulment',
  'grantChange',
  'acknowledge',
]

function waitsFor(found: Task, actor: Actor, setting: Setting): boolean {
  const helping = found.assists.find(one => one.person === actor.id)
  const line =
    helping !== undefined && helping.state !== 'finished' && (found.state === 'assigned' || found.state === 'underway')
  return line || movesOpen(found, actor, setting).some(move => WAITED.includes(move))
}

async function find(look: Look & { who: Person }, words: string): Promise<TodoItem[]> {
  const actor = await actorOf(look, look.who.id)
  const sight = await sightOf(look, actor)
  const number = readNumber(words)
  const found = number ? await tasksNumbered(look.db, sight, number) : await tasksSeen(look.db, sight, { words }, 20)
  const setting = await settingOf(look, ...found)
  return found.map(one => itemOf(one, actor, setting))
}

/** Its buttons in a list: what needs no words is pressed there, the rest on the card itself. */
function itemOf(found: Task, actor: Actor, setting: Setting): TodoItem {
  const direct = movesOpen(found, actor, setting).filter(move => DIRECT.includes(move))
  const value = { id: found.id, rev: found.rev }
  return {
    feature: FEATURE,
    matter: String(found.id),
    urgency: found.dueAt?.getTime() ?? Number.MAX_SAFE_INTEGER,
    line: ['督办 ', ...listLine(found, setting)],
    buttons: [
      ...direct.map(move => ({ label: taskFlow.moves[move].button, action: `${FEATURE}.${move}`, value })),
      { label: '查看', action: `${FEATURE}.show`, value: { id: found.id } },
    ],
  }
}

const DIRECT: TaskMove[] = ['accept', 'approve', 'grantExtension', 'confirm', 'check', 'acknowledge']
