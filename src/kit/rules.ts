import type { Decider } from './chain.ts'
import type { Finding } from './finding.ts'

type Severity = Finding['severity']

/** A rule that what people ask for is held against. */
export interface Rule {
  /** What it is about, in a word, for /设置. */
  title: string
  /** The gravest first; which of them applies is for the predicate. */
  severity: readonly [Severity, ...Severity[]]
  words: string
  /** The law, only where domain.md marks it as confirmed for the rule itself. */
  basis?: string
  /** Whose approval an A asks for. */
  adds?: Decider
}

/** The rules of a subject. */
export interface RuleBook<Id extends string> {
  rules: Readonly<Record<Id, Rule>>
  /** Rules that cannot be switched off. */
  firm: readonly Id[]
}

/** What an office has settled about any rules. */
export interface Switched {
  /** Rules that are switched off, by id. */
  off: readonly string[]
}

export const isRuleOn = <Id extends string>({ firm }: RuleBook<Id>, id: Id, { off }: Switched): boolean =>
  firm.includes(id) || !off.includes(id)

/** What a rule says of something: not at all, or with one of its severities. */
export type Verdict = Severity | undefined

export const when = <S extends Severity>(severity: S, applies: boolean): S | undefined =>
  applies ? severity : undefined

export function findingBy<Id extends string>({ rules }: RuleBook<Id>, id: Id, severity: Severity): Finding {
  const { words, basis, adds } = rules[id]
  return { rule: id, severity, words, basis, adds: severity === 'A' ? adds : undefined }
}

/** What some rules say, those that forbid first; those switched off are silent. */
export function findingsBy<Id extends string>(
  book: RuleBook<Id>,
  verdicts: Partial<Record<Id, () => Verdict>>,
  setting: Switched,
): Finding[] {
  const found = (Object.keys(verdicts) as Id[]).flatMap(id => {
    const verdict = isRuleOn(book, id, setting) ? verdicts[id]?.() : undefined
    return verdict === undefined ? [] : [findingBy(book, id, verdict)]
  })
  return byGravity(found)
}

/** Those that forbid first, then those that ask for an approval. */
export const byGravity = (some: readonly Finding[]): Finding[] =>
  some.toSorted((a, b) => GRAVITY.indexOf(a.severity) - GRAVITY.indexOf(b.severity))

const GRAVITY: readonly Severity[] = ['F', 'A', 'W']

/** A figure of a rule that an office may settle: what it is where nothing is settled, and its bounds. */
export interface Threshold {
  rule: string
  label: string
  usual: number
  least: number
  greatest: number
}

export const usualFigures = <Name extends string>(of: Readonly<Record<Name, Threshold>>): Record<Name, number> =>
  Object.fromEntries((Object.keys(of) as Name[]).map(name => [name, of[name].usual])) as Record<Name, number>
