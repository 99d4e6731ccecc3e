import { describe, expect, it } from 'vitest'
import { features } from '../handlers/index.ts'
import { validateCard } from '../simulator/card/validate.ts'
import { fits, printCard } from '../src/feishu/card.ts'
import { type Card, card, pressables } from '../src/kit/card.ts'
import { officialCalendar } from '../src/kit/time.ts'
import { DECISION_LIMITS, type Decision } from '../src/office/meeting/decision.ts'
import {
  type DecisionView,
  decisionForm,
  decisionsCard,
  dueCard,
  noteForm,
  progressBlocks,
  type Standing,
} from '../src/office/meeting/decision-cards.ts'
import type { Meeting, Setting } from '../src/office/meeting/meeting.ts'
import { type Minutes, type MinutesState, minutesFlow } from '../src/office/meeting/minutes.ts'
import { minutesBlocks, minutesCard, minutesForm } from '../src/office/meeting/minutes-cards.ts'
import { type Series, type SeriesState, seriesFlow } from '../src/office/meeting/series.ts'
import { seriesCard, seriesListCard } from '../src/office/meeting/series-cards.ts'
import { type HeldMeeting, meetingStats } from '../src/office/meeting/stats.ts'
import { CLASSES, KINDS, type Kind, type MeetingClass } from '../src/office/meeting/terms.ts'
import { may } from '../src/office/role/role.ts'
import { aHeldMeeting } from './harness/held.ts'

/** Law 6: every button leads to a registered action, and Feishu accepts every card as printed, also the fullest. */

const NOW = new Date('2026-11-24T09:00:00+08:00')
const heavy = (length: number): string => '<at id=all></at>**[链](http://a.b)**\n字'.repeat(120).slice(0, length)
const people = Array.from({ length: 40 }, (_, i) => `ou_${i.toString(16).padStart(32, '0')}`)
const units = Array.from({ length: 60 }, (_, i) => `od_${i}`)
const setting: Setting = {
  now: NOW,
  customs: { calendar: officialCalendar, calendarId: '', hours: '08:30-12:00,14:30-17:30', seasons: [] },
  names: new Map(people.map(id => [id, '欧阳明明'])),
  units: new Map(units.map((id, i) => [id, `综合治理督导科${i}`])),
  heads: new Map(units.map((id, i) => [id, people[i % 40] ?? ''])),
  serving: new Map(),
  may,
}
const meeting = { ...aHeldMeeting(people[0] ?? '', { title: heavy(60), place: heavy(60) }), id: 12 } as Meeting

const aDecision = (id: number, some: Partial<Decision> = {}): Decision => ({
  ...{
    id,
    rev: 3,
    meeting: 12,
    says: heavy(1_000),
    title: heavy(200),
    lead: people[1] ?? '',
    leadUnit: units[1] ?? '',
  },
  assistants: people.slice(0, 20).map((person, i) => ({ id: i % 2 ? person : '', unit: units[i] ?? '' })),
  ...{ dueAt: new Date('2026-12-10T17:30:00+08:00'), dueSaid: '', dueSaidAt: undefined, doubts: [heavy(300)] },
  ...{ madeBy: people[0] ?? '', madeAt: NOW, askedAt: NOW, proposedBy: people[2], task: undefined },
  ...{ handedBy: undefined, handedAt: undefined },
  ...some,
})
const all = Array.from({ length: DECISION_LIMITS.each }, (_, i) => {
  if (i % 3 === 0) return aDecision(i + 1, { task: i + 1, handedBy: people[0], handedAt: NOW })
  return aDecision(i + 1, i % 3 === 1 ? { dueAt: undefined, lead: '', proposedBy: undefined } : {})
})
const standings = new Map<number, Standing>(
  all.map(({ id }) => [
    id,
    { task: id, number: '督〔2026〕999999号', state: '延期待批', isLate: id % 2 === 0, isClosed: false },
  ]),
)
const view = (page: number, decisions = all, rights = { edit: true, hand: true }): DecisionView => ({
  ...{ meeting, decisions, standings, page, rights },
})

const aSeries = (state: SeriesState): Series => ({
  ...{ id: 4, rev: 2, state, maker: people[0] ?? '', unit: '', said: heavy(300), saidAt: NOW, calendarId: '' },
  ...{ aheadDays: 5, first: 12, lastAt: NOW, nextAt: NOW, dueAt: NOW, movedBy: people[0] ?? '', movedAt: NOW },
})
const minutes = (state: MinutesState): Minutes => ({
  ...{ meeting: 12, rev: 2, state, title: heavy(60), issuer: heavy(40), overview: heavy(1_000), matters: heavy(3_000) },
  ...{ remark: heavy(1_000), maker: people[0] ?? '', signedAt: undefined, lastMove: 'revise', word: heavy(500) },
  ...{ movedBy: people[1] ?? '', movedAt: NOW, movedFor: people[2] },
})
const held: HeldMeeting[] = units.flatMap(unit =>
  (Object.keys(KINDS) as Kind[]).flatMap(kind =>
    ([...Object.keys(CLASSES), ''] as Array<MeetingClass | ''>).map(name => ({
      ...{ unit, kind, class: name, startsAt: NOW, endsAt: new Date(NOW.getTime() + 5_400_000), heads: 1_234 },
    })),
  ),
)
const compared = { title: '2026年', until: NOW, now: held, lastYear: held.slice(0, 500) }

const cards: Array<readonly [string, Card]> = [
  ...[1, 4, 7].map(page => [`议定事项 ${page}`, decisionsCard(view(page), setting)] as const),
  ['议定事项 只看', decisionsCard(view(1, all, { edit: false, hand: false }), setting)],
  ['没有议定事项', decisionsCard(view(1, []), setting)],
  ['录入', noteForm(meeting, NOW)],
  [
    '修改议定事项',
    decisionForm(aDecision(1), {
      units: units.map((value, i) => ({ value, label: `综合治理督导科${i}` })),
      helpers: heavy(200),
      leadName: '欧阳明明',
    }),
  ],
  ['提出时限', dueCard(aDecision(1, { dueAt: undefined }), meeting, setting, true)],
  ['时限已定', dueCard(aDecision(1), meeting, setting, true)],
  ['会议卡片上的进展', card('会议', 'blue', ...progressBlocks(meeting, view(1), true))],
  ...(Object.keys(minutesFlow.states) as MinutesState[]).map(
    state =>
      [
        `纪要 ${state}`,
        minutesCard(
          {
            minutes: minutes(state),
            meeting,
            matters: heavy(9_000),
            moves: ['submit', 'edit', 'approve', 'revise'],
            heads: 200,
          },
          setting,
        ),
      ] as const,
  ),
  ['纪要表单', minutesForm(minutes('draft'))],
  ['会议卡片上的纪要', card('会议', 'blue', ...minutesBlocks(meeting, undefined, true))],
  ...(Object.keys(seriesFlow.states) as SeriesState[]).map(
    state =>
      [
        `定期 ${state}`,
        seriesCard({ series: aSeries(state), first: meeting, coming: Array(15).fill(meeting), mayMove: true }, setting),
      ] as const,
  ),
  ['定期列表', seriesListCard(Array(15).fill({ series: aSeries('active'), first: meeting }), setting)],
  ['没有定期', seriesListCard([], setting)],
  ['统计', meetingStats(compared, setting)],
  ['没有会议', meetingStats({ ...compared, now: [], lastYear: [] }, setting)],
]

describe.each(cards)('会后卡片 %s', (_name, drawn) => {
  it('每个按钮都有去处', () => {
    for (const { action } of pressables(drawn)) {
      const [feature = '', act = ''] = action.split('.')
      expect(Object.keys(features.find(({ name }) => name === feature)?.actions ?? {}), action).toContain(act)
    }
  })

  it('飞书接受,不删减', () => {
    const printed = printCard(drawn)
    expect(fits(printed)).toBe(true)
    expect(() => validateCard(printed, { person: () => false, image: () => false, audio: () => false })).not.toThrow()
    for (const content of marked(printed)) expect(content).not.toMatch(/<at|\]\(http|\*\*\[/)
    const shown = JSON.stringify(printed)
    for (const { label } of pressables(drawn)) expect(shown).toContain(label)
  })
})

/** Every text that is read as markup. */
const marked = (part: unknown): string[] => {
  if (typeof part !== 'object' || part === null) return []
  const { tag, content } = part as { tag?: unknown; content?: unknown }
  const own = tag === 'markdown' || tag === 'lark_md' ? [String(content)] : []
  return [...own, ...Object.values(part).flatMap(marked)]
}
