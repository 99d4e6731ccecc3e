import { actedWords, nameOf, saidWith } from '../../kit/acted.ts'
import { defineFlow, openMoves, step } from '../../kit/flow.ts'
import { isApart } from '../../kit/person.ts'
import { AlreadySo, Refusal } from '../../kit/refusal.ts'
import { formatInstant, formatShort } from '../../kit/time.ts'
import type { Decision } from './decision.ts'
import { type Actor, type Meeting, type Setting, unitOf } from './meeting.ts'
import { inPlaceOf, isOrganisedBy, selvesOf } from './roles.ts'

/** The life of 会议纪要 (MT-06): used only after it was signed. */
export const minutesFlow = defineFlow({
  states: { draft: '拟稿', submitted: '待签发', issued: '已签发' },
  roles: { drafter: '会议承办人', signer: '主持人或办公室主任、分管领导、主要领导(非本人拟稿)' },
  start: 'draft',
  moves: {
    submit: { from: ['draft'], to: 'submitted', by: 'drafter', button: '送审' },
    edit: { from: ['draft'], by: 'drafter', button: '修改' },
    approve: { from: ['submitted'], to: 'issued', by: 'signer', button: '签发', asks: 'note' },
    revise: { from: ['submitted'], to: 'draft', by: 'signer', button: '退回修改', asks: 'reason' },
  },
})
export type MinutesState = keyof typeof minutesFlow.states
export type MinutesMove = keyof typeof minutesFlow.moves
type MinutesRole = keyof typeof minutesFlow.roles

/** The minutes of one meeting; what it settled stands in its decisions, and here as it was when they were signed. */
export interface Minutes {
  meeting: number
  rev: number
  state: MinutesState
  title: string
  issuer: string
  /** 会议概况: what was done, never who said what. */
  overview: string
  /** 议定事项 as signed; '' until then. */
  matters: string
  remark: string
  maker: string
  signedAt: Date | undefined
  lastMove: MinutesMove | ''
  word: string
  movedBy: string
  movedAt: Date
  movedFor: string | undefined
}

export const MINUTES_LIMITS = { title: 60, issuer: 40, part: 1_000, word: 500 } as const

/** How many were asked, came, and were excused. */
export interface Attendance {
  asked: number
  present: number
  excused: number
}

/** A first draft of what is known: the notice, who came in numbers, and what was settled. */
export function minutesDrafted(
  meeting: Meeting,
  { asked, present, excused }: Attendance,
  { now, names, units }: Pick<Setting, 'now' | 'names' | 'units'>,
  by: string,
): Minutes {
  const { title, startsAt, place, presider, agenda, unit } = meeting
  const host = presider ? `${nameOf(presider, names)}主持会议。` : ''
  const counts = [`应到${asked}人`, present ? `实到${present}人` : '', excused ? `请假${excused}人` : '']
  const came = asked ? `${counts.filter(one => one !== '').join(',')}。` : ''
  const topics = agenda.length ? `会议议题:${agenda.map(({ topic }) => topic).join(';')}。` : ''
  return {
    ...{ meeting: meeting.id, rev: 1, state: 'draft', title: `${title}纪要`.slice(0, MINUTES_LIMITS.title) },
    issuer: unit ? unitOf(unit, units) : '',
    overview: `${formatInstant(startsAt)},在${place}召开${title}。${host}${came}${topics}`.slice(
      0,
      MINUTES_LIMITS.part,
    ),
    ...{ matters: '', remark: '', maker: by, signedAt: undefined, lastMove: '', word: '' },
    ...{ movedBy: by, movedAt: now, movedFor: undefined },
  }
}

/** 议定事项 as they are printed, one a line; where it is not said in what was settled, until when. */
export const mattersText = (decisions: readonly Decision[]): string =>
  decisions
    .map(
      ({ says }, i) =>
        `${i + 1}. ${says.replace(/^\s*(?:\d{1,3}[.、]|[(\uff08]?[一二三四五六七八九十]+[、)\uff09])\s*/, '')}`,
    )
    .join('\n')

/** @throws Refusal naming what is missing or too long. */
export function checkMinutes(words: Pick<Minutes, 'title' | 'issuer' | 'overview' | 'remark'>): typeof words {
  const { title, issuer, overview, remark } = words
  if (!title) throw new Refusal('请填写纪要标题')
  if (!issuer) throw new Refusal('请填写印发单位')
  if (!overview) throw new Refusal('请填写会议概况')
  if (title.length > MINUTES_LIMITS.title) throw new Refusal(`标题请控制在${MINUTES_LIMITS.title}字以内`)
  if (issuer.length > MINUTES_LIMITS.issuer) throw new Refusal(`印发单位请控制在${MINUTES_LIMITS.issuer}字以内`)
  if (overview.length > MINUTES_LIMITS.part || remark.length > MINUTES_LIMITS.part)
    throw new Refusal(`每一部分请控制在${MINUTES_LIMITS.part}字以内`)
  return words
}

/** As whom somebody has a role; undefined = not at all. Nobody signs what one has written or sent for signing (PERM-01). */
function asWhom(
  { maker, state, movedBy, movedFor }: Minutes,
  meeting: Meeting,
  role: MinutesRole,
  actor: Actor,
  setting: Setting,
): string | undefined {
  if (role === 'drafter')
    return isOrganisedBy(meeting, actor, setting)
      ? (inPlaceOf(meeting, 'organiser', actor, setting) ?? actor.id)
      : undefined
  const barred = [maker, ...(state === 'submitted' ? [movedBy, movedFor] : [])]
  if (isApart(actor) || barred.includes(actor.id)) return undefined
  return selvesOf(actor).find(
    self =>
      !barred.includes(self.id) &&
      (self.id === meeting.presider ||
        self.held.some(
          ({ code, unit }) =>
            (unit === undefined || unit === meeting.unit) && setting.may([code], 'A', 'meeting.minutes'),
        )),
  )?.id
}

const rolesIn = (minutes: Minutes, meeting: Meeting, actor: Actor, setting: Setting): MinutesRole[] =>
  (['drafter', 'signer'] as const).filter(role => asWhom(minutes, meeting, role, actor, setting) !== undefined)

export const minutesMovesOpen = (minutes: Minutes, meeting: Meeting, actor: Actor, setting: Setting): MinutesMove[] =>
  openMoves(minutesFlow, minutes.state, rolesIn(minutes, meeting, actor, setting))

export interface MinutesPress {
  move: MinutesMove
  by: Actor
  seenRev: number | undefined
  word: string
}

/** @throws Refusal when it is not for the presser, not possible (any more), or decided on an outdated card. */
export function minutesMoved(
  minutes: Minutes,
  meeting: Meeting,
  { move, by, seenRev, word }: MinutesPress,
  setting: Setting,
): Minutes {
  const { from, by: role, asks, button } = minutesFlow.moves[move]
  const roles = rolesIn(minutes, meeting, by, setting)
  if (!roles.includes(role)) throw new Refusal(`此按钮仅限${minutesFlow.roles[role]}使用`)
  if (!from.includes(minutes.state)) throw new AlreadySo(lastMinutesAct(minutes, setting))
  if (seenRev !== undefined && seenRev < minutes.rev) throw new Refusal('卡片已过期,请以最新卡片为准')
  const said = word.trim()
  if (asks === 'reason' && !said) throw new Refusal(`请填写${button}的理由`)
  if (said.length > MINUTES_LIMITS.word) throw new Refusal(`说明请控制在${MINUTES_LIMITS.word}字以内`)
  const principal = asWhom(minutes, meeting, role, by, setting)
  return {
    ...minutes,
    rev: minutes.rev + 1,
    state: step(minutesFlow, minutes.state, move, roles),
    ...{ lastMove: move, word: said, movedBy: by.id, movedAt: setting.now },
    movedFor: principal === by.id ? undefined : principal,
    ...(move === 'approve' ? { signedAt: setting.now } : {}),
  }
}

/** `张明 已签发 · 11月26日(周四)10:32`. */
export function lastMinutesAct(minutes: Minutes, { now, names }: Pick<Setting, 'now' | 'names'>): string {
  const { lastMove, movedBy, movedFor, movedAt, maker, word } = minutes
  if (!lastMove) return `${actedWords('已拟稿', maker, undefined, names)} · ${formatShort(movedAt, now)}`
  const { button, asks } = minutesFlow.moves[lastMove]
  const said = saidWith(button, word, asks === 'reason')
  return `${actedWords(`已${button}`, movedBy, movedFor, names)} · ${formatShort(movedAt, now)}${said}`
}
