import { describe, expect, it } from 'vitest'
import { features } from '../handlers/index.ts'
import { validateCard } from '../simulator/card/validate.ts'
import { fits, printCard } from '../src/feishu/card.ts'
import { type Card, pressables } from '../src/kit/card.ts'
import { hiddenCard, meetingCard } from '../src/office/meeting/cards.ts'
import { cancelForm } from '../src/office/meeting/controls.ts'
import { type MeetingState, meetingFlow } from '../src/office/meeting/flow.ts'
import { meetingForm, prefillOf } from '../src/office/meeting/form.ts'
import { listCard } from '../src/office/meeting/lists.ts'
import { LIMITS, type Meeting } from '../src/office/meeting/meeting.ts'
import { reminderCard } from '../src/office/meeting/reminder-card.ts'
import { aMeeting, at, CAST, settingAt, stepBy } from './harness/meeting.ts'

/** Law 6: every button leads to a registered action, and Feishu accepts every card as printed. */

const heavy = (length: number): string => '<at id=all></at>**[链](http://a.b)**\n字'.repeat(40).slice(0, length)
const ids = (prefix: string, length: number) =>
  Array.from({ length }, (_, i) => `${prefix}${i.toString(16).padStart(32, '0')}`)
const people = ids('ou_', LIMITS.people)
const units = ids('od-', LIMITS.units)
const chats = ids('oc_', LIMITS.chats)
const setting = {
  ...settingAt(),
  names: new Map([
    ...settingAt().names,
    ...people.map(id => [id, '欧阳明明'] as const),
    ...chats.map(id => [id, heavy(60)] as const),
  ]),
  units: new Map(units.map(id => [id, heavy(40)])),
}

const decided = (by: 'KZ' | 'BZ' | 'FG' | 'LD') => {
  const step = stepBy(by, by)
  return {
    ...step,
    why: [heavy(200)],
    people: people.slice(0, 5),
    decision: step.decision && { ...step.decision, word: heavy(500) },
  }
}

/** Everything as long as it may be. */
function aHeavyMeeting(state: MeetingState): Meeting {
  const words = heavy(LIMITS.words)
  const meeting = aMeeting(state, {
    number: { year: 2026, seq: 999_999 },
    ...{ title: heavy(LIMITS.title), place: heavy(LIMITS.place), phone: heavy(LIMITS.phone) },
    ...{ branches: words, level: words, materials: words, dress: words, parking: words, discipline: words },
    ...{ remark: words, urgent: true, checkInAt: at('2026-11-27T14:00'), class: 'second' },
    guests: {
      people,
      listeners: people,
      departments: units.slice(0, LIMITS.departments),
      chats,
      units: units.map(unit => ({ unit, places: LIMITS.places })),
    },
    agenda: Array.from({ length: LIMITS.agenda }, () => ({
      topic: heavy(LIMITS.topic),
      reporter: heavy(LIMITS.topic),
      minutes: 120,
    })),
    was: { startsAt: at('2026-11-26T14:30'), endsAt: at('2026-11-26T16:00'), place: heavy(LIMITS.place) },
    steps: [decided('KZ'), decided('BZ'), { ...stepBy('FG'), people: people.slice(0, 5), why: [words, words] }],
    findings: (['F', 'A', 'W'] as const).flatMap(severity =>
      Array.from({ length: 5 }, () => ({
        rule: 'MT-20',
        severity,
        words: heavy(80),
        basis: heavy(60),
        adds: undefined,
      })),
    ),
    lastMove: state === 'draft' ? '' : 'change',
    word: heavy(LIMITS.word),
    movedFor: 'BZ',
  })
  return state === 'submitted' ? { ...meeting, change: { ...meeting, title: heavy(59), place: heavy(59) } } : meeting
}

const deputy = { ...CAST.GB, standsFor: [{ ...CAST.BZ, name: 'BZ' }] }
const viewers = [undefined, CAST.BZ, CAST.MK, CAST.GB, deputy]
const beside = { history: Array.from({ length: 30 }, () => heavy(500)), more: [], heads: 3_000 }
const options = Array.from({ length: 40 }, (_, i) => ({
  value: people[i] ?? '',
  label: `人员${i}(${'部门'.repeat(10)})`,
}))
const offer = {
  people: options.slice(0, 24),
  hosts: options.slice(0, 6),
  departments: options.slice(0, 14),
  rooms: options.slice(0, 12),
}
const typed = { names: heavy(600), units: heavy(800), listeners: heavy(400) }
/** Each field as full as it may be. */
const fullest = {
  ...prefillOf(aHeavyMeeting('draft'), typed),
  ...{ people: people.slice(0, 24), departments: units.slice(0, 14) },
  ...{ agenda: heavy(LIMITS.typed), details: heavy(LIMITS.typed) },
}
const states = Object.keys(meetingFlow.states) as MeetingState[]

const cards: Array<readonly [string, Card]> = [
  ...states.flatMap(state =>
    viewers.flatMap((viewer, i) =>
      [aMeeting(state), aHeavyMeeting(state)].map(
        (meeting, j) =>
          [`${state} ${viewer?.id ?? '群'} ${i} ${j}`, meetingCard(meeting, viewer, beside, setting)] as const,
      ),
    ),
  ),
  ['不可见', hiddenCard()],
  ['表单', meetingForm(fullest, offer, { says: heavy(200), meeting: aMeeting('draft') })],
  [
    '变更表单',
    meetingForm(prefillOf(aMeeting('notified'), typed), offer, { says: undefined, meeting: aMeeting('notified') }),
  ],
  [
    '没有可选的',
    meetingForm(
      prefillOf(aMeeting(), { names: '', units: '', listeners: '' }),
      { people: [], hosts: options.slice(0, 1), departments: [], rooms: [] },
      { says: undefined },
    ),
  ],
  ['取消', cancelForm(aHeavyMeeting('notified'), 3_000, setting)],
  [
    '列表',
    listCard(
      Array.from({ length: 10 }, () => aHeavyMeeting('notified')),
      { page: 2, total: 45, span: 'coming' },
      setting,
    ),
  ],
  ['没有会议', listCard([], { page: 1, total: 0, span: 'all' }, setting)],
  ['提醒设置', reminderCard({ dayBefore: '', minutesBefore: 0 })],
]

describe.each(cards)('会议卡片 %s', (_name, drawn) => {
  it('每个按钮都有去处', () => {
    const actions = features.find(({ name }) => name === 'meeting')?.actions ?? {}
    for (const { action } of pressables(drawn))
      expect(Object.keys(actions), action).toContain(action.replace(/^meeting\./, ''))
  })

  it('飞书接受', () => {
    const printed = printCard(drawn)
    expect(fits(printed), String(JSON.stringify(printed).length)).toBe(true)
    expect(() => validateCard(printed, { person: () => false, image: () => false, audio: () => false })).not.toThrow()
    for (const content of marked(printed)) expect(content).not.toMatch(/<at|\]\(http|\*\*\[/)
  })
})

/** Every text that is read as markup. */
const marked = (part: unknown): string[] => {
  if (typeof part !== 'object' || part === null) return []
  const { tag, content } = part as { tag?: unknown; content?: unknown }
  const own = tag === 'markdown' || tag === 'lark_md' ? [String(content)] : []
  return [...own, ...Object.values(part).flatMap(marked)]
}
