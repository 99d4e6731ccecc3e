import { step } from '../../kit/flow.ts'
import { AlreadySo, Refusal } from '../../kit/refusal.ts'
import { dayIn } from '../../kit/time.ts'
import { joined, type Member } from './assists.ts'
import { type AssistMove, assistFlow, type TaskMove, taskFlow } from './flow.ts'
import { nextInstant } from './ladder.ts'
import { awaitsDecision, inPlaceOf, mayChange, prolongs, whyNot } from './roles.ts'
import { type Assist, type Change, LIMITS, lastAct, type Setting, type Task, type TaskPress } from './task.ts'
import { REFERENCE_ONLY, SOURCES, URGENCIES } from './terms.ts'
import { defaultDue, dueAfter, limitFrom, reportDue, workdays } from './worktime.ts'

/**
 * The task after a press.
 * @throws Refusal when it is not for the presser, not possible (any more), decided on an outdated card, or lacks what it asks for.
 */
export function moved(task: Task, asked: TaskPress, setting: Setting): Task {
  const chose = { ...asked, move: chosen(task, asked, setting), word: asked.word.trim() }
  refuse(task, chose, setting)
  const move = taskFlow.moves[chose.move]
  const press: Settled = { ...chose, inPlaceOf: inPlaceOf(task, move.by, chose.by, setting) }
  const state = step(taskFlow, task.state, press.move, [move.by])
  const rev = task.rev + 1
  const changed = {
    ...task,
    rev,
    state,
    lastMove: press.move,
    word: press.word,
    movedBy: press.by.id,
    movedAt: setting.now,
    movedFor: press.inPlaceOf,
    recordedBy: press.recorded?.by,
    recordedWay: press.recorded?.way,
    ...EFFECTS[press.move]?.(task, press, setting),
  }
  return timed({ ...changed, stateRev: changed.state === task.state ? task.stateRev : rev }, setting)
}

/** With its next instant reckoned anew. */
export const timed = (task: Task, { work }: Pick<Setting, 'work'>): Task => ({
  ...task,
  nextAt: nextInstant(task, work),
})

/** Of the moves with one button, the one that is open to the presser. */
function chosen(task: Task, { move, by }: TaskPress, setting: Setting): TaskMove {
  const { button } = taskFlow.moves[move]
  const same = (Object.keys(taskFlow.moves) as TaskMove[]).filter(
    one => taskFlow.moves[one].button === button && taskFlow.moves[one].from.includes(task.state),
  )
  return same.find(one => whyNot(task, taskFlow.moves[one].by, by, setting) === undefined) ?? move
}

function refuse(task: Task, press: TaskPress, setting: Setting): void {
  const { from, by, asks, button } = taskFlow.moves[press.move]
  const why = whyNot(task, by, press.by, setting)
  if (!from.includes(task.state)) throw why ? new Refusal(why) : whyNotNow(task, press, setting)
  if (why) throw new Refusal(why)
  if (isOutdated(task, press)) throw new Refusal('卡片已过期,请以最新卡片为准')
  if (asks === 'reason' && !press.word) throw new Refusal(`请填写${button}的${SAID[press.move] ?? '理由'}`)
  if (press.word.length > LIMITS.word) throw new Refusal(`说明请控制在${LIMITS.word}字以内`)
  GUARDS[press.move]?.(task, press, setting)
}

/** As the task stands: somebody has moved it, or whoever is to do it has yet to sign for it. */
function whyNotNow(task: Task, { move, by }: TaskPress, setting: Setting): Refusal {
  const { accept } = taskFlow.moves
  const isUnsigned = accept.from.includes(task.state) && taskFlow.moves[move].from.includes('underway')
  const isToSign = isUnsigned && whyNot(task, accept.by, by, setting) === undefined
  return isToSign ? new Refusal('本事项尚未签收,请先签收') : new AlreadySo(lastAct(task, setting))
}

/** What is decided must be what was seen. */
function isOutdated({ stateRev, change }: Task, { move, seenRev }: TaskPress): boolean {
  if (seenRev === undefined) return false
  const decided = move === 'grantChange' || move === 'denyChange' ? (change?.rev ?? 0) : stateRev
  return seenRev < decided
}

const SAID: Partial<Record<TaskMove, string>> = { update: '内容', finish: '办理结果', phone: '内容' }

type Guard = (task: Task, press: TaskPress, setting: Setting) => void

const GUARDS: Partial<Record<TaskMove, Guard>> = {
  assign: inTime,
  submit: inTime,
  approve: inTime,
  cancel({ number }) {
    if (number) throw new Refusal('已编号的督办不能取消,请在交办后申请撤销')
  },
  accept: refusePhone,
  return({ signDueAt }, _press, { now }) {
    if (signDueAt && now > signDueAt) throw new Refusal('签收时限已过,不能退回交办;请先签收,确有困难的可申请撤销')
  },
  reassign(task, { to, helpers = [] }) {
    if (!to) throw new Refusal('请选择转办给谁')
    if (to.id === task.lead) throw new Refusal('该事项已由其办理')
    refuseStrangers(task, [to, ...helpers])
  },
  divide(task, { helpers = [] }) {
    if (!helpers.length) throw new Refusal('请选择分办给谁')
    refuseStrangers(task, helpers)
  },
  update(task, press) {
    const { percent, problem = '', measures = '' } = press
    if (percent !== undefined && !(percent >= 0 && percent <= 100)) throw new Refusal('进度请填写0到100之间的数')
    if (problem.length > LIMITS.word) throw new Refusal(`存在问题请控制在${LIMITS.word}字以内`)
    if (measures.length > LIMITS.word) throw new Refusal(`下一步措施请控制在${LIMITS.word}字以内`)
    refusePhone(task, press)
  },
  extend({ dueAt, extensions, progress }, { until }, { now }) {
    if (!dueAt) throw new Refusal('该事项没有完成时限,无须延期')
    if (extensions >= LIMITS.extensions) throw new Refusal(`延期最多${LIMITS.extensions}次`)
    if (!progress) throw new Refusal('申请延期须说明目前进展,请先反馈进展')
    if (!until) throw new Refusal('请填写申请延期至何时,例如:12月14日下班前')
    if (until <= dueAt || until <= now) throw new Refusal('延期后的时限须晚于现在的完成时限')
  },
  record(task) {
    if (!awaitsDecision(task)) throw new Refusal('目前没有等待领导决定的事项')
  },
  nudge(task, _press, setting) {
    if (task.nudgedOn === dayIn(setting.now)) throw new AlreadySo('今日已催办过,每个事项每天最多催办一次')
  },
  archive(_task, { archiveNo = '' }) {
    if (!archiveNo.trim()) throw new Refusal('请填写归档号')
    if (archiveNo.length > LIMITS.archiveNo) throw new Refusal(`归档号请控制在${LIMITS.archiveNo}字以内`)
  },
  change(task, { change: wish }, { now }) {
    const { title, content, dueAt, lead, source } = task
    if (task.change) throw new Refusal('已有待批的变更,请先审批')
    if (!wish) throw new Refusal('请填写变更内容')
    const same =
      (wish.title ?? title) === title &&
      (wish.content ?? content) === content &&
      (wish.dueAt ?? dueAt)?.getTime() === dueAt?.getTime() &&
      (wish.lead?.id ?? lead) === lead &&
      !wish.add.length &&
      !wish.drop.length
    if (same) throw new Refusal('没有需要变更的内容')
    if (wish.dueAt && wish.dueAt <= now) throw new Refusal('完成时限已经过去')
    refuseBody(source, wish.content ?? '')
    refuseMembers(task, wish)
  },
}

function refuseStrangers({ leadUnit }: Task, chosen: NonNullable<TaskPress['helpers']>): void {
  if (leadUnit && chosen.some(one => !one.departments.includes(leadUnit))) throw new Refusal('只能转办给本单位人员')
}

function refuseMembers({ assists, lead }: Task, { add, drop, lead: next }: NonNullable<TaskPress['change']>): void {
  const assisting = (id: string): boolean => assists.some(one => one.person === id)
  if (add.some(({ id }) => id === (next?.id ?? lead))) throw new Refusal('牵头人不能同时为协办人')
  if (add.some(({ id }) => assisting(id))) throw new Refusal('所选人员已是协办人,无须增加')
  if (drop.some(id => !assisting(id))) throw new Refusal('所选人员已不是协办人,无须减少')
  if (assists.length - drop.length + add.length > LIMITS.assistants) throw new Refusal(`协办最多${LIMITS.assistants}人`)
}

function refusePhone(_task: Task, { leadPhone = '' }: TaskPress): void {
  if (leadPhone.length > LIMITS.phone) throw new Refusal(`联系电话请控制在${LIMITS.phone}字以内`)
}

function inTime({ dueAt, dueByDefault }: Task, _press: TaskPress, { now }: Setting): void {
  if (!dueByDefault && dueAt && dueAt <= now) throw new Refusal('完成时限已经过去,请先修改')
}

/** A press whose right is known: `inPlaceOf` = of whom a deputy has it. */
type Settled = TaskPress & { inPlaceOf: string | undefined }
type Effect = (task: Task, press: Settled, setting: Setting) => Partial<Task>

const givenOut: Effect = (task, { by, inPlaceOf: leader }, { now, work }) => {
  const dueAt = task.dueByDefault ? defaultDue(now, task.urgency, work) : task.dueAt
  return {
    dueAt,
    originalDueAt: dueAt,
    givenBy: leader ?? by.id,
    assignedAt: now,
    signDueAt: limitFrom(now, URGENCIES[task.urgency].sign, work),
    reportDueAt: reportDue(now, { ...task, first: true }, work),
    ladderFrom: now,
    petition: undefined,
    assists: task.assists.map(one => ({ ...one, dueAt: assistDue({ ...task, dueAt }, now, work) })),
  }
}

/** DB-22: two workdays before the lead's deadline; where that is past, the lead's. */
function assistDue(
  { dueAt, assistDueAt }: Pick<Task, 'dueAt' | 'assistDueAt'>,
  now: Date,
  work: Setting['work'],
): Date | undefined {
  if (assistDueAt || !dueAt) return assistDueAt
  const before = dueAfter(dayIn(dueAt), -2, dueAt, work)
  return before > now ? before : dueAt
}

/** 分办: parts of the unit's own people beside those who assist already; whoever leads now has no part of their own. */
function withHelpers(
  task: Task,
  lead: string,
  helpers: NonNullable<TaskPress['helpers']>,
  { now, work }: Setting,
): Pick<Task, 'assists' | 'parts'> {
  const members = helpers.filter(({ id }) => id !== lead).map(({ id }): Member => ({ id, unit: task.leadUnit }))
  const { assists, parts } = task
  return joined(
    { assists: assists.filter(one => one.person !== lead), parts },
    members,
    assistDue(task, now, work),
    now,
  )
}

/** A moved deadline moves the open lines of the assistants too. */
export function dueMoved(task: Task, dueAt: Date | undefined, { now, work }: Setting): Partial<Task> {
  const assistDueAt = assistDueMoved(task, dueAt, now, work)
  const assists = task.assists.map(one =>
    one.state === 'finished' ? one : { ...one, dueAt: assistDue({ dueAt, assistDueAt }, now, work) },
  )
  return { dueAt, assistDueAt, assists, ladderFrom: now }
}

/** A deadline of the assistants' own stays as many workdays from the lead's as it was, but does not come to lie in the past. */
function assistDueMoved(
  { dueAt: before, assistDueAt }: Task,
  dueAt: Date | undefined,
  now: Date,
  work: Setting['work'],
): Date | undefined {
  if (!assistDueAt || !before || !dueAt || before.getTime() === dueAt.getTime()) return assistDueAt
  const moved = dueAfter(dayIn(dueAt), -workdays(assistDueAt, before, work), assistDueAt, work)
  return moved > now ? moved : dueAt
}

const petitioned: Effect = (_task, { by, inPlaceOf, word, until }) => ({
  petition: { by: by.id, inPlaceOf, reason: word, until },
})
const settled: Effect = (_task, _press, { now }) => ({ petition: undefined, ladderFrom: now })
const annulled: Effect = () => ({ petition: undefined, change: undefined })
const stopped: Effect = ({ dueAt }, _press, { now, work }) => ({
  petition: undefined,
  change: undefined,
  suspendedAt: now,
  workdaysLeft: dueAt ? workdays(now, dueAt, work) : 0,
})

const EFFECTS: Partial<Record<TaskMove, Effect>> = {
  assign: givenOut,
  approve: givenOut,
  submit: (_task, { by, inPlaceOf }) => ({ petition: { by: by.id, inPlaceOf, reason: '', until: undefined } }),
  revise: () => ({ petition: undefined }),
  accept: ({ signedAt, signedBy, leadPhone }, { by, leadPhone: said }, { now }) => ({
    leadPhone: said || leadPhone,
    signedAt: signedAt ?? now,
    signedBy: signedBy ?? by.id,
    ladderFrom: now,
  }),
  return: ({ returns }) => ({ returns: returns + 1 }),
  redirect: () => ({ signDueAt: undefined, signedAt: undefined, signedBy: undefined, change: undefined }),
  uphold: ({ urgency }, _press, { now, work }) => ({
    signDueAt: limitFrom(now, URGENCIES[urgency].sign, work),
    ladderFrom: now,
  }),
  reassign: (task, { to, helpers = [] }, setting) => ({
    ...(to ? { lead: to.id, leadPhone: '' } : {}),
    // before it was signed for, the unit's own limit runs on
    ...(task.state === 'underway' ? signedAnew(task, setting) : {}),
    ...withHelpers(task, to?.id ?? task.lead, helpers, setting),
  }),
  divide: (task, { helpers = [] }, setting) => withHelpers(task, task.lead, helpers, setting),
  update: (task, { word, problem = '', measures = '', leadPhone, percent }, { now, work }) => ({
    progress: word,
    problem: problem.trim(),
    measures: measures.trim(),
    leadPhone: leadPhone || task.leadPhone,
    percent: percent ?? task.percent,
    reportedAt: now,
    reportDueAt: reportDue(now, { ...task, first: false }, work),
  }),
  extend: (task, press, setting) => ({
    ...petitioned(task, press, setting),
    wasLate: task.wasLate || isPast(task, setting),
  }),
  grantExtension: (task, _press, setting) => ({
    ...dueMoved(task, task.petition?.until ?? task.dueAt, setting),
    petition: undefined,
    extensions: task.extensions + 1,
  }),
  denyExtension: settled,
  finish: (_task, { by, inPlaceOf, word }, { now }) => ({
    result: word,
    finishedAt: now,
    finishedBy: by.id,
    finishedFor: inPlaceOf,
    checkedBy: undefined,
  }),
  check: (_task, { by }) => ({ checkedBy: by.id }),
  confirm: (_task, { by, inPlaceOf: leader }, { now }) => ({
    closedAt: now,
    closedBy: leader ?? by.id,
    change: undefined,
  }),
  archive: (_task, { archiveNo = '' }) => ({ archiveNo: archiveNo.trim() }),
  redo: ({ redos }, _press, { now }) => ({
    redos: redos + 1,
    result: '',
    finishedAt: undefined,
    finishedBy: undefined,
    finishedFor: undefined,
    checkedBy: undefined,
    ladderFrom: now,
  }),
  suspend: stopped,
  requestSuspension: petitioned,
  grantSuspension: stopped,
  denySuspension: settled,
  resume: (task, _press, setting) => ({
    ...dueMoved(task, resumedDue(task, setting), setting),
    suspendedAt: undefined,
    reportDueAt: reportDue(setting.now, { ...task, first: false }, setting.work),
  }),
  annul: annulled,
  requestAnnulment: petitioned,
  grantAnnulment: annulled,
  denyAnnulment: settled,
  nudge: ({ nudges }, _press, { now }) => ({ nudges: nudges + 1, nudgedOn: dayIn(now) }),
  phone: ({ nudges }) => ({ nudges: nudges + 1 }),
  change: (task, press, setting) => ({
    ...(mayChange(task, press.change, press.by, setting)
      ? changedTo(task, press.change, setting)
      : proposed(task, press)),
    wasLate: task.wasLate || (prolongs(task, press.change) && isPast(task, setting)),
  }),
  grantChange: (task, _press, setting) => changedTo(task, task.change, setting),
  denyChange: () => ({ change: undefined }),
  acknowledge: (_task, _press, { now }) => ({ acknowledgedAt: now }),
}

const isPast = ({ dueAt }: Task, { now }: Setting): boolean => dueAt !== undefined && now > dueAt

/** On return: that day and the workdays that were left (domain.md 2.3). */
function resumedDue({ dueAt, workdaysLeft }: Task, { now, work }: Setting): Date | undefined {
  return dueAt && dueAfter(dayIn(now), workdaysLeft, dueAt, work)
}

function proposed(task: Task, { by, inPlaceOf, word, change }: Settled): Partial<Task> {
  if (!change) return {}
  return { change: { ...change, by: by.id, inPlaceOf, reason: word, rev: task.rev + 1 } }
}

/** Another lead signs for it anew. */
export const signedAnew = ({ urgency }: Task, { now, work }: Setting): Partial<Task> => ({
  signedAt: undefined,
  signedBy: undefined,
  signDueAt: limitFrom(now, URGENCIES[urgency].sign, work),
  ladderFrom: now,
})

function changedTo(task: Task, change: TaskPress['change'], setting: Setting): Partial<Task> {
  if (!change) return {}
  const { title = task.title, content = task.content, lead } = change
  const moved = change.dueAt ? dueMoved(task, change.dueAt, setting) : {}
  const extensions = task.extensions + (prolongs(task, change) ? 1 : 0)
  const handed: Partial<Task> =
    lead && lead.id !== task.lead
      ? {
          lead: lead.id,
          leadUnit: lead.unit,
          leadPhone: '',
          state: 'assigned',
          ...signedAnew(task, setting),
        }
      : {}
  const after = { ...task, ...moved, ...handed }
  return { title, content, extensions, change: undefined, ...moved, ...handed, ...rejoined(after, change, setting) }
}

/** Who assists after a 变更; whoever leads has no part of their own. */
function rejoined(
  task: Task,
  { add, drop }: Pick<Change, 'add' | 'drop'>,
  { now, work }: Setting,
): Pick<Task, 'assists' | 'parts'> {
  const { assists, parts, lead } = task
  const staying = assists.filter(({ person }) => person !== lead && !drop.includes(person))
  return joined(
    { assists: staying, parts },
    add.filter(({ id }) => id !== lead),
    assistDue(task, now, work),
    now,
  )
}

/** @throws Refusal when a source whose text stays elsewhere comes with one (DB-03). */
export function refuseBody(source: Task['source'], content: string): void {
  const fault = faultInBody(source, content)
  if (fault) throw new Refusal(fault)
}

export const faultInBody = (source: Task['source'], content: string): string | undefined =>
  SOURCES[source].referenceOnly && content.trim() ? REFERENCE_ONLY : undefined

/** An assistant's move on the own line. */
export function assisted(
  task: Task,
  { move, by, word }: { move: AssistMove; by: string; word: string },
  setting: Setting,
): Task {
  const line = task.assists.find(one => one.person === by)
  const { button, asks, from } = assistFlow.moves[move]
  if (!line) throw new Refusal('此按钮仅限协办人使用')
  if (!ASSISTED.includes(task.state)) throw new AlreadySo(lastAct(task, setting))
  if (!from.includes(line.state)) throw new AlreadySo(`当前为“${assistFlow.states[line.state]}”,不能${button}`)
  const said = word.trim()
  if (asks === 'reason' && !said) throw new Refusal(`请填写${button}的内容`)
  if (said.length > LIMITS.word) throw new Refusal(`说明请控制在${LIMITS.word}字以内`)
  const state = step(assistFlow, line.state, move, ['assistant'])
  const { now } = setting
  const next: Assist = {
    ...line,
    state,
    word: said || line.word,
    movedAt: now,
    signedAt: line.signedAt ?? now,
    finishedAt: move === 'finish' ? now : line.finishedAt,
  }
  const assists = task.assists.map(one => (one === line ? next : one))
  return timed({ ...task, rev: task.rev + 1, assists }, setting)
}

/** While the lead works on it, so may those who help. */
export const ASSISTED: Task['state'][] = ['assigned', 'underway', 'extending']
