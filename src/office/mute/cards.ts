import { bold, buttons, type Card, card, note, text } from '../../kit/card.ts'
import { type Calendar, formatDue } from '../../kit/time.ts'

/** For how long quiet is offered at a press. */
export const SPELLS = { hour: '1小时', day: '今天下班前', morning: '明天上班时' } as const
export type Spell = keyof typeof SPELLS

/** Whether it is quiet, until when, and how to change that. */
export function muteCard(until: Date | undefined, now: Date, calendar: Calendar): Card {
  const spells = (Object.keys(SPELLS) as Spell[]).map(spell => ({
    label: SPELLS[spell],
    action: 'mute.quiet',
    value: { spell },
  }))
  const drawn = card(
    until ? '静音 · 已开启' : '静音 · 未开启',
    until ? 'blue' : 'grey',
    until
      ? text('静音至', bold(formatDue(until, now, calendar)), ',期间不发送提醒;特提、特急除外。')
      : text('提醒正常发送。需要静音多久?'),
    buttons(...(until ? [{ label: '关闭静音', action: 'mute.end', style: 'primary' as const }] : spells)),
    note('静音期间的提醒仍列在 /待办 中,并写入次日工作早报。也可写明时间,例如:/静音 到明天上班'),
  )
  return { ...drawn, summary: until ? `静音至${formatDue(until, now, calendar)}` : '静音未开启' }
}
