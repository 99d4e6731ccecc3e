import { keepSettled } from '../../db/settings.ts'
import type { Action } from '../../src/bot/feature.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { readReminders, reminderCard } from '../../src/office/meeting/reminder-card.ts'
import { REMINDERS } from '../../src/office/meeting/schedule.ts'
import { refuseNonAdmin } from '../admins.ts'
import { reminderSetting } from './schedule.ts'
import { FEATURE } from './setting.ts'

/** 会议提醒, opened from /设置. */
export const reminderActions = {
  reminders: async turn => {
    refuseNonAdmin(turn, '修改会议提醒')
    return { fresh: { card: reminderCard(await reminderSetting(turn)) } }
  },
  settleReminders: async (turn, { form }) => {
    refuseNonAdmin(turn, '修改会议提醒')
    const settled = readReminders(form)
    if (!settled) throw new Refusal('提醒时间请写作“16:00”或“不提醒”,提前分钟数请填写0至240之间的整数')
    await keepSettled(turn.db, { feature: FEATURE }, REMINDERS, settled, turn.now)
    turn.record({ feature: FEATURE, act: 'reminders', data: { ...settled } })
    return { toast: { kind: 'success', words: '已保存,自下次通知起适用' }, fresh: { card: reminderCard(settled) } }
  },
} satisfies Record<string, Action>
