import { describe, expect, it } from 'vitest'
import { features } from '../handlers/index.ts'
import { validateCard } from '../simulator/card/validate.ts'
import { fits, printCard } from '../src/feishu/card.ts'
import { type Card, pressables } from '../src/kit/card.ts'
import { accountsCard } from '../src/office/car/accounts-cards.ts'
import { BOARD_LINES, type BoardRun, readBoardView } from '../src/office/car/board.ts'
import { boardCard, freeCard } from '../src/office/car/board-cards.ts'
import { costCard, costsCard } from '../src/office/car/cost-cards.ts'
import { costForm } from '../src/office/car/cost-form.ts'
import { readLedgerView } from '../src/office/car/ledger.ts'
import { ledgerCard } from '../src/office/car/ledger-cards.ts'
import { type Publication, type PublicationState, publicationFlow } from '../src/office/car/publication.ts'
import {
  hiddenPublication,
  publicationCard,
  publicationForm,
  publicationsCard,
} from '../src/office/car/publication-cards.ts'
import type { Actor } from '../src/office/car/trip.ts'
import { may } from '../src/office/role/role.ts'
import { shanghai } from './harness/cars.ts'

/** Law 6 for what is kept about cars: every button leads to a registered action, and Feishu accepts every card at its fullest. */

const now = shanghai('2026-11-24T09:00')
const long = '甲<at id=all></at>'.repeat(40)
const many = <T>(count: number, one: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => one(i))
const plate = (i: number) => `江A${10_000 + i}`
const naming = { now, names: new Map([['a', long]]), units: new Map([['u', long]]) }
const option = (i: number) => ({ value: String(i), label: long })

const lines = many(BOARD_LINES, i => ({
  id: i,
  plate: plate(i),
  state: i % 3 ? ('available' as const) : ('repair' as const),
}))
const boardRuns: BoardRun[] = many(80, i => ({
  vehicle: i % BOARD_LINES,
  state: (['planned', 'out', 'back'] as const)[i % 3] as 'planned',
  startsAt: new Date(now.getTime() + (i - 40) * 3_600_000),
  endsAt: new Date(now.getTime() + (i - 36) * 3_600_000),
  departedAt: undefined,
  returnedAt: undefined,
  late: i % 2 === 0,
  trips: many(4, () => ({ destination: long, category: 'other' as const, ground: 'survey' as const })),
}))
const trip = (i: number) => ({
  ...{ id: i, number: { year: 2026, seq: i }, state: 'completed' as const, unit: 'u', applicant: 'a', user: 'a' },
  ...{ startsAt: now, endsAt: now, origin: long, destination: long, purpose: long, ground: 'survey' as const },
  ...{ category: 'other' as const, headcount: 3, passengers: [], remark: long },
  run: {
    ...{ id: i, plate: plate(i), driver: long, pilot: undefined, departedAt: now, returnedAt: now },
    ...{ odometerOut: 1, odometerIn: 100, parkedAt: long, trips: 2 },
  },
})
const account = (i: number) => ({
  ...{ vehicle: i, plate: plate(i), fuel: 'hybrid' as const, runs: 10, km: 1_000, litres: 90_000, kwh: 90_000 },
  cents: { fuel: 123_456_789, toll: 1, repair: 100_000_000 },
})
const cost = (i: number) => ({
  ...{ id: i, vehicle: 1, run: 1, kind: 'fuel' as const, on: '2026-11-24', cents: 123_456_789, amount: 5_000 },
  ...{
    odometer: 1_234_567,
    place: long.slice(0, 40),
    fuelCard: '1'.repeat(30),
    cash: true,
    remark: long.slice(0, 100),
  },
  ...{ by: 'a', at: now, struck: undefined, plate: plate(i), number: { year: 2026, seq: 1 } },
})
const finding = {
  rule: 'CAR-36',
  severity: 'W' as const,
  words: '油耗异常,请核对。',
  basis: undefined,
  adds: undefined,
}
const publication = (state: PublicationState): Publication => ({
  ...{ id: 1, rev: 1, state, unit: '', month: '2026-10', title: long.slice(0, 60), issuer: long.slice(0, 40) },
  ...{ remark: long.slice(0, 300), chat: 'oc_x', without: long.slice(0, 200), runs: 5_000, km: 99_999, cents: 1 },
  ...{ maker: 'a', createdAt: now, until: now, issuedAt: undefined, lastMove: 'revise', word: long, movedBy: 'a' },
  ...{ movedAt: now, movedFor: 'a' },
})
const row = (i: number) => ({
  ...{ place: i, on: '2026-10-08', purpose: long, destination: long, plate: plate(i), km: 50, litres: 1, cents: 1 },
})
const viewer: Actor = {
  ...{ id: 'b', departments: [], standsFor: [] },
  held: ['CD', 'BZ'].map(code => ({ code, unit: undefined })),
}
const view = readLedgerView({ month: '2019-01', page: 3 }, {}, now)
const choices = { vehicles: many(60, option), drivers: many(60, option), units: many(60, option) }

const cards: Array<[string, Card]> = [
  ...(['day', 'week'] as const).map((span): [string, Card] => [
    `看板 ${span}`,
    boardCard(lines, boardRuns, readBoardView({ span, page: 2 }, {}, now), { vehicles: 500, waiting: 9 }, now),
  ]),
  ['看板,没有车辆', boardCard([], [], readBoardView({}, {}, now), { vehicles: 0, waiting: 0 }, now)],
  ['空闲车辆', freeCard([{ category: 'other', all: 9, now: 3, today: 1 }], now)],
  [
    '台账',
    ledgerCard(
      many(10, trip),
      { trips: 9_999, runs: 9_999, km: 9 },
      view,
      choices,
      { keeps: true, exports: true },
      naming,
    ),
  ],
  [
    '核算',
    accountsCard(
      many(30, account),
      [],
      { month: '2026-10', vehicle: 0, page: 1 },
      { vehicles: choices.vehicles, threshold: 120, now },
    ),
  ],
  [
    '核算,一辆',
    accountsCard([account(1)], [], { month: '2026-10', vehicle: 1, page: 0 }, { vehicles: [], threshold: 120, now }),
  ],
  [
    '费用',
    costsCard(
      many(10, cost),
      { rows: 99, cents: 1 },
      { month: '2026-10', page: 1 },
      { names: naming.names, now, thisMonth: '2026-11' },
    ),
  ],
  ['一笔费用', costCard(cost(1), [finding], true, naming.names, now)],
  ['登记费用', costForm({ of: 'vehicles', options: many(60, option) }, now)],
  ['登记费用,车辆多', costForm({ of: 'vehicles', options: many(61, option) }, now)],
  ['登记费用,驾驶员', costForm({ of: 'runs', options: many(20, option) }, now)],
  ...(Object.keys(publicationFlow.states) as PublicationState[]).flatMap(
    (state): Array<[string, Card]> =>
      [viewer, undefined].map(who => [
        `公示 ${state} ${who ? '本人' : '群'}`,
        publicationCard(
          publication(state),
          many(20, row),
          who,
          { audience: { name: long, members: 500 }, unsettled: 3 },
          { now, names: naming.names, may },
        ),
      ]),
  ),
  ['公示表单', publicationForm(publication('draft'), many(40, option))],
  [
    '公示列表',
    publicationsCard(
      many(10, () => publication('issued')),
      now,
    ),
  ],
  ['公示,无权', hiddenPublication()],
]

describe.each(cards)('%s', (_name, drawn) => {
  const printed = printCard(drawn)

  it('按钮都有对应的动作', () => {
    for (const { action } of pressables(drawn)) {
      const [feature, name = ''] = action.split('.')
      expect(features.find(one => one.name === feature)?.actions[name], action).toBeTypeOf('function')
    }
  })

  it('飞书接受,他人写的不成为标记', () => {
    expect(fits(printed)).toBe(true)
    expect(() => validateCard(printed, { person: () => false, image: () => false, audio: () => false })).not.toThrow()
  })

  it('放在发件箱里再取出来,还是同一张卡片', () => {
    expect(printCard(JSON.parse(JSON.stringify(drawn)) as Card)).toEqual(printed)
  })
})
