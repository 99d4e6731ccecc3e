import { type Origin, originOf } from '../db/meeting-after.ts'
import { getTask } from '../db/task.ts'
import { nextTaskAt } from '../db/task-due.ts'
import { tasksNumbered, tasksSeen, UNGIVEN } from '../db/task-list.ts'
import { waitingSeen } from '../db/task-waiting.ts'
import {
  type Action,
  type Answer,
  type Feature,
  type Look,
  MOST_READ,
  type Said,
  type TodoItem,
  type Turn,
  type Waiting,
} from '../src/bot/feature.ts'
import type { Card } from '../src/kit/card.ts'
import type { Person, Viewer } from '../src/kit/person.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { shorten } from '../src/kit/text.ts'
import { formatShort } from '../src/kit/time.ts'
import { numberText as meetingNumberText } from '../src/office/meeting/meeting.ts'
import { echoCard, hiddenCard, listLine, taskCard } from '../src/office/task/cards.ts'
import { type AssistMove, type TaskMove, taskFlow } from '../src/office/task/flow.ts'
import { ENDED } from '../src/office/task/light.ts'
import { readNumber } from '../src/office/task/number.ts'
import { inPlaceOf, lineOf, maySee, movesOpen } from '../src/office/task/roles.ts'
import { type Actor, EXAMPLE, type Setting, type Task } from '../src/office/task/task.ts'
import { assist, heard, press } from './task/act.ts'
import { alikeTo } from './task/alike.ts'
import { batch, batchOf, draftAll, dropBatch, tables } from './task/batch.ts'
import { bulletin, bulletinActions, bulletinFile, bulletinsWaiting, drawBulletin, isBulletin } from './task/bulletin.ts'
import { climb } from './task/climb.ts'
import { awaited, DECIDING, digestOf } from './task/digest.ts'
import { exportAll, exportPress, ledgerFile } from './task/export.ts'
import { change, reassign } from './task/hand.ts'
import { handOver, held } from './task/hand-over.ts'
import { historyOf } from './task/history.ts'
import { byNumber, late, ledger, ledgerPress, list, mine, show, stats } from './task/ledger.ts'
import { again, create, edit, make } from './task/make.ts'
import { recalibrate, uncalibrated } from './task/recalibrate.ts'
import { record } from './task/record.ts'
import { actorOf, FEATURE, idOf, settingOf, sightOf } from './task/setting.ts'

export const task: Feature = {
  name: FEATURE,
  title: '督办',
  words: ['督办', 'task', 'rw'],
  about: '督办事项:立项、交办、反馈、延期、办结,件件有回音',
  commands: {
    '': {
      usage: EXAMPLE,
      about: '第一人牵头,其余协办;也可写编号,如 /督办 督〔2026〕12号;多项可分行编号,或在私聊发送 .xlsx 表格',
      run: makeOrShow,
    },
    列表: { usage: '/督办 列表', about: '我能看到的未办结事项', run: list },
    我的: { usage: '/督办 我的', about: '我承办、协办和参与的事项', run: mine },
    逾期: { usage: '/督办 逾期', about: '已逾期的事项', run: late },
    台账: { usage: '/督办 台账', about: '按状态、预警灯、单位、来源、月份查看台账', heavy: true, run: ledger },
    通报: {
      usage: '/督办 通报 2026-11',
      about: '按期间生成督办通报,审批后印发;/督办 通报 列表 查看',
      heavy: true,
      run: bulletin,
    },
    导出: {
      usage: '/督办 导出 2026-11',
      about: '导出台账表格(科室负责人及以上、督办员),不写月份为全部',
      heavy: true,
      run: exportAll,
    },
    统计: { usage: '/督办 统计 2026-11', about: '按单位统计办结率等,可写月份或“本年”', heavy: true, run: stats },
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
      divide: reassign,
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
      record,
      acknowledge: press('acknowledge'),
      again,
      archive: press('archive'),
    } satisfies Record<TaskMove, Action>),
    ...({
      assistAccept: assist('accept'),
      assistUpdate: assist('update'),
      assistFinish: assist('finish'),
    } satisfies Record<`assist${Capitalize<AssistMove>}`, Action>),
    create,
    batch,
    draftAll,
    dropBatch,
    show,
    ledger: ledgerPress,
    export: exportPress,
    ...bulletinActions,
  },
  heavy: ['ledger', 'export', 'batch', 'draftAll', 'bulletinFile', 'bulletinApprove'],
  draw,
  files: tables,
  print: (look, order) =>
    typeof order.bulletin === 'number' ? bulletinFile(look, order.bulletin) : ledgerFile(look, order),
  heard: answered,
  todo,
  find,
  due: [climb],
  recalibrate,
  uncalibrated,
  nextDue: ({ db }) => nextTaskAt(db),
  digest: (look, reader) => digestOf(look, reader, itemOf),
  awaited,
  held,
  handOver,
}

async function makeOrShow(turn: Turn, said: Said): Promise<Answer> {
  return (await byNumber(turn, said.text)) ?? (await batchOf(turn, said)) ?? make(turn, said)
}

async function draw(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  if (isBulletin(matter)) return drawBulletin(look, matter, viewer)
  const [found, actor] = await Promise.all([
    getTask(look.db, idOf(matter)),
    viewer.kind === 'person' ? actorOf(look, viewer.id) : undefined,
  ])
  const setting = await settingOf(look, found)
  if (actor && !maySee(found, actor, setting.heads)) return hiddenCard()
  if (!actor && found.scope.length) return hiddenCard()
  if (matter.endsWith('/echo')) return echoCard(found, actor, setting)
  const [history, alike, previous, origin] = await Promise.all([
    historyOf(look, found.id),
    actor && UNGIVEN.includes(found.state) ? alikeTo(look, found, actor) : [],
    found.previous === undefined ? undefined : previousOf(look, found.previous, actor),
    found.source === 'HYYD' ? originOf(look.db, found.id) : undefined,
  ])
  return taskCard(
    found,
    actor,
    { history, alike, previous: previous?.number, origin: origin && originWords(origin, look.now) },
    setting,
  )
}

/** What it goes on from, where that may be seen too. */
async function previousOf(look: Look, id: number, actor: Actor | undefined): Promise<Task | undefined> {
  const previous = await getTask(look.db, id)
  const { heads } = await settingOf(look, previous)
  return (actor ? maySee(previous, actor, heads) : !previous.scope.length) ? previous : undefined
}

/** `会〔2026〕31号 · 11月27日(周五)14:30`. */
const originWords = ({ number, title, startsAt }: Origin, now: Date): string =>
  `${number ? meetingNumberText(number) : shorten(title, 30)} · ${formatShort(startsAt, now)}`

/** What waits for somebody: where a move is theirs, or their line as an assistant is open. */
async function todo(look: Look & { who: Person }): Promise<Waiting> {
  const actor = await actorOf(look, look.who.id)
  const { seen, more } = await waitingOn(look, actor)
  const setting = await settingOf(look, ...seen)
  const own = seen
    .filter(one => maySee(one, actor, setting.heads) && waitsFor(one, actor, setting))
    .map(one => itemOf(one, actor, setting))
  return { items: [...own, ...(await bulletinsWaiting(look, actor))], more }
}

/** A bulletin is settled by its buttons alone. */
async function answered(turn: Turn, matter: string, said: Said): Promise<Answer> {
  if (isBulletin(matter)) throw new Refusal('督办通报请用卡片上的按钮处理')
  return heard(turn, matter, said)
}

/** Theirs, and what waits for those in whose place they stand. */
async function waitingOn(look: Look, actor: Actor): Promise<{ seen: Task[]; more: boolean }> {
  const selves = [actor, ...(actor.standsFor ?? [])]
  const lists = await Promise.all(
    selves.map(async self => waitingSeen(look.db, await sightOf(look, { ...self, standsFor: [] }), MOST_READ)),
  )
  const seen = new Map(lists.flatMap(({ found }) => found).map(found => [found.id, found]))
  return { seen: [...seen.values()], more: lists.some(({ more }) => more) }
}

/** Moves that somebody is waiting for; 催办, 变更 and the like may be made at any time. */
const WAITED: TaskMove[] = ['submit', 'accept', 'update', 'acknowledge', ...DECIDING]

function waitsFor(found: Task, actor: Actor, setting: Setting): boolean {
  const helping = lineOf(found, actor)
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
  const open = movesOpen(found, actor, setting)
  const direct = open.filter(move => DIRECT.includes(move))
  const others = new Set(open.map(move => inPlaceOf(found, taskFlow.moves[move].by, actor, setting)))
  const names = (actor.standsFor ?? []).filter(({ id }) => others.has(id)).map(({ name }) => name)
  const value = { id: found.id, rev: found.rev }
  return {
    feature: FEATURE,
    matter: String(found.id),
    awaitsDecision: open.some(move => DECIDING.includes(move)),
    // what has ended presses nobody
    urgency: (ENDED.includes(found.state) ? undefined : found.dueAt?.getTime()) ?? Number.MAX_SAFE_INTEGER,
    line: ['督办 ', ...listLine(found, setting), names.length ? ` · 代${names.join('、')}` : ''],
    buttons: [
      ...direct.map(move => ({ label: taskFlow.moves[move].button, action: `${FEATURE}.${move}`, value })),
      { label: '查看', action: `${FEATURE}.show`, value: { id: found.id } },
    ],
  }
}

const DIRECT: TaskMove[] = ['accept', 'approve', 'grantExtension', 'confirm', 'check', 'acknowledge']
