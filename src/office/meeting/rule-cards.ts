import { type Block, type Card, card, type Field, fields, form, note } from '../../kit/card.ts'
import { figureIn, offText, type RuleDesk, ruleFolds, switchesForm, thresholdsForm } from '../../kit/rule-cards.ts'
import { quietText } from './quiet.ts'
import { BOOK, type RuleId } from './rule-book.ts'
import { type Cap, type Caps, type RuleSetting, THRESHOLDS, type Threshold } from './rule-setting.ts'
import { CLASSES, type MeetingClass } from './terms.ts'

export const DESK: RuleDesk<RuleId, Threshold> = {
  ...{ title: '会议规则', feature: 'meeting', prefix: 'MT', example: 'MT-10、MT-27', keepers: '审批人' },
  ...{ ...BOOK, thresholds: THRESHOLDS },
  groups: [
    { title: '保密和纪律', ids: ['MT-01', 'MT-02'] },
    { title: '时间', ids: ['MT-09', 'MT-10', 'MT-26', 'MT-28', 'MT-29', 'MT-30'] },
    { title: '范围和规模', ids: ['MT-20', 'MT-22', 'MT-23', 'MT-24', 'MT-27', 'MT-34'] },
    { title: '内容和文稿', ids: ['MT-21', 'MT-25', 'MT-31', 'MT-32', 'MT-33'] },
  ],
}

const NAMES = Object.keys(CLASSES) as MeetingClass[]
const FIGURES = {
  heads: { label: '参会人数上限(0为据实)', least: 0, greatest: 5_000 },
  days: { label: '会期上限(天,0为据实)', least: 0, greatest: 10 },
  fee: { label: '综合定额(元/人·天)', least: 0, greatest: 5_000 },
} as const satisfies Record<keyof Cap, unknown>
const PARTS = Object.keys(FIGURES) as Array<keyof Cap>

/** What the office has settled about the rules of its meetings, with a form for each part of it. */
export function rulesCard(setting: RuleSetting): Card {
  const quiet = setting.quiet.map(quietText).join('、')
  return card(
    DESK.title,
    'blue',
    fields(['关闭的规则', offText(DESK, setting)], ['无会日', quiet || '未设置']),
    ...ruleFolds(DESK, setting),
    switchesForm(DESK, setting),
    thresholdsForm(DESK, setting.thresholds),
    quietForm(quiet),
    capsForm(setting.caps),
    note('关闭、调整的规则自保存时起适用于此后的会议。无会周以周一所在的月份计。'),
  )
}

const quietForm = (value: string): Block =>
  form(
    'quietDays',
    [
      {
        ...{ kind: 'input', name: 'quiet', label: '无会日(以顿号分隔;不填为不设)', value, max: 800 },
        hint: '每周一、每月第二周、12月1日至12月5日',
      },
    ],
    [{ label: '保存无会日', action: 'meeting.quietRules', style: 'primary' }],
  )

const capsForm = (caps: Caps): Block =>
  form(
    'classCaps',
    NAMES.flatMap(name =>
      PARTS.map(
        (part): Field => ({
          ...{ kind: 'input', name: `${name}_${part}`, label: `${CLASSES[name]}会议 ${FIGURES[part].label}` },
          ...{ value: String(caps[name][part]), max: 5 },
        }),
      ),
    ),
    [{ label: '保存会议标准', action: 'meeting.capRules', style: 'primary' }],
  )

/** @throws Refusal naming the figure that is out of bounds. */
export function readCaps(typed: (name: string) => string): Caps {
  const figure = (name: MeetingClass, part: keyof Cap) =>
    figureIn(typed(`${name}_${part}`), { ...FIGURES[part], label: `${CLASSES[name]}会议${FIGURES[part].label}` })
  return Object.fromEntries(
    NAMES.map(name => [name, { heads: figure(name, 'heads'), days: figure(name, 'days'), fee: figure(name, 'fee') }]),
  ) as Record<MeetingClass, Cap>
}
