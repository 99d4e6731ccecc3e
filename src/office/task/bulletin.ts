import { actedWords, saidWith } from '../../kit/acted.ts'
import { defineFlow, openMoves, step } from '../../kit/flow.ts'
import { AlreadySo, Refusal } from '../../kit/refusal.ts'
import { addWorkdays, dayIn, endSaid, formatInstant, formatShort } from '../../kit/time.ts'
import { add, type Figures, isInHand, NO_FIGURES, type Period, totalOf, wasOverdue } from './ledger.ts'
import { numberText, type TaskNumber } from './number.ts'
import { selvesOf } from './roles.ts'
import { type Actor, type Counted, type Setting, unitOf } from './task.ts'
import { closing } from './worktime.ts'

/** The life of a 督办通报 (domain.md 2.9): published only after approval. */
export const bulletinFlow = defineFlow({
  states: { draft: '拟稿', submitted: '待审批', returned: '退回', issued: '已印发', cancelled: '已取消' },
  roles: { drafter: '拟稿人或督办员', approver: '办公室主任或分管领导(非本人拟稿)' },
  start: 'draft',
  moves: {
    submit: { from: ['draft', 'returned'], to: 'submitted', by: 'drafter', button: '送审' },
    edit: { from: ['draft', 'returned'], by: 'drafter', button: '修改' },
    cancel: { from: ['draft', 'returned'], to: 'cancelled', by: 'drafter', button: '取消' },
    approve: { from: ['submitted'], to: 'issued', by: 'approver', button: '同意印发', asks: 'note' },
    revise: { from: ['submitted'], to: 'returned', by: 'approver', button: '退回修改', asks: 'reason' },
  },
})

export type BulletinState = keyof typeof bulletinFlow.states
export type BulletinRole = keyof typeof bulletinFlow.roles
export type BulletinMove = keyof typeof bulletinFlow.moves

/** What is written in it, and may be edited until it is sent for approval. */
export interface Wording {
  title: string
  /** 落款 and 发文机关标志. */
  issuer: string
  overall: string
  good: string
  lagging: string
  problems: string
  demands: string
  /** The group it is sent to; '' = none. */
  chat: string
}

export interface Bulletin extends Wording {
  id: number
  rev: number
  state: BulletinState
  /** Whose office issues it; '' = the house. */
  unit: string
  maker: string
  /** In whose place a deputy composed it (ORG-03). */
  makerFor: string | undefined
  createdAt: Date
  /** `2026年11月`. */
  period: string
  until: Date
  /** By unit, as they were when it was composed. */
  figures: UnitFigures[]
  /** Given when it is issued. */
  number: TaskNumber | undefined
  issuedAt: Date | undefined
  lastMove: BulletinMove | ''
  word: string
  movedBy: string
  movedAt: Date
  /** In whose place a deputy made the last move. */
  movedFor: string | undefined
}

export interface UnitFigures {
  unit: string
  figures: Figures
}

/** 代字 of its number. */
export const BULLETIN_WORD = '督通报'

export const BULLETIN_LIMITS = { title: 60, issuer: 40, part: 1_000, word: 500 } as const

export const bulletinName = ({ number, period }: Pick<Bulletin, 'number' | 'period'>): string =>
  number ? numberText(number) : `${period}督办通报(未编号)`

/** Counts by unit, the units in a fixed order, and never by person. */
export function figuresByUnit(tasks: Counted[], period: Period, setting: Setting): UnitFigures[] {
  const units = [...new Set(tasks.map(task => task.leadUnit))]
  return units
    .map(unit => ({
      unit: unitOf(unit, setting.units),
      figures: totalOf(
        tasks.filter(task => task.leadUnit === unit),
        period,
        setting,
      ),
    }))
    .sort((a, b) => a.unit.localeCompare(b.unit, 'zh'))
}

const MOST_NAMED = 30
const AGAIN_WORKDAYS = 3

/** What the figures say, as a first draft. */
export function composed(
  tasks: Counted[],
  of: { title: string; period: Period },
  issuer: string,
  setting: Setting,
): Wording & Pick<Bulletin, 'figures'> {
  const figures = figuresByUnit(tasks, of.period, setting)
  const total = totalOf(tasks, of.period, setting)
  const late = tasks.filter(task => wasOverdue(task, of.period.until))
  return {
    title: `关于${of.title}督办事项办理情况的通报`,
    issuer,
    overall: overallOf(total, of.period.until),
    good: goodOf(figures),
    lagging: laggingOf(late, setting),
    problems: problemsOf(tasks, of.period, late.length),
    demands: demandsOf(late.length, setting),
    chat: '',
    figures,
  }
}

/** Beside it stand the counts. */
export const share = (part: number, of: number): string => (of === 0 ? '—' : `${((100 * part) / of).toFixed(1)}%`)

function overallOf(f: Figures, until: Date): string {
  const underway = f.all - f.closed - f.suspended - f.lateOpen
  const of = f.all - f.suspended
  const paused = f.suspended ? `,暂缓${f.suspended}件` : ''
  return `截至${formatInstant(endSaid(until))},本期应办${f.all}件:已办结${f.closed}件(${share(f.closed, of)}),正在办理${underway}件(${share(underway, of)})${paused},逾期未办结${f.lateOpen}件(${share(f.lateOpen, of)});到期${f.due}件,按时办结${f.closedInTime}件(${share(f.closedInTime, f.due)})。`
}

function goodOf(figures: UnitFigures[]): string {
  const good = figures.filter(({ figures: f }) => f.due > 0 && f.closedInTime === f.due && f.lateOpen === 0)
  if (!good.length) return '本期没有到期事项全部按时办结的单位。'
  return `${good.map(({ unit, figures: f }) => `${unit}(到期${f.due}件)`).join('、')}到期事项全部按时办结。`
}

function laggingOf(late: Counted[], { units }: Setting): string {
  if (!late.length) return '本期没有逾期未办结事项。'
  const named = late
    .slice(0, MOST_NAMED)
    .map(task => `${task.number ? numberText(task.number) : '未编号'}(${unitOf(task.leadUnit, units)})`)
  return `${named.join('、')}${late.length > MOST_NAMED ? `等${late.length}件` : ''}。`
}

function problemsOf(tasks: Counted[], period: Period, late: number): string {
  const { from, until } = period
  const redone = tasks.filter(task => task.redos > 0 && isInHand(task, period)).length
  const unsigned = tasks.filter(
    // whoever gave it back has answered, and it waits for others
    ({ state, assignedAt, signDueAt, signedAt }) =>
      state !== 'returned' &&
      assignedAt &&
      assignedAt >= from &&
      signDueAt &&
      signDueAt < until &&
      !(signedAt && signedAt <= signDueAt),
  ).length
  const some = [
    late ? `逾期未办结${late}件` : '',
    redone ? `办结材料经退回重办${redone}件` : '',
    unsigned ? `未在签收时限内签收${unsigned}件` : '',
  ].filter(one => one !== '')
  return some.length ? `${some.join(',')}。` : '本期办理情况总体正常。'
}

function demandsOf(late: number, { now, work }: Setting): string {
  const until = closing(addWorkdays(dayIn(now), AGAIN_WORKDAYS, work.calendar), work)
  return late
    ? `请相关单位于${formatInstant(until)}前办结或书面说明情况。`
    : '请各单位继续按照时限要求抓好办理,及时反馈进展。'
}

/** @throws Refusal naming what is missing or too long. */
export function checkWording(wording: Wording): Wording {
  const { title, issuer, overall, good, lagging, problems, demands } = wording
  if (!title) throw new Refusal('请填写通报标题')
  if (!overall) throw new Refusal('请填写总体情况')
  if (title.length > BULLETIN_LIMITS.title) throw new Refusal(`标题请控制在${BULLETIN_LIMITS.title}字以内`)
  if (issuer.length > BULLETIN_LIMITS.issuer) throw new Refusal(`发文单位请控制在${BULLETIN_LIMITS.issuer}字以内`)
  if ([overall, good, lagging, problems, demands].some(part => part.length > BULLETIN_LIMITS.part))
    throw new Refusal(`每一部分请控制在${BULLETIN_LIMITS.part}字以内`)
  return wording
}

/** Roles that count only where the bulletin is issued. */
const OFFICE = ['LD', 'FG', 'BZ', 'DB']

const codesIn = ({ unit }: Pick<Bulletin, 'unit'>, { held }: Pick<Actor, 'held'>): string[] =>
  held.filter(one => !OFFICE.includes(one.code) || one.unit === undefined || one.unit === unit).map(one => one.code)

/**
 * 生成: for which office somebody may compose one (C of the matrix), by themselves or in whose place (ORG-03); undefined = for
 * nobody's.
 */
export function draftsFor(
  actor: Actor,
  may: Setting['may'],
): { unit: string; inPlaceOf: string | undefined } | undefined {
  for (const self of selvesOf(OPEN_TO_ALL, actor)) {
    const unit = officeDrafting(self, may)
    if (unit !== undefined) return { unit, inPlaceOf: self === actor ? undefined : self.id }
  }
  return undefined
}

function officeDrafting({ held }: Pick<Actor, 'held'>, may: Setting['may']): string | undefined {
  const all = held.map(({ code }) => code)
  if (!may(all, 'C', 'task.bulletin')) return undefined
  const drafting = held.filter(({ code }) => may([code], 'C', 'task.bulletin'))
  return drafting.some(({ unit }) => unit === undefined) ? '' : drafting[0]?.unit
}

type Standing = Pick<Bulletin, 'unit' | 'maker' | 'makerFor' | 'state' | 'movedBy' | 'movedFor'>

export const bulletinRoles = (bulletin: Standing, actor: Actor, may: Setting['may']): BulletinRole[] =>
  (['drafter', 'approver'] as const).filter(role => asWhom(bulletin, role, actor, may) !== undefined)

/** As whom somebody has a role: themselves, or one of those in whose place they stand (ORG-03); undefined = not at all. */
export function asWhom(bulletin: Standing, role: BulletinRole, actor: Actor, may: Setting['may']): string | undefined {
  const right = role === 'approver' ? 'A' : 'C'
  // PERM-01: nobody approves what one has written or sent for approval, nor has it approved in one's place
  const barred = role === 'approver' ? writersOf(bulletin) : []
  if (barred.includes(actor.id)) return undefined
  return selvesOf(OPEN_TO_ALL, actor).find(
    self => !barred.includes(self.id) && may(codesIn(bulletin, self), right, 'task.bulletin'),
  )?.id
}

const writersOf = ({ maker, makerFor, state, movedBy, movedFor }: Standing): Array<string | undefined> => [
  maker,
  makerFor,
  ...(state === 'submitted' ? [movedBy, movedFor] : []),
]

/** A bulletin has no 知悉范围. */
const OPEN_TO_ALL = { scope: [] }

/** Until it is issued only those see it who write or approve it; afterwards whoever may view it by role. */
export function maySeeBulletin(bulletin: Bulletin, actor: Actor, may: Setting['may']): boolean {
  const isMaker = actor.id === bulletin.maker || actor.id === bulletin.makerFor
  if (isMaker || bulletinRoles(bulletin, actor, may).length) return true
  const views = selvesOf(OPEN_TO_ALL, actor).some(self => may(codesIn(bulletin, self), 'V', 'task.bulletin'))
  return bulletin.state === 'issued' && views
}

export const bulletinMovesOpen = (bulletin: Bulletin, actor: Actor, may: Setting['may']): BulletinMove[] =>
  openMoves(bulletinFlow, bulletin.state, bulletinRoles(bulletin, actor, may))

export interface BulletinPress {
  move: BulletinMove
  by: Actor
  seenRev: number | undefined
  word: string
}

/** @throws Refusal when it is not for the presser, not possible (any more), or decided on an outdated card. */
export function bulletinMoved(
  bulletin: Bulletin,
  { move, by, seenRev, word }: BulletinPress,
  { now, names, may }: Pick<Setting, 'now' | 'names' | 'may'>,
): Bulletin {
  const { from, by: role, asks, button } = bulletinFlow.moves[move]
  const roles = bulletinRoles(bulletin, by, may)
  if (!roles.includes(role)) throw new Refusal(`此按钮仅限${bulletinFlow.roles[role]}使用`)
  if (!from.includes(bulletin.state)) throw new AlreadySo(lastBulletinAct(bulletin, { now, names }))
  if (seenRev !== undefined && seenRev < bulletin.rev) throw new Refusal('卡片已过期,请以最新卡片为准')
  const principal = asWhom(bulletin, role, by, may)
  const said = word.trim()
  if (asks === 'reason' && !said) throw new Refusal(`请填写${button}的理由`)
  if (said.length > BULLETIN_LIMITS.word) throw new Refusal(`说明请控制在${BULLETIN_LIMITS.word}字以内`)
  return {
    ...bulletin,
    rev: bulletin.rev + 1,
    state: step(bulletinFlow, bulletin.state, move, roles),
    lastMove: move,
    word: said,
    movedBy: by.id,
    movedAt: now,
    movedFor: principal === by.id ? undefined : principal,
    ...(move === 'approve' ? { issuedAt: now } : {}),
  }
}

/** `李静 已同意印发 · 11月26日(周四)10:32`; of a deputy `李静 代 张明 同意印发`. */
export function lastBulletinAct(bulletin: Bulletin, { now, names }: Pick<Setting, 'now' | 'names'>): string {
  const { lastMove, movedBy, movedFor, movedAt, maker, makerFor, createdAt, word } = bulletin
  if (!lastMove) return `${actedWords('已拟稿', maker, makerFor, names)} · ${formatShort(createdAt, now)}`
  const { button, asks } = bulletinFlow.moves[lastMove]
  const said = saidWith(button, word, asks === 'reason')
  return `${actedWords(`已${button}`, movedBy, movedFor, names)} · ${formatShort(movedAt, now)}${said}`
}

export const sumOf = (figures: UnitFigures[]): Figures =>
  figures.reduce((sum, one) => add(sum, one.figures), NO_FIGURES)
