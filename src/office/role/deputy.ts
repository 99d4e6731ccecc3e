import { bold, buttons, type Card, card, type Field, fields, form, note, type Option, text } from '../../kit/card.ts'
import { Refusal } from '../../kit/refusal.ts'
import { formatInstant } from '../../kit/time.ts'

export const DEPUTY_EXAMPLE = '/角色 代理 @李静 12月1日至12月5日'

/** 代理 as people are told of it: names, and days as `2026-12-01`. */
export interface Stand {
  id: number
  principal: string
  deputy: string
  from: string
  until: string
  ended: boolean
}

const LONGEST_DAYS = 366
const DAY_MS = 86_400_000

/** @throws Refusal when the period is over, turned round or too long. */
export function checkPeriod({ from, until }: Pick<Stand, 'from' | 'until'>, today: string): void {
  if (until < from) throw new Refusal('代理的结束日期早于开始日期', DEPUTY_EXAMPLE)
  if (until < today) throw new Refusal('代理期间已经过去', DEPUTY_EXAMPLE)
  if (Date.parse(until) - Date.parse(from) > LONGEST_DAYS * DAY_MS) throw new Refusal('代理期间请控制在一年以内')
}

/** One 代理, as both sides hold it. */
export function deputyCard(stand: Stand, today: string): Card {
  const { id, principal, deputy, from, until, ended } = stand
  const over = ended || until < today
  const drawn = card(
    `代理 · ${over ? '已结束' : from > today ? '未开始' : '代理中'}`,
    over ? 'grey' : 'blue',
    fields(['被代理人', principal], ['代理人', deputy], ['期间', `${formatInstant(from)}至${formatInstant(until)}`]),
    over
      ? undefined
      : note(
          `代理期间,${principal}的待办同时列入${deputy}的 /待办;${deputy}代为办理的,记为“${deputy} 代 ${principal}”。本人提出的事项不能由本人或其代理人审批;设有知悉范围的事项不随代理开放。`,
        ),
    over ? undefined : buttons({ label: '结束代理', action: 'role.endDeputy', value: { id } }),
  )
  return { ...drawn, summary: `[代理] ${deputy} 代 ${principal}` }
}

/** Asks for what is missing; its field names are read by the handler. */
export function deputyForm(says: string, options: Option[], deputy: string, period: string): Card {
  const who: Field = { kind: 'choose', name: 'deputy', label: '代理人', hint: '选择代理人', options, value: deputy }
  const when: Field = {
    kind: 'input',
    name: 'period',
    label: '代理期间',
    hint: '如:12月1日至12月5日',
    value: period,
    required: true,
    max: 60,
  }
  return card(
    '代理 · 填写',
    'grey',
    text(says),
    form(
      'deputyship',
      [{ ...who, required: true }, when],
      [{ label: '设置代理', action: 'role.nameDeputy', style: 'primary' }],
    ),
    note('代理期间您仍可自行办理。'),
  )
}

/** Lines under the roles: who stands in for whom, with the way to end one's own. */
export function deputyLines(stands: readonly Stand[], own: ReadonlySet<number>): NonNullable<Card['body']> {
  return stands.flatMap(stand => {
    const line = text(
      bold('代理'),
      ` ${stand.deputy} 代 ${stand.principal} · ${formatInstant(stand.from)}至${formatInstant(stand.until)}`,
    )
    const end = own.has(stand.id)
      ? buttons({ label: '结束代理', action: 'role.endDeputy', value: { id: stand.id } })
      : undefined
    return end ? [line, end] : [line]
  })
}
