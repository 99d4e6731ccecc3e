import { type Block, bold, type Card, card, type Field, fold, form, text } from './card.ts'
import { Refusal } from './refusal.ts'
import { isRuleOn, type Rule, type RuleBook, type Switched, type Threshold } from './rules.ts'
import { halfWidth } from './text.ts'

/** A subject's rules as /设置 shows them. */
export interface RuleDesk<Id extends string, Name extends string> extends RuleBook<Id> {
  /** What they are called, e.g. 用车规则. */
  title: string
  /** Whose buttons they are. */
  feature: string
  /** What stands before the number of a rule. */
  prefix: string
  /** Some of them, by number, as an example. */
  example: string
  /** Under which heading each stands. */
  groups: ReadonlyArray<{ title: string; ids: readonly Id[] }>
  /** Who still has to see to what is switched off. */
  keepers: string
  thresholds: Readonly<Record<Name, Threshold>>
}

const SEVERITIES = { F: '禁止', A: '加签', W: '提示' } as const

const idsOf = <Id extends string>({ rules }: RuleBook<Id>): Id[] => Object.keys(rules) as Id[]

const offAmong = <Id extends string>(book: RuleBook<Id>, setting: Switched): Id[] =>
  idsOf(book).filter(id => !isRuleOn(book, id, setting))

/** What is switched off, in words. */
export function offText<Id extends string>(book: RuleBook<Id>, setting: Switched): string {
  const off = offAmong(book, setting)
  return off.length ? off.map(id => `${id}${book.rules[id].title}`).join('、') : '无'
}

/** The rules under their headings, each with its words. */
export const ruleFolds = <Id extends string, Name extends string>(
  desk: RuleDesk<Id, Name>,
  setting: Switched,
): Block[] =>
  desk.groups
    .filter(({ ids }) => ids.length > 0)
    .map(({ title, ids }) =>
      fold(`${title}(${ids.length}条)`, ...ids.map(id => told(id, desk.rules[id], stateOf(desk, id, setting)))),
    )

function stateOf<Id extends string>(book: RuleBook<Id>, id: Id, setting: Switched): string {
  if (book.firm.includes(id)) return '(不可关闭)'
  return isRuleOn(book, id, setting) ? '' : '(已关闭)'
}

function told(id: string, { title, severity, words, basis }: Rule, state: string): Block {
  const mark = severity.map(one => SEVERITIES[one]).join('或')
  return text(bold(`${id} ${title}${state}`), `〔${mark}〕${words}${basis ? `依据:${basis}。` : ''}`)
}

const save = (label: string, action: string) => ({ label, action, style: 'primary' as const })

export const switchesForm = <Id extends string, Name extends string>(
  desk: RuleDesk<Id, Name>,
  setting: Switched,
): Block =>
  form(
    'switches',
    [
      {
        ...{ kind: 'input', name: 'off', label: '关闭的规则(编号,以顿号分隔;不填为全部启用)' },
        ...{ hint: desk.example, value: offAmong(desk, setting).join('、'), max: 400 },
      },
    ],
    [save('保存开关', `${desk.feature}.switchRules`)],
  )

export const thresholdsForm = <Id extends string, Name extends string>(
  { thresholds, feature }: RuleDesk<Id, Name>,
  figures: Readonly<Record<Name, number>>,
): Block =>
  form(
    'thresholds',
    (Object.keys(thresholds) as Name[]).map(
      (name): Field => ({
        ...{ kind: 'input', name, label: `${thresholds[name].rule} ${thresholds[name].label}` },
        ...{ hint: String(thresholds[name].usual), value: String(figures[name]), max: 5 },
      }),
    ),
    [save('保存阈值', `${feature}.measureRules`)],
  )

/** Asked before rules that forbid by law are switched off. */
export function confirmOffCard<Id extends string, Name extends string>(
  { title, feature, keepers, rules }: RuleDesk<Id, Name>,
  off: readonly Id[],
  byLaw: readonly Id[],
): Card {
  return card(
    `关闭${title}`,
    'yellow',
    text(`以下规则有明确依据,关闭后仍须由${keepers}把关,请确认:`),
    ...byLaw.map(id => text(`${id} ${rules[id].title}:${rules[id].words}依据:${rules[id].basis ?? ''}。`)),
    {
      kind: 'buttons',
      buttons: [
        { label: '仍要关闭', action: `${feature}.switchRulesAnyway`, value: { off: off.join(',') }, style: 'danger' },
        { label: '返回', action: `${feature}.rules` },
      ],
    },
  )
}

/** Those that are switched off anew although a law stands behind what they forbid. */
export const byLawAmong = <Id extends string>(book: RuleBook<Id>, off: readonly Id[], setting: Switched): Id[] =>
  off.filter(id => {
    const { severity, basis } = book.rules[id]
    return isRuleOn(book, id, setting) && severity.includes('F') && basis !== undefined
  })

/** What somebody typed as a list. */
export const namesIn = (typed: string): string[] => [
  ...new Set(
    halfWidth(typed)
      .split(/[、,;\s]+/)
      .filter(name => name !== ''),
  ),
]

/** @throws Refusal naming what is no rule, or a rule that cannot be switched off. */
export function readOff<Id extends string, Name extends string>(desk: RuleDesk<Id, Name>, typed: string): Id[] {
  const all = idsOf(desk)
  const number = new RegExp(`^(?:${desk.prefix}-?)?(\\d{1,2})$`, 'i')
  const ids = namesIn(typed).map(name => {
    const [, digits] = number.exec(name) ?? []
    const id = all.find(one => digits !== undefined && one === `${desk.prefix}-${digits.padStart(2, '0')}`)
    if (!id) throw new Refusal(`没有编号为“${name.slice(0, 20)}”的规则`, desk.example)
    if (desk.firm.includes(id)) throw new Refusal(`${id}(${desk.rules[id].title})不可关闭`)
    return id
  })
  return all.filter(id => ids.includes(id))
}

/** @throws Refusal naming the figure that is out of bounds. */
export function readThresholds<Name extends string>(
  thresholds: Readonly<Record<Name, Threshold>>,
  typed: (name: string) => string,
): Record<Name, number> {
  const read = (Object.keys(thresholds) as Name[]).map(name => [name, figureIn(typed(name), thresholds[name])] as const)
  return Object.fromEntries(read) as Record<Name, number>
}

/** @throws Refusal where it is no whole number within its bounds. */
export function figureIn(typed: string, { label, least, greatest }: Omit<Threshold, 'rule' | 'usual'>): number {
  const words = halfWidth(typed).trim()
  const figure = Number(words)
  if (words === '' || !Number.isInteger(figure) || figure < least || figure > greatest)
    throw new Refusal(`${label}请填写${least}至${greatest}之间的整数`)
  return figure
}
