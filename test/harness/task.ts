import { defaultHours, officialCalendar } from '../../src/kit/time.ts'
import { may } from '../../src/office/role/role.ts'
import { drafted } from '../../src/office/task/draft.ts'
import type { TaskMove, TaskState } from '../../src/office/task/flow.ts'
import { ENDED } from '../../src/office/task/light.ts'
import type { Actor, Change, Setting, Task, Wish } from '../../src/office/task/task.ts'
import type { Worktime } from '../../src/office/task/worktime.ts'

/** Tuesday, 24 November 2026, 09:00 in Shanghai. */
export const NOW = new Date('2026-11-24T09:00:00+08:00')
export const at = (shanghai: string): Date => new Date(`${shanghai}:00+08:00`)

export const work: Worktime = { calendar: officialCalendar, hoursOn: () => defaultHours }

const inHouse = (id: string, code?: string, departments: string[] = ['office']): Actor => ({
  id,
  departments,
  held: code ? [{ code, unit: undefined }] : [],
})

/** One of each role, and a colleague without any. */
export const CAST = {
  LD: inHouse('LD', 'LD'),
  FG: inHouse('FG', 'FG'),
  BZ: inHouse('BZ', 'BZ'),
  DB: inHouse('DB', 'DB'),
  KZ: inHouse('KZ', 'KZ', ['unit']),
  QX: { id: 'QX', departments: ['unit'], held: [{ code: 'QX', unit: 'unit' }] } satisfies Actor,
  CB: inHouse('CB', undefined, ['unit']),
  XB: inHouse('XB', undefined, ['other']),
  GB: inHouse('GB'),
  SY: inHouse('SY', 'SY'),
} as const
export type Who = keyof typeof CAST

export function settingAt(now: Date = NOW, some: Partial<Setting> = {}): Setting {
  return {
    now,
    names: new Map(Object.keys(CAST).map(id => [id, id])),
    units: new Map([
      ['unit', '综治科'],
      ['other', '督查科'],
    ]),
    heads: new Map(),
    work,
    may,
    checkers: [{ person: 'DB', unit: undefined }],
    closers: ['LD', 'FG', 'BZ'].map(person => ({ person, unit: undefined })),
    leaders: new Set(['LD', 'FG']),
    ...some,
  }
}

export const WISH: Wish = {
  title: '报送平安建设半年总结',
  content: '',
  source: 'HYYD',
  basis: '',
  urgency: 'normal',
  frequency: 'once',
  lead: 'CB',
  leadUnit: 'unit',
  leader: undefined,
  phone: '',
  dueAt: at('2026-12-07T17:30'),
  dueByDefault: false,
  dueSaid: undefined,
  dueSaidAt: undefined,
  assistDueAt: undefined,
  scope: [],
  previous: undefined,
}

const PETITIONS: Partial<Record<TaskState, Partial<NonNullable<Task['petition']>>>> = {
  submitted: { by: 'DB', reason: '' },
  extending: { until: at('2026-12-10T17:30') },
  suspending: {},
  cancelling: {},
}

/** A task as it stands in a state, given out at NOW. */
export function aTask(state: TaskState = 'underway', some: Partial<Task> = {}): Task {
  const given = state !== 'draft' && state !== 'submitted'
  const asked = PETITIONS[state]
  return {
    ...drafted(WISH, [{ id: 'XB', unit: 'other' }], { id: 'DB', unit: '' }, NOW),
    id: 7,
    state,
    ...(given ? GIVEN : {}),
    petition: asked && { by: 'CB', reason: '情况复杂', until: undefined, ...asked },
    ...(state === 'finished' || ENDED.includes(state)
      ? { result: '已报送', finishedAt: NOW, finishedBy: 'CB', checkedBy: 'DB' }
      : {}),
    ...(ENDED.includes(state) ? { closedAt: NOW, closedBy: 'BZ' } : {}),
    ...some,
  }
}

const GIVEN = {
  number: { word: '督', year: 2026, seq: 1 },
  givenBy: 'BZ',
  assignedAt: NOW,
  originalDueAt: WISH.dueAt,
  signDueAt: at('2026-11-25T17:30'),
  progress: '进行中',
  ladderFrom: NOW,
} satisfies Partial<Task>

/** Who may press which button, read off the matrix of domain.md 1.3 by hand. Buttons with one word count as one. */
export const MAY: Record<string, Who[]> = {
  交办: ['LD', 'FG', 'BZ'],
  送审: ['DB'],
  修改: ['DB'],
  取消: ['DB'],
  同意交办: ['LD', 'FG', 'BZ'],
  退回修改: ['LD', 'FG', 'BZ'],
  签收: ['KZ', 'QX', 'CB'],
  退回交办: ['KZ', 'QX', 'CB'],
  改派: ['LD', 'FG', 'BZ', 'DB'],
  维持: ['LD', 'FG', 'BZ', 'DB'],
  转办: ['KZ', 'QX'],
  分办: ['KZ', 'QX'],
  反馈进展: ['KZ', 'QX', 'CB'],
  申请延期: ['QX', 'CB'],
  同意延期: ['LD', 'FG', 'BZ'],
  不同意延期: ['LD', 'FG', 'BZ'],
  申请办结: ['QX', 'CB'],
  同意办结: ['LD', 'FG', 'BZ'],
  退回重办: ['LD', 'FG', 'BZ', 'DB'],
  暂缓: ['LD', 'FG', 'BZ', 'DB', 'QX', 'CB'],
  同意暂缓: ['LD', 'FG', 'BZ'],
  不同意暂缓: ['LD', 'FG', 'BZ'],
  恢复: ['LD', 'FG', 'BZ'],
  撤销: ['LD', 'FG', 'BZ', 'DB', 'QX', 'CB'],
  同意撤销: ['LD', 'FG', 'BZ'],
  不同意撤销: ['LD', 'FG', 'BZ'],
  催办: ['LD', 'FG', 'BZ', 'DB'],
  记录电话催办: ['LD', 'FG', 'BZ', 'DB'],
  变更: ['LD', 'FG', 'BZ', 'DB'],
  同意变更: ['LD', 'FG', 'BZ'],
  不同意变更: ['LD', 'FG', 'BZ'],
  代录领导意见: ['DB'],
  知道了: ['BZ'],
  再交办: ['BZ'],
  归档: ['DB'],
}

export const mayPress = (button: string, who: Who): boolean => MAY[button]?.includes(who) === true

const CHANGING: TaskState[] = ['assigned', 'underway']

const CHANGE: Change = {
  by: 'DB',
  reason: '会议调整',
  title: '报送平安建设全年总结',
  content: undefined,
  dueAt: undefined,
  lead: undefined,
  add: [],
  drop: [],
  rev: 1,
}

/** The task on which a move would work in this state, if its state allowed it. */
export function ready(move: TaskMove, state: TaskState): Task {
  const changing = move === 'grantChange' || move === 'denyChange' || (move === 'record' && CHANGING.includes(state))
  return aTask(state, { ...(changing ? { change: CHANGE } : {}), ...(state === 'draft' ? { number: undefined } : {}) })
}
