import type { Db } from '../db/client.ts'
import { departmentNames, departmentsUnder, lineageOf } from '../db/department.ts'
import { chatsById, peopleById } from '../db/people.ts'
import {
  alertsWaiting,
  getAlert,
  NO_ALERT,
  nextReminder,
  release,
  releaseById,
  saveAlert,
  standingReleases,
  stoppedIn,
  unreported,
  withdrawRelease,
} from '../db/secrecy.ts'
import type { Action, Answer, Feature, Heartbeat, Look, Press, Turn, Waiting } from '../src/bot/feature.ts'
import { calledBy } from '../src/kit/aside.ts'
import type { Card } from '../src/kit/card.ts'
import { step } from '../src/kit/flow.ts'
import type { Viewer } from '../src/kit/person.ts'
import { AlreadySo, Refusal } from '../src/kit/refusal.ts'
import { formatShort } from '../src/kit/time.ts'
import { may } from '../src/office/role/role.ts'
import {
  type Alert,
  type AlertMove,
  alertFlow,
  handles,
  isPassable,
  isWithin,
  LIMITS,
  maySee,
  type Origin,
  remindNext,
  reportBy,
  type Stopped,
  sphereOf,
} from '../src/office/secrecy/alert.ts'
import {
  alertCard,
  alertLine,
  deskCard,
  hiddenAlert,
  releasesCard,
  ruleBookCard,
  type Setting,
  showButton,
} from '../src/office/secrecy/alert-cards.ts'
import { RULE_BOOK } from '../src/office/secrecy/rule-book.ts'
import { type Actor, actorIn, actorOf } from './actor.ts'
import { refuseOutdated, wholeId, wordIn } from './given.ts'
import { FEATURE } from './secrecy/gate.ts'
import { judgesOf } from './secrecy/officers.ts'

const MOST_WAITING = 20
const MOST_RELEASES = 30

/** 保密员's desk: what the gate has stopped, and what passes after all. */
export const secrecy: Feature = {
  name: FEATURE,
  title: '保密',
  words: ['保密', 'secrecy'],
  about: '保密告警的处置、放行清单和规则(保密员)',
  commands: {
    '': { usage: '/保密', about: '待处置的保密告警', run: desk },
    放行清单: {
      usage: '/保密 放行清单',
      about: '经核实属误报、已放行的内容',
      run: async turn => ({ say: { card: await releases(turn) }, privately: true }),
    },
    规则: {
      usage: '/保密 规则',
      about: '检查哪些内容、如何处理',
      run: async turn => ({ say: { card: rules(turn) }, privately: true }),
    },
  },
  actions: {
    release: releaseSome,
    breach: judge('breach'),
    leak: judge('leak'),
    report,
    show,
    revoke,
    releases: async turn => ({ say: { card: await releases(turn) }, privately: true }),
    rules: async turn => ({ say: { card: rules(turn) }, privately: true }),
  },
  draw,
  todo,
  due: [askForReports],
  nextDue: ({ db }) => nextReminder(db),
}

const ONLY = '保密告警仅限保密员处置,主要领导、分管领导和办公室主任可以查看'

/** @throws Refusal for whoever has nothing to do with alerts. */
function refuseOutsiders(actor: Actor): void {
  const sphere = sphereOf(actor, 'V', may)
  if (sphere !== 'house' && !sphere.length) throw new Refusal(ONLY)
}

/** The units of whose alerts somebody knows, each by itself. */
async function unitsOf(db: Db, actor: Actor, right: 'E' | 'V'): Promise<'house' | string[]> {
  const sphere = sphereOf(actor, right, may)
  return sphere === 'house' ? sphere : departmentsUnder(db, sphere)
}

const originOf = async (db: Db, { sender, unit }: Alert): Promise<Origin> => ({
  sender,
  lineage: await lineageOf(db, unit),
})

async function desk(turn: Turn): Promise<Answer> {
  const actor = actorIn(turn)
  refuseOutsiders(actor)
  const waiting = await alertsWaiting(turn.db, await unitsOf(turn.db, actor, 'V'), actor.id, MOST_WAITING + 1)
  const shown = waiting.slice(0, MOST_WAITING)
  const setting = await settingOf(turn, shown)
  return { say: { card: deskCard(shown, waiting.length > MOST_WAITING, setting) }, privately: true }
}

async function releases(turn: Turn): Promise<Card> {
  const actor = actorIn(turn)
  refuseOutsiders(actor)
  const some = await standingReleases(turn.db, await unitsOf(turn.db, actor, 'V'), MOST_RELEASES + 1)
  const shown = some.slice(0, MOST_RELEASES)
  const keeps = sphereOf(actor, 'E', may)
  const setting = await settingOf(
    turn,
    [],
    [],
    shown.map(({ by }) => by),
  )
  return releasesCard(shown, some.length > MOST_RELEASES, keeps === 'house' || keeps.length > 0, setting)
}

function rules(turn: Turn): Card {
  refuseOutsiders(actorIn(turn))
  return ruleBookCard(RULE_BOOK.map(({ id, name, action }) => [id, name, action] as const))
}

/** What a press moves, held against who pressed, what state it is in, and what the card showed. */
async function moving(turn: Turn, press: Press, move: AlertMove) {
  const alert = await getAlert(turn.db, wholeId(press.value.id, NO_ALERT))
  const actor = actorIn(turn)
  const origin = await originOf(turn.db, alert)
  if (!maySee(origin, actor, may)) throw new Refusal(NO_ALERT)
  const isOfficer = handles(origin, actor, may)
  const { button, from } = alertFlow.moves[move]
  if (isOfficer && !(from as readonly string[]).includes(alert.state))
    throw new AlreadySo(`该告警已是“${alertFlow.states[alert.state]}”,不能再${button}`)
  const state = step(alertFlow, alert.state, move, isOfficer ? ['officer'] : [])
  refuseOutdated(alert, press)
  return { alert, state }
}

const decidedBy = ({ who, now }: Turn, word: string) => ({ word, decidedBy: who.id, decidedAt: now })

async function settle(turn: Turn, before: Alert, after: Alert, act: AlertMove, data: object = {}): Promise<void> {
  await saveAlert(turn.db, before, after)
  turn.record({ feature: FEATURE, act, matter: String(after.id), data: { to: after.state, ...data } })
  turn.redraw(FEATURE, String(after.id))
}

/** What may be sent again. */
function whatNow(some: readonly Parameters<typeof isPassable>[0][]): string {
  if (some.every(isPassable)) return '现可重新发送'
  const words = some.some(isPassable) ? '其余内容现可重新发送;图片和扫描件' : '但图片和扫描件'
  return `${words}仍不能作为事项的材料,请用文字说明`
}

/** 误报放行: what was stopped passes from now on, and its sender may send it again. */
async function releaseSome(turn: Turn, press: Press): Promise<Answer> {
  const { alert } = await moving(turn, press, 'release')
  const reason = wordIn(press.form, 'word', LIMITS.word)
  if (!reason) throw new Refusal('请写明属于误报的理由')
  const left = (await stoppedIn(turn.db, alert.id)).filter(({ released }) => !released)
  const some = chosen(left, press.form.which)
  const count = await release(turn.db, some, { reason, by: turn.who.id, at: turn.now })
  const state = some.length === left.length ? 'released' : 'open'
  await settle(turn, alert, { ...alert, state, ...decidedBy(turn, reason) }, 'release', { count })
  if (alert.sender) {
    const when = some
      .map(({ at }) => formatShort(at, turn.now))
      .slice(0, 5)
      .join('、')
    const text = `您${when}被拦截的内容经保密员核实属误报,${whatNow(some)}。`
    turn.send({ to: { person: alert.sender }, body: { text }, urgent: true })
  }
  const decided = some.some(isPassable) ? '放行' : '按误报处置'
  return { toast: { kind: 'success', words: `已${decided}${state === 'released' ? '' : '所选的内容'}` } }
}

function chosen(left: readonly Stopped[], which: unknown): readonly Stopped[] {
  if (which === undefined || which === '' || which === 'all') return left
  const some = left.filter(({ id }) => String(id) === which)
  if (!some.length) throw new Refusal('请选择放行哪一次')
  return some
}

function judge(move: 'breach' | 'leak'): Action {
  return async (turn, press) => {
    const { alert, state } = await moving(turn, press, move)
    const word = wordIn(press.form, 'word', LIMITS.word) || alert.word
    const remindAt = move === 'leak' ? remindNext(alert, turn.now) : undefined
    await settle(turn, alert, { ...alert, state, remindAt, ...decidedBy(turn, word) }, move)
    return { toast: { kind: 'success', words: `已${alertFlow.moves[move].button}` } }
  }
}

/** 已报告: with what tells the report again. */
async function report(turn: Turn, press: Press): Promise<Answer> {
  const { alert, state } = await moving(turn, press, 'report')
  const said = wordIn(press.form, 'report', LIMITS.report)
  if (!said) throw new Refusal('请填写报告编号、受理部门等报告情况')
  const after = { ...alert, state, remindAt: undefined, reportedBy: turn.who.id, reportedAt: turn.now, report: said }
  await settle(turn, alert, after, 'report')
  return { toast: { kind: 'success', words: '已登记' } }
}

async function show(turn: Turn, { value }: Press): Promise<Answer> {
  const alert = await getAlert(turn.db, wholeId(value.id, NO_ALERT))
  if (!maySee(await originOf(turn.db, alert), actorIn(turn), may)) throw new Refusal(NO_ALERT)
  return {
    say: { matter: { feature: FEATURE, id: String(alert.id) } },
    privately: true,
    toast: { kind: 'success', words: '已发送到私聊' },
  }
}

async function revoke(turn: Turn, { value }: Press): Promise<Answer> {
  const found = await releaseById(turn.db, wholeId(value.id, '未找到该放行记录'))
  const alert = found && (await getAlert(turn.db, found.alert))
  const keeps = sphereOf(actorIn(turn), 'E', may)
  if (!found || !alert || !isWithin(await originOf(turn.db, alert), keeps)) throw new Refusal('撤销放行仅限保密员')
  if (!(await withdrawRelease(turn.db, found.id, turn.who.id, turn.now))) throw new AlreadySo('该放行已撤销')
  turn.record({ feature: FEATURE, act: 'revoke', matter: String(alert.id), data: { release: found.id } })
  return { toast: { kind: 'success', words: '已撤销' }, fresh: { card: await releases(turn) } }
}

async function draw(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  if (viewer.kind !== 'person') return hiddenAlert()
  const alert = await getAlert(look.db, wholeId(matter, NO_ALERT))
  const actor = await actorOf(look, viewer.id)
  const origin = await originOf(look.db, alert)
  if (!maySee(origin, actor, may)) return hiddenAlert()
  const stopped = await stoppedIn(look.db, alert.id)
  const roles = handles(origin, actor, may) ? (['officer'] as const) : []
  return alertCard(alert, stopped, roles, await settingOf(look, [alert], stopped))
}

async function settingOf(
  { db, now }: Pick<Look, 'db' | 'now'>,
  alerts: readonly Alert[],
  stopped: readonly Stopped[] = [],
  others: readonly string[] = [],
): Promise<Setting> {
  const ids = alerts.flatMap(({ sender, decidedBy, reportedBy }) => [sender, decidedBy, reportedBy])
  const named = [...ids, ...others].filter((id): id is string => id !== undefined && id !== '')
  const [people, chats, units] = await Promise.all([
    peopleById(db, [...new Set(named)]),
    chatsById(db, [...new Set(stopped.map(({ chat }) => chat))]),
    departmentNames(db, [...new Set(alerts.map(({ unit }) => unit))]),
  ])
  const groups = chats.filter(({ kind }) => kind === 'group')
  return {
    now,
    names: new Map([...people, ...groups].map(({ id, name }) => [id, name || '(未命名)'])),
    units,
    rules: new Map(RULE_BOOK.map(({ id, name }) => [id, name])),
  }
}

async function todo(look: Look & Pick<Turn, 'who'>): Promise<Waiting> {
  const actor = await actorOf(look, look.who.id)
  const some = await alertsWaiting(look.db, await unitsOf(look.db, actor, 'E'), actor.id, MOST_WAITING)
  const setting = await settingOf(look, some)
  const items = some.map(alert => ({
    feature: FEATURE,
    matter: String(alert.id),
    urgency: reportBy(alert).getTime(),
    line: [alertLine(alert, setting)],
    buttons: [showButton(alert)],
  }))
  return { items, more: some.length >= MOST_WAITING }
}

const MOST_AT_ONCE = 50

/** A leak is to be reported within the day: 保密员 is reminded until it is. */
async function askForReports(beat: Heartbeat): Promise<'more' | undefined> {
  const read = (most: number) => unreported(beat.db, beat.now, most)
  const some = await beat.take('alert', MOST_AT_ONCE, read, ({ id }) => calledBy(id, '保密告警'))
  for (const alert of some) {
    await saveAlert(beat.db, alert, { ...alert, remindAt: remindNext(alert, beat.now) })
    const end = formatShort(reportBy(alert), beat.now)
    const text = `保密告警(${formatShort(alert.openedAt, beat.now)})已确认泄密,尚未登记报告。请于${end}前向同级保密行政管理部门和上级主管部门报告,并在告警卡片上登记“已报告”。`
    for (const person of await judgesOf(beat, alert)) beat.send({ to: { person }, body: { text }, urgent: true })
    beat.redraw(FEATURE, String(alert.id))
  }
  return some.length === MOST_AT_ONCE ? 'more' : undefined
}
