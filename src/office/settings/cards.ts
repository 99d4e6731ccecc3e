import { type Block, type Card, card, type Field, fields, form, note } from '../../kit/card.ts'
import type { Customs } from '../../kit/customs.ts'
import type { Season } from '../../kit/hours.ts'

/** Whole numbers that may be settled: by which name, what they are, and within which bounds. */
export const LIMITS = {
  most: { name: 'remind.most', label: '每人提醒上限(条)', usual: 100, least: 1, greatest: 1_000 },
  daily: { name: 'remind.daily', label: '每人每日主动通知上限(条)', usual: 20, least: 1, greatest: 200 },
} as const
export type Limit = keyof typeof LIMITS

export type Settled = Record<Limit, number> & { morning: boolean; empty: boolean }

/** What the office has settled, with a form for each group of it where the viewer may change it. */
export function settingsCard(of: {
  customs: Customs
  limits: Settled
  /** 代字, a line for each unit that has one. */
  words: string[]
  /** Sources whose titles groups read in their digest. */
  sources: string[]
  changeable: boolean
}): Card {
  const { customs, limits, words, sources, changeable } = of
  return card(
    '设置',
    'blue',
    fields(
      ['工作时间', customs.hours.replace(',', '、')],
      ...customs.seasons.map(season => ['季节作息', inWords(season)] as const),
      [LIMITS.most.label, String(limits.most)],
      [LIMITS.daily.label, String(limits.daily)],
      ['工作早报', limits.morning ? '工作日上班时发送' : '不发送'],
      ['无事项时', limits.empty ? '也发送早报和播报' : '不发送早报和播报'],
      ['督办代字', words.length ? words.join('、') : '督(默认)'],
      ['群播报中的督办', sources.length ? `编号和时限;另显示标题:${sources.join('、')}` : '只显示编号和时限'],
    ),
    ...(changeable
      ? [...forms(customs, limits, words, sources), others]
      : [note('修改设置仅限系统管理员,在与回音的私聊中进行')]),
  )
}

/** What a subject settles on a card of its own. */
const others: Block = {
  kind: 'buttons',
  buttons: [
    { label: '用车规则', action: 'car.rules' },
    { label: '会议规则', action: 'meeting.rules' },
    { label: '会议提醒', action: 'meeting.reminders' },
    { label: '会议回执', action: 'meeting.replySetting' },
  ],
}

const inWords = ({ from, to, hours }: Season): string => `${from}至${to} ${hours}`

function forms({ hours, seasons }: Customs, limits: Settled, words: string[], sources: string[]): Block[] {
  const input = (name: string, label: string, hint: string, value: string, max: number) =>
    ({ kind: 'input', name, label, hint, value, max }) as const
  const choice = (name: string, label: string, value: boolean, on: string, off: string): Field => ({
    kind: 'choose',
    name,
    label,
    options: [
      { value: 'on', label: on },
      { value: 'off', label: off },
    ],
    value: value ? 'on' : 'off',
  })
  const save = (label: string, action: string) => ({ label, action: `settings.${action}`, style: 'primary' as const })
  return [
    form(
      'settings',
      [{ ...input('hours', '工作时间', '08:30-12:00,14:30-17:30', hours, 40), required: true }],
      [save('保存', 'hours')],
    ),
    form(
      'seasonal',
      [
        {
          ...input(
            'seasons',
            '季节作息(每季一行,可不填)',
            '07-01至09-30 08:00-12:00,15:00-18:00',
            seasons.map(inWords).join('\n'),
            300,
          ),
          lines: 2,
        },
      ],
      [save('保存季节作息', 'seasons')],
    ),
    form(
      'bounds',
      [
        ...(Object.keys(LIMITS) as Limit[]).map(limit =>
          input(limit, LIMITS[limit].label, String(LIMITS[limit].usual), String(limits[limit]), 5),
        ),
        choice('morning', '工作早报', limits.morning, '工作日上班时发送', '不发送'),
        choice('empty', '无事项时', limits.empty, '也发送', '不发送'),
      ],
      [save('保存限额', 'limits')],
    ),
    form(
      'numbering',
      [
        {
          ...input('words', '督办代字(每单位一行,不填为“督”)', '本单位:政法督', words.join('\n'), 1_000),
          lines: 2,
        },
      ],
      [save('保存代字', 'words')],
    ),
    form(
      'contents',
      [
        {
          ...input('sources', '群播报显示标题的督办来源(可不填)', '会议议定、年度重点工作', sources.join('、'), 200),
          lines: 2,
        },
      ],
      [save('保存显示内容', 'content')],
    ),
  ]
}
