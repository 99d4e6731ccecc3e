import { type Normal, normalise } from './normal.ts'
import { PATTERNS, type Pattern } from './patterns.ts'
import { ACTIONS, type Action, type Place, RULES, type Rule, type RuleId } from './rule-book.ts'

/** A text and where it stands. */
export interface Examined {
  text: string
  place: Place
  /** Of a form: what it is about. */
  subject?: string | undefined
}

/** What a rule found, by places in the original text. */
export interface Hit {
  rule: RuleId
  action: Action
  from: number
  to: number
}

export interface Verdict {
  hits: readonly Hit[]
  /** The gravest of the hits. */
  action: Action
  /** The text with what is to be masked made `×`, of the same length; the same text where nothing is. */
  masked: string
  /** What whoever wrote it is told besides the fixed words. */
  hints: readonly string[]
}

/** What the rules of secrecy say of a text (domain.md 9.2). Of a rule that masks everything is found, of any other the first. */
export function examine({ text, place, subject }: Examined): Verdict {
  if (place === 'picture') return UNSEEN
  const normal = normalise(text)
  const hits: Hit[] = []
  for (const pattern of PATTERNS)
    if (pattern.needs.test(normal.text)) addHits(hits, pattern, normal, { place, subject })
  if (!hits.length) return { hits, action: 'pass', masked: text, hints: [] }
  const rules = [...new Set(hits.map(({ rule }) => rule))]
  return {
    hits,
    action: gravest(hits.map(({ action }) => action)),
    masked: masked(
      text,
      hits.filter(({ action }) => action === 'mask'),
    ),
    hints: rules.flatMap(id => (RULES[id] as Rule).hint ?? []),
  }
}

/** SEC-22. */
const UNSEEN: Verdict = {
  hits: [{ rule: 'SEC-22', action: 'block', from: 0, to: 0 }],
  action: 'block',
  masked: '',
  hints: [RULES['SEC-22'].hint],
}

function addHits(
  hits: Hit[],
  { rule, does, find }: Pattern,
  { text, span }: Normal,
  { place, subject }: Omit<Examined, 'text'>,
): void {
  let action: Action | undefined
  for (const { from, to } of find(text)) {
    action ??= does(place, text, subject)
    if (!action) return
    hits.push({ rule, action, ...span(from, to) })
    if (action !== 'mask') return
  }
}

/** The gravest of some actions. */
export const gravest = (some: readonly Action[]): Action =>
  ACTIONS[Math.max(0, ...some.map(action => ACTIONS.indexOf(action)))] ?? 'pass'

/** Letters and digits of what is to be masked become `×`; signs and spaces between them stay. */
function masked(text: string, hits: readonly Hit[]): string {
  let [shown, at] = ['', 0]
  for (const { from, to } of hits.toSorted((a, b) => a.from - b.from)) {
    if (to <= at) continue
    const start = Math.max(at, from)
    const hidden = text.slice(start, to).replace(/[\p{L}\p{N}]/gu, char => '×'.repeat(char.length))
    shown += text.slice(at, start) + hidden
    at = to
  }
  return shown + text.slice(at)
}
