import { describe, expect, it } from 'vitest'
import { features } from '../handlers/index.ts'
import { validateCard } from '../simulator/card/validate.ts'
import { fits, printCard } from '../src/feishu/card.ts'
import { type Card, pressables } from '../src/kit/card.ts'
import { hiddenCard, tripCard } from '../src/office/car/cards.ts'
import { type TripState, tripFlow } from '../src/office/car/flow.ts'
import { prefillOf, tripForm, urgentForm } from '../src/office/car/form.ts'
import { mineCard } from '../src/office/car/lists.ts'
import { LIMITS, type Trip } from '../src/office/car/trip.ts'
import { aTrip, CAST, NOW, settingAt, stepBy, URGENT } from './harness/trip.ts'

/** Law 6: every button leads to a registered action, and Feishu accepts every card as printed. */

const heavy = (length: number): string => '<at id=all></at>**[链](http://a.b)**\n字'.repeat(40).slice(0, length)
const people = Array.from({ length: LIMITS.passengers }, (_, i) => `ou_${i.toString(16).padStart(32, '0')}`)
const setting = {
  ...settingAt(),
  names: new Map([...settingAt().names, ...people.map(id => [id, '欧阳明明'] as const)]),
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
const aHeavyTrip = (state: TripState): Trip =>
  aTrip(state, {
    number: { year: 2026, seq: 999_999 },
    origin: heavy(LIMITS.place),
    destination: heavy(LIMITS.place),
    via: heavy(LIMITS.place),
    reach: 'province',
    purpose: heavy(LIMITS.purpose),
    basis: heavy(LIMITS.basis),
    guests: heavy(LIMITS.guests),
    phone: heavy(LIMITS.phone),
    remark: heavy(LIMITS.remark),
    passengers: people,
    headcount: LIMITS.headcount,
    cars: LIMITS.cars,
    selfDrive: true,
    user: 'LD',
    urgent: URGENT,
    steps: [decided('KZ'), decided('BZ'), { ...stepBy('FG'), people, why: [heavy(200), heavy(200)] }, stepBy('LD')],
    findings: (['F', 'A', 'W'] as const).flatMap(severity =>
      Array.from({ length: 5 }, () => ({
        rule: 'CAR-01',
        severity,
        words: heavy(80),
        basis: heavy(60),
        adds: undefined,
      })),
    ),
    lastMove: state === 'draft' ? '' : 'edit',
    word: heavy(LIMITS.word),
    movedFor: 'BZ',
  })

const deputy = {
  ...CAST.GB,
  standsFor: [
    { ...CAST.KZ, name: 'KZ' },
    { ...CAST.CD, name: 'CD' },
  ],
}
const viewers = [undefined, ...Object.values(CAST), deputy]
const beside = { history: Array.from({ length: 30 }, () => heavy(500)), more: [] }
const options = Array.from({ length: 40 }, (_, i) => ({ value: `ou_${i}`, label: `人员${i}(${'部门'.repeat(20)})` }))
const offer = { people: options, users: options, places: Array.from({ length: 10 }, (_, i) => `${i}${heavy(50)}`) }
const states = Object.keys(tripFlow.states) as TripState[]

const cards: Array<readonly [string, Card]> = [
  ...states.flatMap(state =>
    viewers.flatMap((viewer, i) =>
      [aTrip(state), aHeavyTrip(state)].map(
        (trip, j) => [`${state} ${viewer?.id ?? '群'} ${i} ${j}`, tripCard(trip, viewer, beside, setting)] as const,
      ),
    ),
  ),
  ['不可见', hiddenCard()],
  ['表单', tripForm(prefillOf(aHeavyTrip('draft')), offer, { says: heavy(200), trip: aHeavyTrip('draft') })],
  ['批准后的表单', tripForm(prefillOf(aTrip('approved')), offer, { says: undefined, trip: aTrip('approved') })],
  [
    '没有可选的人',
    tripForm(
      prefillOf(aTrip()),
      { people: [], users: [], places: [] },
      { says: undefined, previous: 7, isUrgent: true },
    ),
  ],
  ['特别紧急', urgentForm(aTrip('draft'), heavy(200), options, NOW)],
  ['没有可选的领导', urgentForm(aTrip('draft'), '区法院', [], NOW)],
  [
    '我的',
    mineCard(
      Array.from({ length: 10 }, () => aHeavyTrip('approved')),
      2,
      45,
      setting,
    ),
  ],
  ['没有用车', mineCard([], 1, 0, setting)],
]

describe.each(cards)('用车卡片 %s', (_name, drawn) => {
  it('每个按钮都有去处', () => {
    const actions = features.find(({ name }) => name === 'car')?.actions ?? {}
    for (const { action } of pressables(drawn))
      expect(Object.keys(actions), action).toContain(action.replace(/^car\./, ''))
  })

  it('飞书接受', () => {
    const printed = printCard(drawn)
    expect(fits(printed)).toBe(true)
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
