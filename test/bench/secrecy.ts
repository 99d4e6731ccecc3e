import { plain } from '../../src/kit/text.ts'
import { examine } from '../../src/office/secrecy/examine.ts'
import { PATTERNS } from '../../src/office/secrecy/patterns.ts'
import { BLIND, CAUGHT, PASSED, type SecrecyCase, UNSEEN } from '../harness/secrecy-cases.ts'

/** What reading one ordinary command may cost. */
const BAR_US = 20
const SHORT = 200
const ROUNDS = 600

type Print = (title: string, head: string[], rows: string[][]) => void

/** How well the rules of secrecy tell what must be caught from what must pass, and what they cost. Answers what broke a promise. */
export function secrecy(print: Print): string[] {
  const rules = [...new Set(PATTERNS.map(({ rule }) => rule))]
  const own = [...CAUGHT, ...PASSED]
  print(
    'rules of secrecy: what was to be caught, and what was to pass',
    ['', 'to catch', 'caught', 'wrongly held', 'precision', 'recall'],
    [
      ...rules.map(rule => [
        rule,
        ...scores(
          own.filter(one => one.rule === rule || !one.rule),
          rule,
        ),
      ]),
      ['all', ...scores(own)],
      ['written blind, since mended', ...scores(BLIND)],
      ['by somebody else, since mended', ...scores(UNSEEN)],
    ],
  )
  return costs(print)
}

/** Of one rule, or of whatever is heard. */
function scores(cases: readonly SecrecyCase[], only?: string): string[] {
  const isHeard = (one: SecrecyCase) =>
    examine(one).hits.some(({ rule, action }) => (only ? rule === only : true) && action !== 'pass')
  const wanted = cases.filter(({ action }) => action !== 'pass')
  const caught = wanted.filter(one => isHeard(one) && examine(one).action === one.action).length
  const wrongly = cases.filter(one => one.action === 'pass' && isHeard(one)).length
  return [
    String(wanted.length),
    String(caught),
    String(wrongly),
    percent(caught, caught + wrongly),
    percent(caught, wanted.length),
  ]
}

const percent = (part: number, whole: number): string => (whole ? `${((part / whole) * 100).toFixed(1)} %` : '–')

function costs(print: Print): string[] {
  const ordinary = PASSED.filter(({ place, text }) => place === 'text' && text.length <= SHORT).map(({ text }) => text)
  const page = ['请各科室按分工抓好落实,联系人李静,电话13800138000。'.repeat(80)]
  const read = (text: string) => examine({ text, place: 'text' })
  const kinds: Array<[name: string, texts: string[]]> = [
    [`${ordinary.length} ordinary texts, up to ${SHORT} characters`, ordinary],
    [`a page of ${page[0]?.length} characters`, page],
  ]
  const rows = kinds.map(([name, texts]) => {
    const [rules, folded] = [microseconds(texts, read), microseconds(texts, plain)]
    return { name, rules, folded }
  })
  print(
    'what it costs to examine a text, beside folding it to its plain form',
    ['', 'µs each', 'plain form, µs', 'x'],
    rows.map(({ name, rules, folded }) => [name, rules.toFixed(1), folded.toFixed(1), (rules / folded).toFixed(1)]),
  )
  const [first] = rows
  return first && first.rules > BAR_US ? [`an ordinary text is examined in ${first.rules.toFixed(1)} µs`] : []
}

/** Of the quickest of many short rounds: others use the machine as well. */
function microseconds(texts: readonly string[], act: (text: string) => unknown): number {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const from = performance.now()
    for (const text of texts) act(text)
    return performance.now() - from
  })
  return (Math.min(...rounds) * 1_000) / texts.length
}
