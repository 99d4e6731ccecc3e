import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { features } from '../handlers/index.ts'
import { validateCard } from '../simulator/card/validate.ts'
import { CARD_LIMITS, fits, printCard } from '../src/feishu/card.ts'
import { literal } from '../src/feishu/literal.ts'
import { FORM_LIMITS } from '../src/feishu/press.ts'
import {
  type Block,
  bold,
  type Card,
  card,
  fields,
  form,
  note,
  pressables,
  table,
  text,
  tint,
} from '../src/kit/card.ts'
import type { Viewer } from '../src/kit/person.ts'
import { officialCalendar } from '../src/kit/time.ts'
import type { Assignment, Share } from '../src/office/assign/assignment.ts'
import { assignCard, assignForm, listCard } from '../src/office/assign/cards.ts'
import { assignFlow, type ShareState } from '../src/office/assign/flow.ts'
import { broadcastCard, broadcastForm, closedCard, digestCard } from '../src/office/digest/cards.ts'
import { feedbackCard, feedbackForm, sentCard } from '../src/office/feedback/cards.ts'
import { helpCard, joinedCard, lostCard, proposalCard, subjectCard, welcomeCard } from '../src/office/help/cards.ts'
import { discardedCard, draftCard, yearCard } from '../src/office/holiday/cards.ts'
import { muteCard } from '../src/office/mute/cards.ts'
import { occurrenceCard, reminderCard, remindersCard, remindForm } from '../src/office/remind/cards.ts'
import type { Occurrence, Reminder } from '../src/office/remind/reminder.ts'
import { changedCard, pickCard, rolesCard } from '../src/office/role/cards.ts'
import { deputyCard, deputyForm, deputyLines, type Stand } from '../src/office/role/deputy.ts'
import { settingsCard } from '../src/office/settings/cards.ts'
import { alertCard, noAlertCard } from '../src/office/setup/alert-cards.ts'
import { ALERT_IDS } from '../src/office/setup/alerts.ts'
import { setupCard } from '../src/office/setup/cards.ts'
import { gatesCard } from '../src/office/setup/gates.ts'
import type { Incident } from '../src/office/setup/watch.ts'
import { type Batch, batchCard } from '../src/office/task/batch.ts'
import { echoCard, hiddenCard, listLine, taskCard } from '../src/office/task/cards.ts'
import { type TaskState, taskFlow } from '../src/office/task/flow.ts'
import { changeForm, prefillOf, reassignForm, taskForm } from '../src/office/task/form.ts'
import { LADDER } from '../src/office/task/ladder.ts'
import { ledgerCard, readView, statsCard, tasksCard } from '../src/office/task/ledger.ts'
import { recordedCard, recordForm } from '../src/office/task/record.ts'
import { reminderCard as climbCard, nudgeCard } from '../src/office/task/reminder.ts'
import type { Task } from '../src/office/task/task.ts'
import { findForm, itemsCard, todoCard } from '../src/office/todo/cards.ts'
import { plainly } from './harness/shown.ts'
import { aTask, CAST, settingAt as taskSetting, WISH } from './harness/task.ts'

/** Law 6: every button leads to a registered action, and Feishu accepts every card as printed. */

const NOW = new Date('2026-11-24T09:00:00+08:00')
const LATE = new Date('2026-11-23T17:30:00+08:00')
const GIVER = `ou_${'a'.repeat(32)}`
const people = Array.from({ length: 20 }, (_, i) => `ou_${i.toString(16).padStart(32, '0')}`)
const names = new Map([GIVER, ...people].map((id, i) => [id, `人员${i}`]))
const known = { person: (id: string) => names.has(id) || id in CAST, image: () => false, audio: () => false }

const STAND: Stand = {
  id: 7,
  principal: '张明',
  deputy: '李静',
  from: '2026-12-01',
  until: '2026-12-05',
  ended: false,
}

function anAssignment(
  state: ShareState,
  assignees: number,
  word = '',
  title = '把投影仪修好',
  dueAt: Date | undefined = LATE,
): Assignment {
  const shares = people.slice(0, assignees).map(
    (assignee, place): Share => ({
      assignee,
      place,
      state,
      rev: 2,
      word,
      result: word,
      movedBy: assignee,
      movedAt: NOW,
      finishedAt: state === 'finished' ? NOW : undefined,
    }),
  )
  const notes = Array.from({ length: 5 }, () => ({
    by: GIVER,
    at: NOW,
    text: word,
    attachments: [{ kind: 'file' as const, name: `${word.slice(0, 100)}.docx`, key: 'file_v3_x', message: 'om_x' }],
  }))
  return { id: 7, giver: GIVER, title, chat: '', dueAt, createdAt: NOW, rev: 2, shares, notes }
}

const viewers: Viewer[] = [
  { kind: 'everyone' },
  { kind: 'person', id: GIVER },
  { kind: 'person', id: people[0] ?? '' },
  { kind: 'person', id: 'ou_stranger' },
]
const states = Object.keys(assignFlow.states) as ShareState[]
const setting = { now: NOW, names, calendar: officialCalendar }

const assignCards = states.flatMap(state =>
  viewers.flatMap(viewer =>
    [1, 2, 20].map(
      count =>
        [
          `交办 ${state} ×${count} ${viewer.kind}`,
          assignCard(anAssignment(state, count, '说明<at id=all></at>'.repeat(20)), viewer, setting),
        ] as const,
    ),
  ),
)
const subject = {
  title: '交办',
  word: '交办',
  about: '交给同事',
  examples: [{ usage: '/交办 @李静 写总结', about: '交给一人' }],
}
const filled = {
  title: '写总结',
  due: '',
  people: [people[0] ?? ''],
  options: people.map(value => ({ value, label: `人员(${'部门'.repeat(40)})` })),
  names: '',
  chat: '',
  says: '请选择',
}
const ALERTED: Incident[] = ALERT_IDS.map(id => ({
  id,
  mark: '',
  facts: { count: 3_000, names: ['督办到期事项', '会议到期事项', '接收人不可用(230013)12条'] },
  since: LATE.toISOString(),
  cards: [1],
}))
const alertSetting = { card: 1, when: (instant: string) => instant, isHushed: false }

const NOTICE = officialCalendar[2026] ?? { holidays: [], workdays: [] }
const others: Array<readonly [string, Card]> = [
  ['交办表单', assignForm(filled)],
  [
    '交办列表',
    listCard(
      Array.from({ length: 10 }, () => anAssignment('assigned', 3)),
      Array.from({ length: 10 }, () => anAssignment('finished', 3)),
      setting,
    ),
  ],
  ['帮助', helpCard(Array.from({ length: 20 }, () => subject))],
  ['单项帮助', subjectCard(subject)],
  ['使用说明', welcomeCard('李静')],
  ['入群', joinedCard()],
  ['建议', proposalCard('交班', '交办', '李静 写总结')],
  ['未识别', lostCard('没有识别到命令。')],
  ['意见表单', feedbackForm()],
  ['意见', feedbackCard('好'.repeat(500), '李静', setting.now)],
  ['意见已发送', sentCard('好'.repeat(500), 12)],
  ['查找表单', findForm(100)],
  [
    '待办的一页',
    todoCard(
      Array.from({ length: 500 }, () => ({
        urgency: 1,
        line: [bold('事项'.repeat(50))],
        buttons: [
          { label: '签收', action: 'assign.accept', value: { id: 1, rev: 1 } },
          { label: '查看', action: 'assign.show', value: { id: 1, rev: 1 } },
        ],
      })),
      true,
      2,
    ),
  ],
  [
    '待办',
    itemsCard(
      '待办',
      Array.from({ length: 30 }, () => ({
        urgency: 1,
        line: [bold('事项')],
        buttons: [
          { label: '签收', action: 'assign.accept', value: { id: 1, rev: 1 } },
          { label: '查看', action: 'assign.show', value: { id: 1, rev: 1 } },
        ],
      })),
      '无',
      '请办理',
    ),
  ],
  ['代理', deputyCard(STAND, '2026-11-24')],
  ['代理 已结束', deputyCard({ ...STAND, ended: true }, '2026-11-24')],
  ['代理 填写', deputyForm('请选择由谁代理。', [{ value: 'ou_1', label: '李静(办公室)' }], '', '')],
  ['角色 有代理', rolesCard([], deputyLines([STAND], new Set([7])))],
  ['角色', rolesCard([{ role: 'DB', name: '王强', unit: '督查科', until: '2026-12-31' }], [])],
  [
    '角色已设置',
    changedCard('已设置', { role: 'DB', name: '王强', unit: undefined, until: undefined }, { person: 'p', role: 'DB' }),
  ],
  [
    '假期',
    yearCard({
      year: 2026,
      calendar: officialCalendar,
      notice: { ...NOTICE, id: 3, shipped: false },
      rulings: [{ day: '2026-12-31', kind: 'off' }],
      changeable: true,
      now: NOW,
    }),
  ],
  [
    '假期未载入',
    yearCard({
      year: 2027,
      calendar: officialCalendar,
      notice: undefined,
      rulings: [],
      changeable: false,
      now: NOW,
    }),
  ],
  ['假期待确认', draftCard({ year: 2026, notice: NOTICE }, 3, officialCalendar, NOW)],
  ['假期放弃', discardedCard(2026)],
  ['同名', pickCard('张伟', [{ label: '张伟(督查科)', value: { person: 'p', rest: ' 督办员', act: 'grant' } }])],
  ['运行告警', alertCard(ALERTED, alertSetting)],
  ['运行告警不再提醒', alertCard(ALERTED, { ...alertSetting, isHushed: true })],
  [
    '运行告警恢复',
    alertCard(
      ALERTED.map(one => ({ ...one, until: NOW.toISOString() })),
      alertSetting,
    ),
  ],
  ['运行告警未找到', noAlertCard()],
  ['上线前确认', gatesCard({ secrecy: { by: '刘芳', ground: '江密委〔2026〕3号', at: '2026-11-24' } }, day => day)],
  [
    '初始化',
    setupCard({
      bot: undefined,
      directory: { people: 0, departments: 0, groups: 0, readAt: undefined },
      vacant: ['督办员'],
      admins: 0,
      missingYears: [{ year: 2027, isOverdue: false }],
      calendarDenied: undefined,
      openGates: [],
      alerts: ALERTED,
      broken: [{ id: '4b2f90aa', act: 'assign.command', when: '11月24日', words: '交办(编号4b2f90aa)' }],
      outbox: { waiting: 1, failed: [{ when: '11月24日', reason: '对方不在可用范围' }] },
    }),
  ],
]

const aReminder = (state: Reminder['state'], chat = ''): Reminder => ({
  id: 5,
  number: 2,
  maker: GIVER,
  owner: people[1] ?? '',
  receivers: chat ? [] : people,
  chat,
  text: '提醒<at id=all></at>'.repeat(20),
  said: '每周五16:00 报周报',
  saidAt: NOW,
  calendarId: 'test',
  recurring: true,
  urgent: true,
  nextAt: NOW,
  state,
  source: '',
  sourceChat: '',
})
const occurrenceStates: Occurrence['state'][] = ['sent', 'held', 'muted', 'snoozed', 'done', 'stopped']
const part = {
  title: '交办今日到期',
  count: 30,
  rows: Array.from({ length: 30 }, () => ({
    line: [bold('事项'.repeat(20)), ' · 11月24日'],
    buttons: [
      { label: '签收', action: 'assign.accept', value: { id: 1, rev: 1 } },
      { label: '完成', action: 'assign.finish', value: { id: 1, rev: 1 } },
      { label: '查看', action: 'assign.show', value: { id: 1, rev: 1 } },
    ],
  })),
}
const remindCards: Array<readonly [string, Card]> = [
  ...occurrenceStates.flatMap(state =>
    ['', 'oc_group'].map(chat => {
      const occurrence: Occurrence = {
        id: 9,
        reminder: 5,
        receiver: chat ? '' : (people[0] ?? ''),
        dueAt: LATE,
        state,
        firedAt: NOW,
        missed: 3,
        snoozedUntil: state === 'snoozed' ? NOW : undefined,
        later: state === 'snoozed' ? 'workday' : undefined,
        calendarId: state === 'snoozed' ? 'shipped' : undefined,
        movedBy: state === 'sent' ? '' : GIVER,
        movedAt: NOW,
      }
      return [`提醒 ${state} ${chat}`, occurrenceCard(occurrence, aReminder('active', chat), LATE, setting)] as const
    }),
  ),
  ...(['active', 'paused', 'ended', 'cancelled'] as const).flatMap(state =>
    viewers.map(
      viewer =>
        [
          `提醒设置 ${state} ${viewer.kind}`,
          reminderCard(aReminder(state), [NOW, NOW, NOW], viewer, ['注意'], setting),
        ] as const,
    ),
  ),
  [
    '提醒列表',
    remindersCard(
      Array.from({ length: 10 }, () => aReminder('paused')),
      { page: 2, total: 30 },
      setting,
    ),
  ],
  [
    '提醒表单',
    remindForm({
      id: undefined,
      says: '请写明',
      people: [],
      options: filled.options,
      names: '',
      text: '',
      when: '',
      chat: '',
    }),
  ],
  [
    '提醒修改',
    remindForm({ id: 5, says: undefined, people: [], options: [], names: '', text: '交表', when: '明天', chat: '' }),
  ],
  ['静音', muteCard(undefined, NOW, officialCalendar)],
  ['静音中', muteCard(NOW, NOW, officialCalendar)],
  [
    '播报',
    digestCard(
      '工作早报',
      '2026-11-24',
      Array.from({ length: 6 }, () => part),
      NOW,
    ),
  ],
  ['播报无事项', digestCard('今日播报', '2026-11-24', [], NOW)],
  ['播报设置', broadcastCard(NOW, '王强', NOW, officialCalendar)],
  ['播报关闭', closedCard('王强')],
  ['播报表单', broadcastForm('请写明', '每个工作日 8:30')],
  [
    '设置',
    settingsCard({
      words: ['本单位:政法督'],
      sources: ['会议议定'],
      customs: {
        calendar: officialCalendar,
        calendarId: '',
        hours: '08:30-12:00,14:30-17:30',
        seasons: [{ from: '07-01', to: '09-30', hours: '08:00-12:00,15:00-18:00' }],
      },
      limits: { most: 100, daily: 20, morning: true, empty: false },
      changeable: true,
    }),
  ],
]

/** A 督办 whose every field is as long as it may be. */
const heavy = '说明<at id=all></at>'.repeat(25)
const aHeavyTask = (state: TaskState): Task =>
  aTask(state, {
    title: '平安建设'.repeat(15),
    content: heavy.repeat(2),
    basis: '党组会纪要'.repeat(20),
    progress: heavy,
    problem: heavy,
    measures: heavy,
    phone: '1'.repeat(40),
    leadPhone: '1'.repeat(40),
    percent: 30,
    word: heavy,
    lastMove: 'update',
    result: heavy,
    lead: people[0] ?? '',
    frequency: 'weekly',
    nudges: 3,
    redos: 1,
    change: {
      by: 'DB',
      reason: heavy,
      title: '新名称',
      content: heavy,
      dueAt: NOW,
      lead: { id: 'GB', unit: 'other' },
      add: people.slice(0, 20).map(id => ({ id, unit: 'other' })),
      drop: people.slice(0, 20),
      rev: 1,
    },
    assists: people.slice(0, 20).map((person, place) => ({
      person,
      unit: 'other',
      place,
      state: 'underway',
      dueAt: LATE,
      signedAt: NOW,
      finishedAt: undefined,
      word: heavy,
      movedAt: NOW,
    })),
  })
const taskViewers = [
  undefined,
  ...Object.values(CAST),
  { ...CAST.CB, id: people[0] ?? '' },
  { ...CAST.XB, id: people[1] ?? '' },
]
const onTask = { ...taskSetting(NOW), names: new Map([...names, ...taskSetting().names]) }
const beside = {
  history: Array.from({ length: 30 }, () => heavy),
  alike: [aTask(), aTask(), aTask(), aTask()],
  origin: '会〔2026〕31号 · 11月27日(周五)14:30',
  previous: { word: '督', year: 2026, seq: 1 },
}
const taskStates = Object.keys(taskFlow.states) as TaskState[]
const taskCards = taskStates.flatMap(state =>
  taskViewers.flatMap(viewer =>
    [aTask(state), aHeavyTask(state)].map(
      (task, i) => [`督办 ${state} ${viewer?.id ?? '群'} ${i}`, taskCard(task, viewer, beside, onTask)] as const,
    ),
  ),
)
const options = Array.from({ length: 60 }, (_, i) => ({ value: `ou_${i}`, label: `人员${i}(${'部门'.repeat(20)})` }))
const view = readView({ page: 1 }, {})
const aBatch = (state: Batch['state']): Batch => ({
  id: 7,
  maker: 'DB',
  name: `${heavy.slice(0, 50)}.xlsx`,
  state,
  remark: heavy.slice(0, 100),
  movedAt: NOW,
  rows: Array.from({ length: 100 }, (_, i) => ({
    says: heavy.slice(0, 60),
    wish:
      i % 3
        ? { ...WISH, title: heavy.slice(0, 60), content: heavy.slice(0, 1_000), scope: people.slice(0, 5) }
        : undefined,
    assistants: people.map(id => ({ id, unit: 'other' })),
    faults: i % 3 ? [] : [heavy.slice(0, 200)],
    task: state === 'drafted' && i % 3 ? i : undefined,
  })),
})
const batches = (['open', 'drafted', 'dropped'] as const).flatMap(state => [0, 6, 12].map(page => ({ state, page })))

const many = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    value: `ou_${String(i).padStart(32, '0')}`,
    label: '欧阳明明(某某区委政法委)',
  }))

const taskOthers: Array<readonly [string, Card]> = [
  ['回音', echoCard(aHeavyTask('closed'), CAST.BZ, onTask)],
  ['不可见', hiddenCard()],
  ['督办表单', taskForm(prefillOf(aHeavyTask('draft'), options.slice(0, 40), onTask))],
  [
    '督办新表单',
    taskForm({ ...prefillOf(aTask('draft'), [], onTask), draft: undefined, previous: 7, says: '请选择牵头人。' }),
  ],
  ...batches.map(
    ({ state, page }) =>
      [
        `批量 ${state} ${page}`,
        batchCard(aBatch(state), page, new Map([[0, [aHeavyTask('underway')]]]), onTask),
      ] as const,
  ),
  ['代录', recordForm(aTask('extending'), options)],
  [
    '代录告知',
    recordedCard(
      { ...aTask('underway'), lastMove: 'grantExtension', movedBy: 'FG', recordedBy: 'DB', recordedWay: 'phone' },
      onTask,
    ),
  ],
  ['转办', reassignForm(aTask('assigned'), options)],
  ['转办,单位人多', reassignForm(aHeavyTask('assigned'), many(80))],
  ['无人可转办', reassignForm(aTask('assigned'), [])],
  ['变更', changeForm(aTask(), options, onTask)],
  ['变更,协办人多', changeForm(aHeavyTask('underway'), many(60), onTask)],
  [
    '台账',
    ledgerCard(
      Array.from({ length: 10 }, () => aHeavyTask('underway')),
      45,
      view,
      options.slice(0, 40),
      onTask,
    ),
  ],
  [
    '台账,单位多',
    ledgerCard(
      Array.from({ length: 10 }, () => aTask('underway')),
      45,
      view,
      many(60),
      onTask,
    ),
  ],
  ['空台账', ledgerCard([], 0, readView({}, {}), [], onTask)],
  [
    '督办列表',
    tasksCard(
      '我的',
      [
        ['承办', Array.from({ length: 10 }, () => aHeavyTask('underway'))],
        ['全部', Array.from({ length: 10 }, () => aTask())],
      ],
      onTask,
    ),
  ],
  [
    '督办统计',
    statsCard(
      '2026年11月',
      Array.from({ length: 50 }, (_, i) => aTask('closed', { leadUnit: `u${i}` })),
      { from: LATE, until: NOW },
      [{ month: '2026-11', given: 50, closed: 50 }],
      onTask,
    ),
  ],
  [
    '催办',
    climbCard(
      LADDER.flatMap(step => [aHeavyTask('underway'), aTask()].map(task => ({ task, step }))),
      onTask,
    ),
  ],
  ['人工催办', nudgeCard(aHeavyTask('underway'), heavy, onTask)],
  ['督办一行', card('行', 'blue', text(...listLine(aHeavyTask('underway'), onTask)))],
]

describe.each([...assignCards, ...remindCards, ...others, ...taskCards, ...taskOthers])('卡片 %s', (_name, drawn) => {
  it('每个按钮都有去处', () => {
    for (const { action } of pressables(drawn)) {
      const [name = '', move = ''] = action.split('.')
      expect(Object.keys(features.find(feature => feature.name === name)?.actions ?? {}), action).toContain(move)
    }
  })

  it('飞书接受', () => {
    const printed = printCard(drawn)
    expect(fits(printed)).toBe(true)
    expect(() => validateCard(printed, known)).not.toThrow()
  })
})

it.each(['转办,单位人多', '台账,单位多'])('%s:选项一个不少', name => {
  const drawn = taskOthers.find(([one]) => one === name)?.[1] as Card
  expect(JSON.stringify(printCard(drawn)).match(/欧阳明明/g)?.length).toBeGreaterThanOrEqual(60)
})

it('要求再长的字段,所填的也不会超过表单每项的限长', () => {
  const asks = form('f', [{ kind: 'input', name: 'text', max: 100_000 }], [{ label: '发送', action: 'feedback.send' }])
  const [, max = ''] = /"max_length":(\d+)/.exec(JSON.stringify(printCard(card('标题', 'blue', asks)))) ?? []
  expect(Number(max)).toBeGreaterThan(0)
  expect(Number(max)).toBeLessThanOrEqual(FORM_LIMITS.text)
})

it('表单与其字段同名的,飞书也接受', () => {
  const word = { kind: 'input', name: 'word', max: 20 } as const
  const printed = printCard(card('标题', 'blue', form('word', [word], [{ label: '提交', action: 'assign.create' }])))
  expect(() => validateCard(printed, known)).not.toThrow()
})

describe('来自人的文字', () => {
  it('任何文字都原样显示,不成为标记', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), said => {
        const content = literal(said)
        expect(content).not.toMatch(/[<>*_~`[\]|\\]|:\/\/|:\w+:/)
        expect(plainly(content)).toBe(said)
      }),
      { numRuns: 1_000 },
    )
  })

  it.each([
    '<at id=all></at>',
    '<at user_id="all"></at>',
    '[x](http://a.b)',
    '![](http://a.b)',
    '"},{"tag":"at"',
    '**粗**',
    '# 标题',
    '- 列表',
    '1. 列表',
    ':OK:',
    'http://a.b/c',
    '`code`',
    '&#60;at id=all&#62;',
  ])('“%s”', said => {
    const printed = JSON.stringify(
      printCard(card('标题', 'blue', text(bold('x'), said), note(bold('y'), said), fields(['项', said]))),
    )
    expect(printed).not.toMatch(/<at id=all|<at user_id|\]\(http|\*\*粗|":OK:|http:\/\//)
    expect((JSON.parse(printed) as { body: { elements: unknown[] } }).body.elements).toHaveLength(3)
  })

  it('哪里再长,选项、按钮再多,都不超过飞书的限度,并写明共有多少', () => {
    const long = '长'.repeat(33_000)
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => ({
        value: `v${i}`,
        label: `${i}${'长'.repeat(300)}`,
      }))
    const field = (name: string) => ({
      ...{
        kind: 'choose' as const,
        name,
        label: '人员',
        hint: long,
        options: many(5_000),
        value: 'v4000',
      },
    })
    const button = {
      label: long,
      action: 'assign.create',
      confirm: { title: long, text: long },
    }
    const bar = { group: long, name: long, value: 1 }
    const span = {
      line: long,
      from: 0,
      until: 1,
      word: long,
      colour: 'red' as const,
    }
    const blocks: Block[] = [
      text(tint('red', long)),
      fields([long, long]),
      {
        kind: 'fold',
        title: long,
        body: Array.from({ length: 300 }, () => text(long)),
      },
      {
        kind: 'chart',
        title: long,
        lying: true,
        bars: Array.from({ length: 40 }, () => bar),
      },
      {
        kind: 'timeline',
        title: long,
        from: 0,
        until: 1,
        lines: [long],
        spans: Array.from({ length: 40 }, () => span),
      },
      table(
        [long, long],
        Array.from({ length: 40 }, () => [long, long]),
      ),
      {
        kind: 'seats',
        rows: [{ front: true, seats: Array.from({ length: 300 }, () => long) }],
      },
      { kind: 'buttons', buttons: Array.from({ length: 90 }, () => button) },
      form('one', [field('a'), field('b')], [button]),
    ]
    for (const body of [...blocks.map(block => [block]), blocks]) {
      const drawn = card(long, 'blue', ...body)
      const printed = printCard({
        ...drawn,
        tags: [{ word: long, colour: 'red' }],
        summary: long,
      })
      expect(fits(printed)).toBe(true)
      expect(() => validateCard(printed, known)).not.toThrow()
    }
    const chosen = JSON.stringify(printCard(card('选择', 'blue', form('one', [field('a')], [button]))))
    expect(chosen).toMatch(/共5000项,列出\d+项/)
    expect(chosen).toContain('"initial_option":"v4000"')
    expect(chosen).toContain('"value":"v4000"')
  })

  it('再长也不超过飞书的限度', () => {
    for (const long of ['字'.repeat(20_000), '\n'.repeat(20_000), '<'.repeat(20_000)]) {
      const printed = printCard(
        card(
          '标题',
          'blue',
          ...Array.from({ length: 60 }, () => text(bold('x'), long)),
          ...Array.from({ length: 60 }, () => note(long)),
        ),
      )
      expect(fits(printed)).toBe(true)
      expect(JSON.stringify(printed).length).toBeLessThanOrEqual(CARD_LIMITS.bytes)
    }
  })
})
