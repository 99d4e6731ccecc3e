import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DECIDERS, type Decider, type Holder } from '../src/kit/chain.ts'
import type { Finding } from '../src/kit/finding.ts'
import type { HeldRole } from '../src/kit/person.ts'
import { type ChainFacts, chainAfterEdit, chainFor, chainOrNone, NOBODY } from '../src/office/car/chain.ts'
import { finding, type RuleId } from '../src/office/car/rule-book.ts'
import type { TripWish } from '../src/office/car/trip.ts'
import { aTrip, at, aWish, chainFacts, decisionBy } from './harness/car-rules.ts'

const A = (...rules: RuleId[]): Finding[] => rules.map(rule => finding(rule, 'A'))
const drawn = (wish: Partial<TripWish>, findings: Finding[] = [], facts: Partial<ChainFacts> = {}): string =>
  chainOrNone(aWish(wish), findings, chainFacts(facts))
    ?.map(({ by, people }) => `${by}(${people.join(' ')})`)
    .join(' → ') ?? '无'

const person = (id: string, codes: string[], some: Partial<Holder> = {}): Holder => ({
  ...{ id, departments: ['office'], held: codes.map((code): HeldRole => ({ code, unit: undefined })), deputies: [] },
  ...some,
})
const KZ = person('KZ', [], { departments: ['unit'] })
const [BZ, FG, LD] = [person('BZ', ['BZ']), person('FG', ['FG']), person('LD', ['LD'])]
const of = (unit: string, ...codes: string[]) => ({ held: codes.map(code => ({ code, unit })) })

type Row = [title: string, chain: string, wish: Partial<TripWish>, findings?: Finding[], facts?: Partial<ChainFacts>]

describe('审批链(domain.md 4.3)', () => {
  it.each<Row>([
    ['市内、工作时间', 'KZ(KZ) → BZ(BZ)', {}],
    ['机要通信用车只经办公室', 'BZ(BZ)', { category: 'confidential' }],
    ['出市', 'KZ(KZ) → BZ(BZ) → FG(FG)', {}, A('CAR-19')],
    ['出省', 'KZ(KZ) → BZ(BZ) → FG(FG) → LD(LD)', {}, A('CAR-19', 'CAR-20')],
    ['非工作时间', 'KZ(KZ) → BZ(BZ) → FG(FG)', {}, A('CAR-16')],
    ['过夜', 'KZ(KZ) → BZ(BZ) → FG(FG)', { endsAt: at('11-27T11:00') }],
    ['机要出市', 'BZ(BZ) → FG(FG)', { category: 'confidential' }, A('CAR-19')],
    ['提示和禁止不加签', 'KZ(KZ) → BZ(BZ)', {}, [finding('CAR-21', 'W'), finding('CAR-03', 'F')]],
    ['领导用车,办公室代填', 'FG(FG)', { user: 'LD' }],
    ['分管领导用车,上移主要领导', 'LD(LD)', { user: 'FG' }],
    ['主要领导出省', 'FG(FG)', { user: 'LD' }, A('CAR-19', 'CAR-20')],
    ['主要领导用车、没有分管领导', 'BZ(BZ)', { user: 'LD' }, [], { holders: [KZ, BZ, LD] }],
    [
      '另有主要领导的,由其审批',
      'FG(FG) → LD(L2)',
      { user: 'LD' },
      A('CAR-20'),
      { holders: [BZ, FG, LD, person('L2', ['LD'])] },
    ],
    ['分管办公室的领导', 'FG(F2)', { user: 'LD' }, [], { holders: [BZ, FG, LD, person('F2', [], of('office', 'FG'))] }],
    ['科长本人', 'BZ(BZ)', { user: 'KZ' }, [], { applicant: 'KZ' }],
    ['替科长申请', 'BZ(BZ)', { user: 'KZ' }],
    ['办公室主任本人', 'KZ(KZ) → FG(FG)', { user: 'BZ' }, [], { applicant: 'BZ' }],
    [
      '两位办公室主任之一申请,也上移',
      'KZ(KZ) → FG(FG)',
      { user: 'BZ' },
      [],
      { applicant: 'BZ', holders: [KZ, BZ, person('B2', ['BZ']), FG] },
    ],
    ['办公室人员,科室负责人就是办公室主任', 'BZ(BZ)', {}, [], { unit: 'office', lineage: ['office'], head: 'BZ' }],
    [
      '办公室主任本人,在本办公室',
      'FG(FG)',
      { user: 'BZ' },
      [],
      { applicant: 'BZ', unit: 'office', lineage: ['office'], head: 'BZ' },
    ],
    ['科室没有负责人', 'BZ(BZ)', {}, [], { head: undefined, holders: [BZ, FG, LD] }],
    [
      '科室负责人按角色',
      'KZ(K2) → BZ(BZ)',
      {},
      [],
      { head: undefined, holders: [person('K2', ['KZ'], { departments: ['unit'] }), BZ] },
    ],
    [
      '别的科室的负责人不算',
      'BZ(BZ)',
      {},
      [],
      { head: undefined, holders: [person('K2', ['KZ'], { departments: ['other'] }), BZ] },
    ],
    ['没有办公室主任', 'KZ(KZ) → FG(FG)', {}, [], { holders: [KZ, FG, LD] }],
    ['只有主要领导', 'LD(LD)', {}, A('CAR-19'), { head: undefined, holders: [LD] }],
    ['没有主要领导,出省无人可批', '无', {}, A('CAR-20'), { holders: [KZ, BZ, FG] }],
    ['谁都没有', '无', {}, [], { head: undefined, holders: [] }],
    ['兼系统管理员的不审批', 'KZ(KZ) → FG(FG)', {}, [], { holders: [KZ, person('BZ', ['BZ', 'SY']), FG] }],
    [
      '本单位的优先于全院的',
      'KZ(KZ) → BZ(B2)',
      {},
      [],
      { lineage: ['unit', 'district'], holders: [KZ, BZ, person('B2', [], of('district', 'BZ'))] },
    ],
    ['其他单位的不算', 'KZ(KZ) → BZ(BZ)', {}, [], { holders: [KZ, BZ, person('B2', [], of('district', 'BZ'))] }],
    [
      '不在岗的排后',
      'KZ(KZ) → BZ(B2 BZ)',
      {},
      [],
      { holders: [KZ, { ...BZ, deputies: ['GB'] }, person('B2', ['BZ'])] },
    ],
    ['不在岗而只有申请人代理的,上移', 'KZ(KZ) → FG(FG)', {}, [], { holders: [KZ, { ...BZ, deputies: ['CB'] }, FG] }],
    [
      '一人兼办公室主任和分管领导,只批一次',
      'KZ(KZ) → FG(BZ)',
      {},
      A('CAR-19'),
      { holders: [KZ, person('BZ', ['BZ', 'FG'])] },
    ],
  ])('%s', (_, chain, wish, findings, facts) => expect(drawn(wish, findings, facts)).toBe(chain))

  it('每一步写明为什么要加', () => {
    const chain = chainFor(aWish({ endsAt: at('11-27T11:00') }), A('CAR-19', 'CAR-20'), chainFacts())
    expect(chain.map(({ why }) => why)).toEqual([
      [],
      [],
      ['过夜用车须经分管领导批准。', '出市用车须经分管领导批准。'],
      ['出省用车须经主要领导批准,并优先选择公共交通。'],
    ])
  })

  it('并入上一级的,理由不丢', () => {
    const both = chainFacts({ holders: [KZ, BZ, person('LD', ['FG', 'LD'])] })
    expect(chainFor(aWish(), A('CAR-19', 'CAR-20'), both)[2]).toMatchObject({
      by: 'LD',
      why: ['出市用车须经分管领导批准。', '出省用车须经主要领导批准,并优先选择公共交通。'],
    })
  })

  it('没有可以审批的人员时说明怎么办', () =>
    expect(() => chainFor(aWish(), [], chainFacts({ head: undefined, holders: [] }))).toThrow(NOBODY))
})

const ORDER = Object.keys(DECIDERS) as Decider[]
const IDS = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6']
const UNITS = ['unit', 'district', 'office', 'other']

const anyone = fc.constantFrom(...IDS)
const aHolder = (id: string) =>
  fc.record({
    id: fc.constant(id),
    departments: fc.subarray(UNITS, { minLength: 1 }),
    held: fc.array(
      fc.record({
        code: fc.constantFrom('KZ', 'BZ', 'FG', 'LD', 'SY', 'GB'),
        unit: fc.option(fc.constantFrom(...UNITS), { nil: undefined, freq: 2 }),
      }),
      { maxLength: 3 },
    ),
    deputies: fc.subarray(IDS, { maxLength: 2 }),
  })
const houses = fc.record({
  applicant: anyone,
  unit: fc.constant('unit'),
  lineage: fc.constantFrom(['unit'], ['unit', 'district']),
  head: fc.option(anyone, { nil: undefined }),
  holders: fc.tuple(...IDS.map(aHolder)).chain(all => fc.subarray(all)),
  may: fc.constant(chainFacts().may),
})
const wishes = fc
  .record({
    user: anyone,
    category: fc.constantFrom('confidential' as const, 'emergency' as const, 'other' as const),
    endsAt: fc.constantFrom(at('11-26T11:30'), at('11-27T11:30')),
  })
  .map(some => aWish(some))
const findings = fc.subarray(A('CAR-03', 'CAR-09', 'CAR-16', 'CAR-19', 'CAR-20', 'CAR-30'))

describe('审批链,无论单位怎样设置', () => {
  const law = (check: (wish: TripWish, found: Finding[], facts: ChainFacts) => void) =>
    fc.assert(
      fc.property(wishes, findings, houses, (wish, found, facts) => {
        check(wish, found, facts)
      }),
      { numRuns: 3_000 },
    )

  it('申请人和用车人不在审批人之列,也不经代理自批', () =>
    law((wish, found, facts) => {
      for (const { people } of chainOrNone(wish, found, facts) ?? [])
        for (const id of people) {
          expect([wish.user, facts.applicant]).not.toContain(id)
          const deputies = facts.holders.find(one => one.id === id)?.deputies ?? []
          expect(deputies.length === 0 || deputies.some(one => one !== wish.user && one !== facts.applicant)).toBe(true)
        }
    }))

  it('不空,每步有人,次序为 KZ、BZ、FG、LD,各一步', () =>
    law((wish, found, facts) => {
      const chain = chainOrNone(wish, found, facts)
      if (!chain) return expect(() => chainFor(wish, found, facts)).toThrow(NOBODY)
      const places = chain.map(({ by }) => ORDER.indexOf(by))
      expect(places.length).toBeGreaterThan(0)
      expect(places).toEqual([...new Set(places)].toSorted((a, b) => a - b))
      expect(chain.every(({ people }) => people.length > 0)).toBe(true)
    }))

  it('多一条加签不会少一步,且其理由写在链上', () =>
    law((wish, found, facts) => {
      const [extra, ...rest] = found
      if (!extra?.adds) return
      const [less, more] = [chainOrNone(wish, rest, facts), chainOrNone(wish, found, facts)]
      if (!more) return
      expect(less).toBeDefined()
      expect(more.length).toBeGreaterThanOrEqual(less?.length ?? 0)
      expect(more.some(({ why }) => why.includes(extra.words))).toBe(true)
    }))

  it('同样的事实,同样的审批链,与规则的先后无关', () =>
    law((wish, found, facts) =>
      expect(chainOrNone(wish, found.toReversed(), facts)?.map(({ by, people }) => [by, people])).toEqual(
        chainOrNone(wish, found, facts)?.map(({ by, people }) => [by, people]),
      ),
    ))

  it('相邻两步不必由同样的人再批', () =>
    law((wish, found, facts) => {
      const chain = chainOrNone(wish, found, facts) ?? []
      for (const [place, step] of chain.entries()) {
        const next = chain[place + 1]
        if (next && ORDER.indexOf(next.by) === ORDER.indexOf(step.by) + 1)
          expect(step.people.every(id => next.people.includes(id))).toBe(false)
      }
    }))
})

describe('批准后修改,回到所涉及的第一步', () => {
  const steps = chainFor(aWish(), A('CAR-19'), chainFacts()).map(step => ({ ...step, decision: decisionBy(step.by) }))
  const before = aTrip({ steps, reach: 'beyond' })
  const open = (change: Partial<TripWish>, rules: RuleId[] = ['CAR-19']) => {
    const wish = { ...aWish({ reach: 'beyond' }), ...change }
    const chain = chainAfterEdit(before, wish, chainFor(wish, A(...rules), chainFacts()))
    return chain.filter(({ decision }) => !decision).map(({ by }) => by)
  }

  it.each<[title: string, open: string, change: Partial<TripWish>, rules?: RuleId[]]>([
    ['没有改', '', {}],
    ['电话、备注', '', { phone: '13900000000', remark: '带材料' }],
    ['事由', 'KZ BZ FG', { purpose: '到区法院送达文书' }],
    ['目的地', 'KZ BZ FG', { destination: '县法院' }],
    ['乘车人', 'KZ BZ FG', { passengers: ['CB', 'GB'] }],
    ['改日期', 'KZ BZ FG', { startsAt: at('11-27T09:00'), endsAt: at('11-27T11:30') }],
    ['当天改钟点', 'BZ FG', { startsAt: at('11-26T10:00') }],
    ['辆数', 'BZ FG', { cars: 2 }],
    ['备注不变,却多了一条加签', 'LD', {}, ['CAR-19', 'CAR-20']],
    ['加签多了一个理由', 'FG', {}, ['CAR-16', 'CAR-19']],
    ['加签少了', '', {}, []],
  ])('%s', (_, expected, change, rules) => expect(open(change, rules).join(' ')).toBe(expected))
})
