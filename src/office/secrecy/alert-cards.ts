import { nameOf } from '../../kit/acted.ts'
import {
  type Block,
  type Button,
  buttons,
  type Card,
  type Colour,
  card,
  divider,
  fields,
  form,
  note,
  table,
  text,
} from '../../kit/card.ts'
import { openMoves } from '../../kit/flow.ts'
import { formatShort } from '../../kit/time.ts'
import {
  type Alert,
  type AlertMove,
  type AlertRole,
  type AlertState,
  alertFlow,
  isPassable,
  LIMITS,
  type Release,
  reportBy,
  type Stopped,
} from './alert.ts'

export interface Setting {
  now: Date
  names: ReadonlyMap<string, string>
  units: ReadonlyMap<string, string>
  /** What a rule is called, by its id. */
  rules: ReadonlyMap<string, string>
}

const COLOURS: Record<AlertState, Colour> = {
  open: 'red',
  released: 'green',
  breach: 'yellow',
  leaked: 'red',
  reported: 'grey',
}

const PLACES: Record<Stopped['place'], string> = {
  text: '消息文字',
  form: '表单内容',
  name: '文件名或群名称',
  attachment: '文件内容',
  picture: '图片或扫描件',
}
const ACTIONS: Record<Stopped['action'], string> = { block: '已阻断', return: '已退回待核' }
const SHOWN = 10

/** An alert as whoever may see it sees it: never a word of what was stopped. */
export function alertCard(
  alert: Alert,
  stopped: readonly Stopped[],
  roles: readonly AlertRole[],
  setting: Setting,
): Card {
  const { state, count, openedAt, lastAt } = alert
  const { now } = setting
  const rules = [...new Set(stopped.flatMap(one => one.rules))].sort()
  const moves = openMoves(alertFlow, state, roles)
  const drawn = card(
    `保密告警 · ${alertFlow.states[state]}`,
    COLOURS[state],
    fields(
      ['发送人', senderOf(alert, setting)],
      ['触发规则', rules.map(rule => ruleWords(rule, setting)).join(';')],
      ['次数', `${count}次,${spanWords(openedAt, lastAt, now)}`],
    ),
    ...stopped.slice(-SHOWN).map(one => text(`· ${lineOf(one, setting)}`)),
    count > SHOWN ? note(`仅列最近${SHOWN}次。`) : undefined,
    decisionNote(alert, setting),
    ...duty(alert, now),
    note('告警不含原文。请按保密规定的方式向发送人核实,不要让其重新发送。'),
    ...controls(alert, stopped, moves, setting),
  )
  return { ...drawn, summary: `[保密] 告警 ${alertFlow.states[state]}` }
}

function spanWords(from: Date, to: Date, now: Date): string {
  const [first, last] = [formatShort(from, now), formatShort(to, now)]
  return first === last ? first : `${first}至${last}`
}

const senderOf = ({ sender, unit }: Pick<Alert, 'sender' | 'unit'>, { names, units }: Setting): string => {
  const of = units.get(unit)
  return `${nameOf(sender, names)}${of ? `(${of})` : ''}`
}

const ruleWords = (rule: string, { rules }: Setting): string => `${rule}${rules.has(rule) ? ` ${rules.get(rule)}` : ''}`

const lineOf = (stopped: Stopped, { now, names }: Setting): string => {
  const { at, place, chat, rules } = stopped
  const where = names.get(chat) ? `群“${names.get(chat)}”` : '私聊'
  return `${formatShort(at, now)} · ${where} · ${PLACES[place]} · ${rules.join('、')} · ${outcomeOf(stopped)}`
}

function outcomeOf(stopped: Stopped): string {
  if (!stopped.released) return ACTIONS[stopped.action]
  return isPassable(stopped) ? '已放行' : '属误报,仍不作材料'
}

function decisionNote(
  { state, decidedBy, decidedAt, word, reportedBy, reportedAt, report }: Alert,
  { now, names }: Setting,
): Block | undefined {
  if (!decidedBy || !decidedAt) return undefined
  const act = { open: '部分放行', released: '误报放行', breach: '确认违规', leaked: '确认泄密', reported: '确认泄密' }[
    state
  ]
  const told =
    reportedBy && reportedAt ? `;${nameOf(reportedBy, names)} 已报告 · ${formatShort(reportedAt, now)} · ${report}` : ''
  return note(`${nameOf(decidedBy, names)} ${act} · ${formatShort(decidedAt, now)}${word ? ` · ${word}` : ''}${told}`)
}

/** 《保守国家秘密法实施条例》第六十一条. */
function duty(alert: Alert, now: Date): Array<Block | undefined> {
  if (alert.state !== 'leaked') return []
  const end = reportBy(alert)
  const left = end > now ? `报告时限:${formatShort(end, now)}` : `报告时限${formatShort(end, now)}已过,请立即报告`
  return [
    text('请立即采取补救措施,并在发现后24小时内向同级保密行政管理部门和上级主管部门报告。请勿删除有关记录。'),
    text({ bold: left }),
    note('依据:《中华人民共和国保守国家秘密法实施条例》第六十一条'),
  ]
}

const ALL = 'all'

function controls(
  { id, rev }: Alert,
  stopped: readonly Stopped[],
  moves: readonly AlertMove[],
  setting: Setting,
): Array<Block | undefined> {
  const value = { id, rev }
  const press = (move: AlertMove, style?: Button['style']): Button => ({
    label: alertFlow.moves[move].button,
    action: `secrecy.${move}`,
    value,
    ...(style ? { style } : {}),
  })
  const left = stopped.filter(({ released }) => !released)
  if (moves.includes('report'))
    return [
      divider,
      form(
        'report',
        [
          {
            kind: 'input',
            name: 'report',
            label: '报告情况',
            hint: '报告编号、受理部门和时间',
            max: LIMITS.report,
            required: true,
          },
        ],
        [press('report', 'primary')],
      ),
    ]
  if (!moves.length) return []
  return [
    divider,
    form(
      'judge',
      [
        ...(moves.includes('release') && left.length > 1
          ? [
              {
                kind: 'choose' as const,
                name: 'which',
                label: '放行哪一次',
                options: [
                  { value: ALL, label: '全部' },
                  ...left.slice(-SHOWN).map(one => ({ value: String(one.id), label: lineOf(one, setting) })),
                ],
                value: ALL,
              },
            ]
          : []),
        { kind: 'input', name: 'word', label: '处置意见(误报放行须写明理由)', lines: 2, max: LIMITS.word },
      ],
      moves.map(move => press(move, move === 'release' ? 'primary' : 'danger')),
    ),
  ]
}

/** The desk of 保密员: what is still to be judged or reported. */
export function deskCard(alerts: readonly Alert[], more: boolean, setting: Setting): Card {
  const drawn = card(
    alerts.length ? `保密 · 待处置${alerts.length}件${more ? '以上' : ''}` : '保密 · 待处置',
    alerts.length ? 'red' : 'green',
    ...(alerts.length ? alerts.flatMap(alert => rowOf(alert, setting)) : [text('没有待处置的保密告警。')]),
    buttons({ label: '放行清单', action: 'secrecy.releases' }, { label: '规则', action: 'secrecy.rules' }),
  )
  return { ...drawn, summary: `保密:待处置${alerts.length}件` }
}

export const alertLine = (alert: Alert, setting: Setting): string =>
  `保密告警 · ${senderOf(alert, setting)} · ${alert.count}次 · ${formatShort(alert.lastAt, setting.now)} · ${alertFlow.states[alert.state]}`

export const showButton = ({ id }: Pick<Alert, 'id'>) => ({
  label: '查看',
  action: 'secrecy.show',
  value: { id },
})

const rowOf = (alert: Alert, setting: Setting): Array<Block | undefined> => [
  text(alertLine(alert, setting)),
  buttons(showButton(alert)),
]

/** What has been found harmless, the latest first; withdrawn by whoever keeps the list. */
export function releasesCard(
  releases: readonly Release[],
  more: boolean,
  keeps: boolean,
  { now, names, rules }: Setting,
): Card {
  const rows = releases.flatMap(
    (release): Array<Block | undefined> => [
      text(
        `${release.rules.map(rule => ruleWords(rule, { rules } as Setting)).join('、')} · ${nameOf(release.by, names)} ${formatShort(release.at, now)} 放行 · 理由:${release.reason}`,
      ),
      keeps
        ? buttons({
            label: '撤销',
            action: 'secrecy.revoke',
            value: { id: release.id },
            confirm: { title: '撤销放行', text: '撤销后,同样的内容将再次被拦截。' },
          })
        : undefined,
    ],
  )
  return card(
    '放行清单',
    'blue',
    ...(rows.length ? rows : [text('没有放行的内容。')]),
    more ? note(`仅列最近${releases.length}项。`) : undefined,
    note('清单只保存内容的指纹和放行理由,不含原文。'),
  )
}

/** The rule book, with what is done about a hit. */
export const ruleBookCard = (rows: ReadonlyArray<readonly [id: string, name: string, action: string]>): Card =>
  card(
    '保密规则',
    'blue',
    table(['编号', '内容', '处理'], rows),
    note('规则随程序发布,不在此停用。误报的具体内容可由保密员放行。本检查不能代替人工保密审查。'),
  )

export const hiddenAlert = (): Card => card('保密告警', 'grey', text('未找到该告警,或您无权查看。'))
