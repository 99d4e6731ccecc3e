import { type Block, bold, buttons, type Card, card, note, text, tint } from '../../kit/card.ts'
import { alertOf } from './alerts.ts'
import type { Incident } from './watch.ts'

export interface AlertSetting {
  card: number
  /** An instant in words. */
  when(instant: string): string
  /** The reader wants to hear no more of this today. */
  isHushed: boolean
}

/** `运行告警`: what was told together, each as it stands now. Nothing more is sent when it is over: whoever looks sees it here. */
export function alertCard(all: readonly Incident[], { card: number, when, isHushed }: AlertSetting): Card {
  const open = all.filter(({ until }) => !until)
  return card(
    `运行告警 · ${titleOf(all, open)}`,
    colourOf(open),
    ...all.flatMap(one => blocksOf(one, when)),
    isHushed && open.length ? note('今日不再就以上情况提醒您。') : undefined,
    buttons(
      { label: '查看安装检查', action: 'setup.open' },
      ...(open.length && !isHushed ? [{ label: '今日不再提醒', action: 'setup.hush', value: { card: number } }] : []),
    ),
  )
}

function titleOf(all: readonly Incident[], open: readonly Incident[]): string {
  if (!open.length) return '已恢复'
  const [first] = open
  return all.length === 1 && first ? alertOf(first.id).name : `${open.length}项未恢复`
}

const colourOf = (open: readonly Incident[]): Card['colour'] =>
  open.some(({ id }) => alertOf(id).grave) ? 'red' : open.length ? 'yellow' : 'green'

function blocksOf({ id, facts, since, until }: Incident, when: AlertSetting['when']): Block[] {
  const { name, lasts, over, todo, grave, afterwards } = alertOf(id)
  const state = until ? tint('green', '已恢复') : tint(grave ? 'red' : 'yellow', '未恢复')
  return [
    text(bold(name), ' ', state),
    text(until ? over(facts, when(since), when(until)) : lasts(facts, when(since))),
    ...(until && !afterwards ? [] : [note(todo)]),
  ]
}

/** For whoever may not read it, or where it is too long ago. */
export const noAlertCard = (): Card => card('运行告警', 'grey', text('未找到该告警,或您无权查看。'))
