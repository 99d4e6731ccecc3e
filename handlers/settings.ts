import { keepSetting } from '../db/settings.ts'
import type { Answer, Feature, Press, Turn } from '../src/bot/feature.ts'
import { type Card, card, fields, form, note } from '../src/kit/card.ts'
import { areHours } from '../src/kit/hours.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { halfWidth } from '../src/kit/text.ts'
import { refuseNonAdmin } from './admins.ts'
import { hoursText } from './hours.ts'

export const settings: Feature = {
  name: 'settings',
  title: '设置',
  words: ['设置', 'settings'],
  about: '本单位的工作时间',
  forAdmins: true,
  commands: { '': { usage: '/设置', about: '查看;系统管理员可修改', run: show } },
  actions: { hours: changeHours },
}

async function show(turn: Turn): Promise<Answer> {
  return { say: { card: settingsCard(await hoursText(turn), mayChange(turn)) }, privately: true }
}

async function changeHours(turn: Turn, { form: values }: Press): Promise<Answer> {
  refuseNonAdmin(turn, '修改设置')
  const typed = typeof values.hours === 'string' ? values.hours : ''
  const hours = halfWidth(typed)
    .replace(/\s+/g, '')
    .replace(/[、;,]/g, ',')
    .replace(/[~—–至到]/g, '-')
  if (!areHours(hours)) throw new Refusal('工作时间格式不对,例如:08:30-12:00,14:30-17:30')
  await keepSetting(turn.db, 'office.hours', hours, turn.now)
  turn.record({ feature: 'settings', act: 'hours', data: { hours } })
  return { toast: { kind: 'success', words: '已保存' }, fresh: { card: settingsCard(hours, true) } }
}

const mayChange = (turn: Turn): boolean =>
  turn.office.admins.includes(turn.who.id) || turn.roles.some(held => held.code === 'SY')

function settingsCard(hours: string, changeable: boolean): Card {
  const input = {
    kind: 'input' as const,
    name: 'hours',
    label: '工作时间',
    hint: '08:30-12:00,14:30-17:30',
    value: hours,
    required: true,
    max: 40,
  }
  const save = { label: '保存', action: 'settings.hours', style: 'primary' as const }
  return card(
    '设置',
    'blue',
    fields(['工作时间', hours.replace(',', '、')]),
    changeable ? form('settings', [input], [save]) : note('修改设置仅限系统管理员'),
  )
}
