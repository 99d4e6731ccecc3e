import type { Random } from './random.ts'

/** What a command makes when it is accepted. */
export type Made = 'assign' | 'task' | 'car' | 'meeting' | 'remind'

export interface Says {
  who: string
  say: string
  /** In this group instead of in private; `@回音` and names become mentions. */
  group?: string
  /** One matter of this kind that bears the story's word. */
  makes?: Made
}

export interface Presses {
  who: string
  press: string
  group?: string
  /** The words of the card that is meant, where the story's own word does not stand on it. */
  on?: string
  form?: Record<string, string>
  /** Everything that the card's form holds goes along as it stands. */
  filled?: true
  /** Pressed so many times at once, as by an impatient finger. */
  times?: number
}

/** A matter from its beginning to its end, or as far as it gets. `word` stands in all that is said of it, and nowhere else. */
export interface Story {
  at: number
  word: string
  steps: Array<(Says | Presses) & { afterMs: number }>
}

type Step = Says | Presses
type Teller = (random: Random, word: string) => Step[]

const GROUP = '督查工作群'

/** Nothing in a word made of these reads like a name or a time. */
const TREES = [...'梅兰竹菊松枫樟桂荷莲榆槐']

export function storyOf(random: Random, nth: number): Story {
  const counted = [TREES[Math.floor(nth / TREES.length) % TREES.length], TREES[nth % TREES.length]]
  const word = [...counted, random.among(TREES), random.among(TREES), random.among(TREES)].join('')
  const steps = random.among(TELLERS)(random, word)
  return { at: 0, word, steps: steps.map(step => ({ ...hurried(random, step), afterMs: random.between(30, 500) })) }
}

/** Now and then somebody presses two or three times. */
const hurried = (random: Random, step: Step): Step =>
  'press' in step && random.odds(0.15) ? { ...step, times: random.between(2, 3) } : step

const assign: Teller = (random, word) => {
  const [giver, taker] = random.among([
    ['王强', '郑洁'],
    ['李静', '陈晨'],
    ['吴刚', '王强'],
    ['陈晨', '曹颖'],
    ['周涛', '孙丽'],
  ]) as [string, string]
  const group = giver === '王强' && random.odds(0.5) ? { group: GROUP } : {}
  const due = random.among(['明天下班前', '今天17点', '周五下午3点前', '今天9点半'])
  const says: Says = { who: giver, say: `@回音 /交办 @${taker} ${due}整理${word}的材料`, makes: 'assign', ...group }
  const takes: Presses = { who: taker, press: '签收', ...group }
  return random.among<Step[]>([
    [says, takes, { who: taker, press: '完成', form: { word: '已整理' }, ...group }, { who: giver, press: '确认完成' }],
    [
      says,
      takes,
      { who: taker, press: '完成', form: { word: '初稿' }, ...group },
      { who: giver, press: '退回重做', form: { word: '请补充附件' } },
      { who: taker, press: '完成', form: { word: '已补充' }, ...group },
      { who: giver, press: '确认完成' },
    ],
    [says, { who: taker, press: '退回', form: { word: '不属本科室职责' }, ...group }],
    [says, takes, { who: giver, press: '取消', ...group }],
  ])
}

const task: Teller = (random, word) => {
  const lead = random.among(['陈晨', '曹颖'])
  const given: Step[] = [
    { who: '王强', say: `/督办 @${lead} 报送${word}的总结 12月8日下班前`, makes: 'task' },
    { who: '王强', press: '送审' },
  ]
  const own = (press: string, words: string): Presses => ({ who: lead, press, form: { word_own: words } })
  const approved: Step[] = [...given, { who: '李静', press: '同意交办' }]
  const finished: Step[] = [
    { ...own('申请办结', '已报送'), filled: true },
    { who: '王强', press: '同意办结' },
    { who: '李静', press: '同意办结' },
  ]
  return random.among<Step[]>([
    [...approved, { who: lead, press: '签收' }, { ...own('反馈进展', '已收齐材料'), filled: true }, ...finished],
    [...approved, { who: lead, press: '签收' }, ...finished],
    [
      ...approved,
      own('退回交办', '不属本科室职责'),
      { who: '王强', press: '维持', form: { word_office: '按分工办理' } },
    ],
    [
      ...given,
      { who: '李静', press: '退回修改', form: { word_office: '请写明成果形式' } },
      { who: '王强', press: '取消' },
    ],
  ])
}

const car: Teller = (random, word) => {
  const who = random.among(['陈晨', '褚燕'])
  // few days and hours, so that they want the same cars
  const when = `11月${random.between(25, 26)}日${random.among(['8:30-11:30', '9:00-12:00', '14:00-17:00'])}`
  const asked: Step[] = [
    { who, say: `/用车 ${when} 区法院 参加${word}调研座谈会`, makes: 'car' },
    { who, press: '提交' },
  ]
  const dispatched: Step[] = [
    ...asked,
    { who: '冯军', press: '同意' },
    { who: '李静', press: '同意' },
    { who: '蒋勇', say: '/用车 待派' },
    { who: '蒋勇', press: '派车', on: '待派' },
    { who: '蒋勇', press: '派车', on: '建议', filled: true },
  ]
  return random.among<Step[]>([
    dispatched,
    dispatched,
    dispatched,
    [...dispatched, { who, press: '取消用车', form: { word: '会议改期' } }],
    [...asked, { who: '冯军', press: '驳回', form: { word: '请乘坐公共交通' } }],
    [...asked, { who, press: '撤回' }],
  ])
}

const meeting: Teller = (random, word) => {
  const room = random.among(['三楼会议室', '二楼小会议室'])
  const hours = random.among(['14:30-16:00', '15:00-16:30', '9:00-10:00'])
  const called: Step[] = [
    { who: '李静', say: `/会议 11月27日${hours} ${room} ${word}协调会 @王强 @冯军 @陈晨`, makes: 'meeting' },
    { who: '李静', press: '发布' },
  ]
  const replies: Step[] = [
    { who: '王强', press: '参加' },
    { who: '陈晨', press: '参加', form: { word: '带两份材料' } },
    { who: '冯军', press: '请假', form: { word: '出差' } },
  ]
  return random.among<Step[]>([
    [...called, ...replies, { who: '李静', press: '同意请假' }],
    [...called, ...replies, { who: '李静', press: '同意请假' }, { who: '王强', press: '改回执' }],
    [
      ...called,
      { who: '王强', press: '参加' },
      { who: '李静', press: '取消会议' },
      { who: '李静', press: '确认取消会议', form: { word: '与市里会议冲突' } },
    ],
  ])
}

const remind: Teller = (random, word) => {
  const who = random.among(['王强', '李静', '陈晨', '孙丽', '周涛'])
  const whom = random.among(['', '@郑洁 ', '@吴刚 '])
  const when = random.among(['30分钟后', '今天上午10点半', '每个工作日9:20', '1小时后', '明天9点'])
  const said: Says = { who, say: `/提醒 ${whom}${when} 交${word}的周报`, makes: 'remind' }
  return whom || random.odds(0.7) ? [said] : [said, { who, press: '完成' }]
}

const ask: Teller = (random, word) => [
  {
    who: random.among(['王强', '李静', '陈晨', '曹颖', '冯军', '赵敏', '孙丽', '周正', '张明']),
    say: random.among([
      '/待办',
      '/今日',
      '/帮助',
      '/督办 列表',
      '/会议 列表',
      '/用车 我的',
      '/提醒 列表',
      `/查 ${word}`,
      '你好',
    ]),
  },
]

const TELLERS: Teller[] = [assign, assign, task, task, car, car, meeting, remind, remind, ask]
