import { type Block, type Button, bold, type Card, card, fold, form, note, type Option, text } from '../../kit/card.ts'
import type { HeldRole } from '../../kit/person.ts'
import { isAdministrator, may, type RoleCode } from './role.ts'

/** Who keeps one subject for the whole unit hands over what is of that subject, and hears of it. */
export const KEEPERS: Record<string, RoleCode> = { task: 'DB', meeting: 'HW', car: 'CD' }
/** Who hears of everything: of the office, and of the leaver's own section. */
export const HEARING = { office: 'BZ', section: 'KZ' } as const satisfies Record<string, RoleCode>

const RIGHTS: Record<string, Parameters<typeof may>[2]> = {
  task: 'task.handOver',
  meeting: 'meeting.handOver',
  car: 'car.handOver',
}

interface Giver {
  held: readonly HeldRole[]
  departments: readonly string[]
  /** Heads one of the leaver's departments, by the directory. */
  heads: boolean
}

/** Whether somebody may hand over what of a subject a member of some departments has in hand. */
export function mayHandOver(subject: string, { held, departments, heads }: Giver, of: readonly string[]): boolean {
  const near = (units: readonly string[]): boolean => units.some(unit => of.includes(unit))
  const counts = ({ code, unit }: HeldRole): boolean => {
    if (isAdministrator(code)) return true
    if (unit !== undefined) return near([unit])
    return code !== HEARING.section || near(departments)
  }
  const codes = [...held.filter(counts).map(({ code }) => code), ...(heads ? [HEARING.section] : [])]
  return may(codes, 'E', RIGHTS[subject] ?? 'matter.handOver')
}

export const HAND_EXAMPLE = '/角色 移交 @王强 @李静'
/** The choice of everything that there is. */
export const WHOLE = 'whole'
/** So many lines of a subject stand on the card. */
const SHOWN = 20

/** What of one subject somebody has in hand; whoever keeps the system sees only how many. */
export interface InHand {
  feature: string
  title: string
  count: number
  /** There are more than were counted. */
  isMore?: boolean
  lines: readonly string[]
}

export interface Leaver {
  id: string
  name: string
  unit: string
  /** Still there: they only change their post. */
  active: boolean
  inHand: readonly InHand[]
}

export const totalOf = (inHand: readonly InHand[]): number => inHand.reduce((sum, { count }) => sum + count, 0)

export const countsOf = (inHand: readonly InHand[]): string =>
  inHand.map(one => `${one.title}${countOf(one)}`).join('、')

const countOf = ({ count, isMore }: Pick<InHand, 'count' | 'isMore'>): string => `${count}项${isMore ? '以上' : ''}`

const totalWord = (inHand: readonly InHand[]): string =>
  countOf({ count: totalOf(inHand), isMore: inHand.some(({ isMore }) => isMore) })

export const headOf = ({ name, unit, active, inHand }: Leaver): string =>
  `${name}${unit ? `(${unit})` : ''}${active ? '' : '已离任,'}名下有${totalWord(inHand)}未办结事项`

/** Asks to whom, and says what of the words about it was in doubt; its field names are read by the handler. */
export function handOverForm(leaver: Leaver, options: Option[], to: string, doubt?: string): Card {
  const { id, name, active, inHand } = leaver
  const total = totalOf(inHand)
  if (!total) return card('移交', 'grey', text(`${name}名下没有未办结事项。`))
  const press: Button = {
    label: '移交',
    action: 'role.handOver',
    value: active ? { person: id } : { person: id, left: 1 },
    style: 'primary',
    confirm: { title: '移交', text: `${name}名下所选事项将移交给接手人。` },
  }
  const parts = inHand.map(one => ({ value: one.feature, label: `仅${one.title}(${countOf(one)})` }))
  const whole = { value: WHOLE, label: `一并移交(${totalWord(inHand)})` }
  return card(
    `移交 · ${name}`,
    'yellow',
    doubt ? text(bold(doubt)) : undefined,
    text(bold(headOf(leaver))),
    ...inHand.map(one => {
      const words = `${one.title} ${countOf(one)}`
      return one.lines.length ? fold(words, ...linesOf(one)) : text(words)
    }),
    form(
      'handOver',
      [
        { kind: 'choose', name: 'to', label: '接手人', hint: '选择接手人', options, value: to },
        { kind: 'input', name: 'names', label: '或填写接手人姓名', hint: '如:李静', max: 40 },
        { kind: 'choose', name: 'of', label: '移交范围', options: [whole, ...parts], value: WHOLE },
      ],
      [press],
    ),
    note(
      active
        ? '督办须由接手人重新签收。角色和代理不随移交变动,请另行设置。'
        : '督办须由接手人重新签收;参会名额、个人提醒、角色和代理随移交结束。',
    ),
  )
}

const linesOf = ({ lines, isMore }: Pick<InHand, 'lines' | 'isMore'>): Block[] => [
  ...lines.slice(0, SHOWN).map(line => text(`· ${line}`)),
  ...(lines.length > SHOWN
    ? [note(`另有${countOf({ count: lines.length - SHOWN, ...(isMore ? { isMore } : {}) })}。`)]
    : []),
]

/** What has been given so far, where it is too much for one press. */
export const handingCard = (from: string, to: string, given: readonly InHand[]): Card =>
  card(
    '移交 · 进行中',
    'yellow',
    text(bold(`正在将${from}名下事项移交${to}`), given.length ? `:已移交${countsOf(given)}` : ''),
    note('事项较多,其余分批移交,一般数分钟内完成,完成后另行告知。'),
  )

/** Why something of a subject stays with whoever had it. */
const KEPT: Record<string, string> = {
  assign: '由接手人承办的交办,仍由原交办人确认。',
  car: '用车不移交给审批过、同意过该用车或不办理用车申请的人员;出车任务由车管员改派。',
  meeting: '待审批的会议不移交给其审批人;主持人由会议承办人变更,定期会议由其承办人终止后另设。',
  remind: '群内定期提醒只移交给同群的人员。',
  task: '督办中设有知悉范围的事项,只移交知悉范围内的人员;改由其他单位承办的,须由督办员、办公室主任等移交。其余由交办人、督办员等知悉范围内的人员转办或变更。',
}

/** What was given to whom, and what only somebody else can settle. */
export function handedCard(from: string, to: string, given: readonly InHand[], left: readonly InHand[]): Card {
  return card(
    given.length ? '移交 · 已完成' : '移交 · 未办理',
    given.length ? 'green' : 'grey',
    given.length
      ? text(bold(`${from}名下事项已移交${to}`), `:${countsOf(given)}`)
      : text(`${from}名下没有可以移交${to}的事项。`),
    ...(left.length ? [text('仍在其名下,须另行办理:')] : []),
    ...left.flatMap(one => (one.lines.length ? linesOf(one) : [text(`· ${one.title} ${countOf(one)}`)])),
    ...left.flatMap(({ feature }) => (KEPT[feature] ? [note(KEPT[feature])] : [])),
    given.length ? note('接手人将收到提示,并可在 /待办 中查看。') : undefined,
  )
}

/** What whoever had it reads, where they are still there. */
export const givenLine = (to: string, given: readonly InHand[], by: string): string =>
  `${by}已将您名下的${countsOf(given)}移交给${to}`

/** What whoever takes over reads. */
export const takenLine = (from: string, given: readonly InHand[], by: string): string =>
  `${by}已将${from}名下的${countsOf(given)}移交给您,请发送 /待办 查看`
