import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../src/kit/finding.ts'
import { findingBy } from '../src/kit/rules.ts'
import { type ChainFacts, chainFor, decidesOn } from '../src/office/meeting/chain.ts'
import { BOOK, type RuleId } from '../src/office/meeting/rule-book.ts'
import { SCOPES } from '../src/office/meeting/terms.ts'
import { may } from '../src/office/role/role.ts'
import { chainFacts, holder } from './harness/meeting-rules.ts'

const further = (...ids: RuleId[]): Finding[] => ids.map(id => findingBy(BOOK, id, 'A'))
type Scope = keyof typeof SCOPES
const chain = (some: Partial<ChainFacts>, scope: Scope = 'house', findings: Finding[] = []): string =>
  chainFor({ scope }, findings, chainFacts(some))
    ?.map(({ by, people }) => `${by}:${people.join('、')}`)
    .join(' ') ?? '无人可批'

type Row = [title: string, facts: Partial<ChainFacts>, scope: Scope, findings: Finding[], expected: string]
const others = chainFacts().holders

describe('会议的审批链', () => {
  it.each<Row>([
    ['一般干部', {}, 'house', [], 'BZ:BZ'],
    ['一般干部召集本科室也须审批', {}, 'section', [], 'BZ:BZ'],
    ['科室负责人召集本科室', { maker: 'KZ' }, 'section', [], ''],
    ['科室负责人召集本单位', { maker: 'KZ' }, 'house', [], 'BZ:BZ'],
    ['别的科室的负责人召集这个科室', { maker: 'KZ', head: undefined }, 'section', [], 'BZ:BZ'],
    ['办公室主任', { maker: 'BZ' }, 'house', [], ''],
    ['分管领导', { maker: 'FG' }, 'city', [], ''],
    ['主要领导的会议也由办公室主任把关', { maker: 'LD' }, 'house', [], 'BZ:BZ'],
    ['会务员', { maker: 'HW', holders: [...others, holder('HW', 'HW', ['office'])] }, 'house', [], 'BZ:BZ'],
    ['计划外加分管领导', {}, 'city', further('MT-29'), 'BZ:BZ FG:FG'],
    ['直达基层加主要领导', {}, 'grassroots', further('MT-24'), 'BZ:BZ LD:LD'],
    ['两项各加一步', {}, 'grassroots', further('MT-24', 'MT-29'), 'BZ:BZ FG:FG LD:LD'],
    ['两项加同一步', {}, 'city', further('MT-28', 'MT-29'), 'BZ:BZ FG:FG'],
    ['办公室主任的会议也须加签', { maker: 'BZ' }, 'city', further('MT-29'), 'FG:FG'],
    ['科室会议在无会日', { maker: 'KZ' }, 'section', further('MT-28'), 'FG:FG'],
    ['PERM-01 分管领导不批自己的', { maker: 'FG' }, 'city', further('MT-29'), 'LD:LD'],
    ['PERM-01 主要领导之上无人,由下一级', { maker: 'LD' }, 'grassroots', further('MT-24'), 'BZ:BZ FG:FG'],
    ['没有办公室主任,由分管领导', { holders: others.filter(({ id }) => id !== 'BZ') }, 'house', [], 'FG:FG'],
    ['谁也没有', { holders: [] }, 'house', [], '无人可批'],
    ['没有主要领导', { holders: others.filter(({ id }) => id !== 'LD') }, 'city', further('MT-23'), '无人可批'],
    [
      '兼系统管理员的不批',
      {
        holders: [
          ...others.filter(({ id }) => id !== 'BZ'),
          {
            id: 'BZ',
            departments: ['office'],
            held: [
              { code: 'BZ', unit: undefined },
              { code: 'SY', unit: undefined },
            ],
            deputies: [],
          },
        ],
      },
      'house',
      [],
      'FG:FG',
    ],
    [
      '外出有代理的仍列其名',
      { holders: others.map(one => (one.id === 'BZ' ? { ...one, deputies: ['LJ'] } : one)) },
      'house',
      [],
      'BZ:BZ',
    ],
  ])('%s', (_title, facts, scope, findings, expected) => {
    expect(chain(facts, scope, findings)).toBe(expected)
  })

  it('加签的一步写明理由,常规的一步没有', () => {
    const steps = chainFor({ scope: 'city' }, further('MT-29'), chainFacts())
    expect(steps?.map(({ why }) => why)).toEqual([[], [BOOK.rules['MT-29'].words]])
  })

  it('主要领导可批,虽然职权表只列查看;管理员和审计员不可', () => {
    expect(decidesOn(['LD'], may)).toBe(true)
    expect(decidesOn(['LD', 'SY'], may)).toBe(false)
    expect(decidesOn(['KZ', 'HW'], may)).toBe(false)
    expect(decidesOn(['FG', 'SJ'], may)).toBe(false)
  })

  it('无论何人、何种范围、何种加签:自己不批自己的,次序不乱,一步一次', () => {
    const ids = (Object.keys(BOOK.rules) as RuleId[]).filter(id => BOOK.rules[id].adds !== undefined)
    fc.assert(
      fc.property(
        fc.constantFrom('CB', 'KZ', 'BZ', 'FG', 'LD'),
        fc.constantFrom(...(Object.keys(SCOPES) as Scope[])),
        fc.subarray(ids),
        (maker, scope, some) => {
          const steps = chainFor({ scope }, further(...some), chainFacts({ maker })) ?? []
          const order = steps.map(({ by }) => ['KZ', 'BZ', 'FG', 'LD'].indexOf(by))
          expect(order).toEqual([...new Set(order)].sort())
          for (const { people } of steps) {
            expect(people).not.toContain(maker)
            expect(people.length).toBeGreaterThan(0)
          }
          for (const id of some) {
            const isAsked = steps.some(({ why }) => why.includes(BOOK.rules[id].words))
            expect(isAsked, id).toBe(true)
          }
        },
      ),
    )
  })
})
