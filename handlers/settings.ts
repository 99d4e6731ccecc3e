import { allDepartments, departmentsById } from '../db/department.ts'
import { keepSettled, setting } from '../db/settings.ts'
import type { Answer, Feature, Press, Turn } from '../src/bot/feature.ts'
import type { Card } from '../src/kit/card.ts'
import { areHours, readSeasons, tidyHours } from '../src/kit/hours.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { halfWidth } from '../src/kit/text.ts'
import { LIMITS, type Limit, type Settled, settingsCard } from '../src/office/settings/cards.ts'
import { readWords, type Words, wordLines } from '../src/office/settings/words.ts'
import { isAdmin, refuseNonAdmin } from './admins.ts'
import { CONTENT, contentSetting, readTitledSources, titledSources } from './content.ts'
import { customs } from './customs.ts'

export const settings: Feature = {
  name: 'settings',
  title: '设置',
  words: ['设置', 'settings'],
  about: '本单位的工作时间、季节作息、提醒限额、工作早报、督办代字、用车规则和会议规则',
  forAdmins: true,
  commands: { '': { usage: '/设置', about: '查看;系统管理员可修改', run: show } },
  actions: {
    hours: changeHours,
    seasons: changeSeasons,
    limits: changeLimits,
    words: changeWords,
    content: changeContent,
  },
}

const OF = { feature: 'settings' }

async function show(turn: Turn): Promise<Answer> {
  return { say: { card: await drawn(turn) }, privately: true }
}

async function changeHours(turn: Turn, { form: values }: Press): Promise<Answer> {
  refuseNonAdmin(turn, '修改设置')
  const hours = tidyHours(halfWidth(typed(values, 'hours')))
  if (!areHours(hours)) throw new Refusal('工作时间格式不对,例如:08:30-12:00,14:30-17:30')
  await keepSettled(turn.db, OF, 'office.hours', hours, turn.now)
  turn.record({ feature: 'settings', act: 'hours', data: { hours } })
  return saved(turn, RECKONED)
}

async function changeSeasons(turn: Turn, { form: values }: Press): Promise<Answer> {
  refuseNonAdmin(turn, '修改设置')
  const seasons = readSeasons(halfWidth(typed(values, 'seasons')))
  if (!seasons) throw new Refusal('季节作息格式不对,例如:07-01至09-30 08:00-12:00,15:00-18:00')
  await keepSettled(turn.db, OF, 'office.seasons', seasons, turn.now)
  turn.record({ feature: 'settings', act: 'seasons', data: { seasons } })
  return saved(turn, RECKONED)
}

async function changeLimits(turn: Turn, { form: values }: Press): Promise<Answer> {
  refuseNonAdmin(turn, '修改设置')
  const data: Record<string, number | boolean> = {}
  for (const limit of Object.keys(LIMITS) as Limit[]) {
    const { name, label, least, greatest } = LIMITS[limit]
    const number = Number(halfWidth(typed(values, limit)).trim())
    if (!Number.isInteger(number) || number < least || number > greatest)
      throw new Refusal(`${label}请填写${least}至${greatest}之间的整数`)
    await keepSettled(turn.db, OF, name, number, turn.now)
    data[limit] = number
  }
  const switches = { morning: typed(values, 'morning') !== 'off', empty: typed(values, 'empty') === 'on' }
  await keepSettled(turn.db, OF, 'digest.morning', switches.morning, turn.now)
  await keepSettled(turn.db, OF, 'digest.empty', switches.empty, turn.now)
  turn.record({ feature: 'settings', act: 'limits', data: { ...data, ...switches } })
  return saved(turn)
}

/** A number given stays as it is; a new 代字 begins a series of its own. */
async function changeWords(turn: Turn, { form: values }: Press): Promise<Answer> {
  refuseNonAdmin(turn, '修改设置')
  const words = readWords(typed(values, 'words'), await allDepartments(turn.db, MOST_UNITS))
  await keepSettled(turn.db, OF, 'task.words', words, turn.now)
  turn.record({ feature: 'settings', act: 'words', data: { words } })
  return saved(turn)
}

/** A group reads no more of a matter than its source allows. */
async function changeContent(turn: Turn, { form: values }: Press): Promise<Answer> {
  refuseNonAdmin(turn, '修改设置')
  const settled = readTitledSources(typed(values, 'sources'))
  await keepSettled(turn.db, OF, CONTENT, settled, turn.now)
  turn.record({ feature: 'settings', act: 'content', data: { settled } })
  return saved(turn)
}

const MOST_UNITS = 500
const RECKONED = '已保存,有关时限和提醒将在1分钟内重新计算'

async function saved(turn: Turn, words = '已保存'): Promise<Answer> {
  return { toast: { kind: 'success', words }, fresh: { card: await drawn(turn) } }
}

const typed = (values: Record<string, unknown>, name: string): string =>
  typeof values[name] === 'string' ? values[name] : ''

async function drawn(turn: Turn): Promise<Card> {
  const words = (await setting<Words>(turn.db, 'task.words')) ?? {}
  const units = await departmentsById(
    turn.db,
    Object.keys(words).filter(id => id !== ''),
  )
  return settingsCard({
    customs: await customs(turn),
    words: wordLines(words, units),
    limits: await settled(turn),
    sources: titledSources(await contentSetting(turn)),
    changeable: isAdmin(turn) && turn.chat.kind === 'private',
  })
}

async function settled({ db }: Turn): Promise<Settled> {
  const [most, daily, morning, empty] = await Promise.all([
    setting<number>(db, LIMITS.most.name),
    setting<number>(db, LIMITS.daily.name),
    setting<boolean>(db, 'digest.morning'),
    setting<boolean>(db, 'digest.empty'),
  ])
  return {
    most: most ?? LIMITS.most.usual,
    daily: daily ?? LIMITS.daily.usual,
    morning: morning ?? true,
    empty: empty ?? false,
  }
}
