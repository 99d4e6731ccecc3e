import { nameOf } from '../../kit/acted.ts'
import {
  type Block,
  type Button,
  bold,
  buttons,
  type Card,
  card,
  divider,
  type Field,
  fold,
  form,
  note,
  type Option,
  text,
  tint,
} from '../../kit/card.ts'
import { pageButtons, pagesOf } from '../../kit/pages.ts'
import { shorten } from '../../kit/text.ts'
import { formatDue, formatInstant, formatShort } from '../../kit/time.ts'
import { DECISION_LIMITS, type Decision, EXAMPLE_DECISION, missingIn } from './decision.ts'
import { type Meeting, numberText, type Setting, unitOf } from './meeting.ts'

/** How far the task that came of a decision is, in words; undefined = it is not one yet. */
export interface Standing {
  task: number
  /** `督〔2026〕5号`, or that it is a draft. */
  number: string
  state: string
  isLate: boolean
  isClosed: boolean
}

/** What somebody may do with the decisions of a meeting. */
export interface DecisionRights {
  edit: boolean
  hand: boolean
}

export interface DecisionView {
  meeting: Meeting
  decisions: readonly Decision[]
  standings: ReadonlyMap<number, Standing>
  page: number
  rights: DecisionRights
}

const headOf = ({ number, title, startsAt }: Meeting, now: Date): string =>
  `${number ? `${numberText(number)} ` : ''}${shorten(title, 40)} · ${formatShort(startsAt, now)}`

const pageCount = ({ length }: readonly Decision[]): number => pagesOf(length, DECISION_LIMITS.page)

/** The decisions of a meeting with what may be done with each. */
export function decisionsCard(view: DecisionView, setting: Setting): Card {
  const { meeting, decisions, page, rights } = view
  const first = (Math.min(page, pageCount(decisions)) - 1) * DECISION_LIMITS.page
  const shown = decisions.slice(first, first + DECISION_LIMITS.page)
  const open = decisions.filter(({ task }) => task === undefined)
  const drawn = card(
    '会议 · 议定事项',
    decisions.length && !open.length ? 'green' : 'blue',
    text(bold(headOf(meeting, setting.now))),
    decisions.length ? note(progressWords(view)) : note('尚未录入议定事项。'),
    ...shown.flatMap((decision, i) => [divider, ...decisionBlocks(decision, first + i + 1, view, setting)]),
    divider,
    buttons(...turns(view), ...wholeButtons(view, open, setting)),
    rights.edit
      ? note('回复本卡片即可补录,一行一项。来源按会议议定登记,转督办后为拟办草稿,按督办程序送审或交办。')
      : undefined,
  )
  return { ...drawn, summary: `[会议] 议定事项${decisions.length}项:${shorten(meeting.title, 30)}` }
}

/** `共5项:已转督办3项(办结1项、逾期1项),待转2项`. */
export function progressWords({ decisions, standings }: Pick<DecisionView, 'decisions' | 'standings'>): string {
  const handed = decisions.flatMap(({ task }) => (task === undefined ? [] : [standings.get(task)]))
  const closed = handed.filter(one => one?.isClosed).length
  const late = handed.filter(one => one?.isLate).length
  const open = decisions.length - handed.length
  const of = [`办结${closed}项`, ...(late ? [`逾期${late}项`] : [])].join('、')
  return `共${decisions.length}项:已转督办${handed.length}项${handed.length ? `(${of})` : ''}${open ? `,待转${open}项` : ''}`
}

function decisionBlocks(
  decision: Decision,
  place: number,
  { rights, standings }: DecisionView,
  setting: Setting,
): Block[] {
  const { title, task, doubts } = decision
  const missing = missingIn(decision)
  const lines = [
    bold(`${place}. ${shorten(title || decision.says, 120)}`),
    `\n${whoWords(decision, setting)}`,
    ...(task === undefined && missing.length ? ['\n', tint('red', `待补充:${missing.join('、')}`)] : []),
    ...(task === undefined && doubts.length ? ['\n', tint('yellow', `请核对:${shorten(doubts.join(''), 120)}`)] : []),
  ]
  const standing = task === undefined ? undefined : standings.get(task)
  return [
    text(...lines),
    standing ? note(standingWords(decision, standing, setting)) : undefined,
    buttons(...decisionButtons(decision, missing, rights)),
  ].filter(block => block !== undefined)
}

function whoWords(
  { lead, leadUnit, assistants, dueAt, proposedBy, askedAt, task }: Decision,
  setting: Setting,
): string {
  const { names, units, now, customs } = setting
  const who =
    leadUnit || lead ? `${leadUnit ? unitOf(leadUnit, units) : ''}${lead ? ` ${nameOf(lead, names)}` : ''}` : '未定'
  const helped = assistants.map(({ id, unit }) => (id ? nameOf(id, names) : unitOf(unit, units)))
  const proposed = proposedBy ? `(${nameOf(proposedBy, names)}提出)` : ''
  const due = dueAt ? `${formatDue(dueAt, now, customs.calendar)}${proposed}` : '未定'
  const asked = !dueAt && askedAt && task === undefined ? `(${formatShort(askedAt, now)}已提请牵头单位提出)` : ''
  return [`牵头:${who.trim()}`, helped.length ? `配合:${helped.join('、')}` : '', `时限:${due}${asked}`]
    .filter(part => part !== '')
    .join(' · ')
}

function standingWords(
  { handedBy, handedAt }: Decision,
  { number, state, isLate }: Standing,
  { names, now }: Setting,
): string {
  const by = handedBy && handedAt ? ` · ${nameOf(handedBy, names)} 已转督办 · ${formatShort(handedAt, now)}` : ''
  return `${number} · ${state}${isLate ? '(逾期)' : ''}${by}`
}

function decisionButtons(decision: Decision, missing: readonly string[], { edit, hand }: DecisionRights): Button[] {
  const { id, rev, task } = decision
  if (task !== undefined) return [{ label: '查看督办', action: 'task.show', value: { id: task } }]
  return [
    ...(hand && !missing.length
      ? [{ label: '转督办', action: 'meeting.handDecision', value: { id, rev }, style: 'primary' as const }]
      : []),
    ...(edit || hand ? [{ label: '修改', action: 'meeting.editDecision', value: { id, rev } }] : []),
  ]
}

const turns = ({ meeting: { id }, decisions, page }: DecisionView): Button[] =>
  pageButtons(page, pageCount(decisions), 'meeting.decisions', { id })

/** What concerns all of them at once. */
function wholeButtons({ meeting, rights }: DecisionView, open: readonly Decision[], { heads }: Setting): Button[] {
  const value = { id: meeting.id }
  const ready = open.filter(decision => !missingIn(decision).length)
  const dateless = open.filter(
    ({ dueAt, askedAt, lead, leadUnit }) => !dueAt && !askedAt && (lead || heads.has(leadUnit)),
  )
  return [
    ...(rights.hand && ready.length > 1
      ? [{ label: `全部转督办(${ready.length}项)`, action: 'meeting.handDecisions', value, style: 'primary' as const }]
      : []),
    ...((rights.edit || rights.hand) && dateless.length
      ? [{ label: `提请报时限(${dateless.length}项)`, action: 'meeting.askDues', value }]
      : []),
    ...(rights.edit ? [{ label: '录入议定事项', action: 'meeting.decide', value }] : []),
  ]
}

/** 录入议定事项: lines, as they are pasted from the minutes. */
export function noteForm(meeting: Meeting, now: Date): Card {
  return {
    ...card(
      '会议 · 录入议定事项',
      'grey',
      text(bold(headOf(meeting, now))),
      form(
        'decisions',
        [
          {
            kind: 'input',
            name: 'lines',
            label: '议定事项,一行一项',
            hint: EXAMPLE_DECISION,
            max: DECISION_LIMITS.says,
            lines: 8,
            required: true,
          },
        ],
        [{ label: '录入', action: 'meeting.noteDecisions', value: { id: meeting.id }, style: 'primary' }],
      ),
      note('牵头单位、配合单位和时限从文字中识别,未写明的录入后补充。一次超过1000字的,可分次录入。'),
    ),
    summary: '[会议] 请录入议定事项',
  }
}

/** What a decision's form was opened with. */
export interface DecisionOffer {
  units: readonly Option[]
  /** Names of who helps, as they may be typed. */
  helpers: string
  leadName: string
}

export function decisionForm(decision: Decision, { units, helpers, leadName }: DecisionOffer): Card {
  const { id, rev, title, leadUnit, dueAt, doubts, says } = decision
  const input = (name: string, label: string, hint: string, value: string, max: number): Field => ({
    ...{ kind: 'input', name, label, hint, value, max },
  })
  const fields: Field[] = [
    { kind: 'input', name: 'title', label: '事项', value: title, max: DECISION_LIMITS.title, lines: 2, required: true },
    {
      ...{ kind: 'choose', name: 'unit', label: '牵头单位', hint: '选择牵头单位', options: [...units] },
      ...(leadUnit ? { value: leadUnit } : {}),
    },
    input('lead', '牵头人(不填则为牵头单位负责人)', '姓名', leadName, 20),
    input('helpers', '配合单位或人员(可不填)', '用顿号分隔', helpers, 200),
    input('due', '完成时限(可提请牵头单位提出)', '如:12月10日前', dueAt ? formatInstant(dueAt) : '', 60),
    {
      ...{ kind: 'input', name: 'says', label: '议定事项原文(载入会议纪要)', value: says, max: DECISION_LIMITS.says },
      ...{ lines: 3, required: true },
    },
  ]
  return {
    ...card(
      '会议 · 修改议定事项',
      'grey',
      doubts.length ? text(tint('yellow', '请核对'), `:${doubts.join('')}`) : undefined,
      form('decision', fields, [
        { label: '保存', action: 'meeting.editDecision', value: { id, rev }, style: 'primary' },
        {
          ...{ label: '删除该项', action: 'meeting.dropDecision', value: { id, rev }, style: 'danger' },
          confirm: { title: '删除该项', text: '删除后不能恢复,须重新录入。' },
        },
      ]),
    ),
    summary: '[会议] 修改议定事项',
  }
}

/** What the head of the unit that leads is asked: a deadline that the meeting did not set (MT-07). */
export function dueCard(decision: Decision, meeting: Meeting, setting: Setting, mayPropose: boolean): Card {
  const { id, title, says, dueAt, proposedBy, task } = decision
  const { names, now, customs } = setting
  const isOpen = dueAt === undefined && task === undefined
  const said = dueAt ? formatDue(dueAt, now, customs.calendar) : ''
  const drawn = card(
    `会议 · ${isOpen ? '请提出完成时限' : '完成时限已定'}`,
    isOpen ? 'yellow' : 'green',
    text(bold(shorten(title || says, 120))),
    text(`来自 ${headOf(meeting, now)}\n${whoWords(decision, setting)}`),
    isOpen ? undefined : note(proposedBy ? `${nameOf(proposedBy, names)} 已提出 · ${said}` : `时限:${said}`),
    isOpen && mayPropose
      ? form(
          'deadline',
          [{ kind: 'input', name: 'due', label: '完成时限', hint: '如:12月10日前', max: 60, required: true }],
          [{ label: '提出时限', action: 'meeting.proposeDue', value: { id }, style: 'primary' }],
        )
      : undefined,
  )
  return { ...drawn, summary: `[会议] ${isOpen ? '请提出议定事项完成时限' : '议定事项时限已定'}` }
}

const FOLDED = 10

/** On the meeting's own card: how far its decisions are. */
export function progressBlocks(
  { id }: Pick<Meeting, 'id'>,
  view: Pick<DecisionView, 'decisions' | 'standings'>,
  mayOpen: boolean,
): Block[] {
  const { decisions, standings } = view
  if (!decisions.length) return []
  const lines = decisions.slice(0, FOLDED).map(({ title, says, task }, i) => {
    const standing = task === undefined ? undefined : standings.get(task)
    return note(
      `${i + 1}. ${shorten(title || says, 40)} · ${standing ? `${standing.number} ${standing.state}` : '待转督办'}`,
    )
  })
  const rest = decisions.length > FOLDED ? [note(`另有${decisions.length - FOLDED}项`)] : []
  const open = buttons({ label: '查看议定事项', action: 'meeting.decisions', value: { id, page: 1 } })
  return [
    text(bold('议定事项'), ` ${progressWords(view)}`),
    ...(mayOpen ? [fold('议定事项进展', ...lines, ...rest), ...(open ? [open] : [])] : []),
  ]
}
