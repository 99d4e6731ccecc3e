import { defaultHours, officialCalendar } from '../../src/kit/time.ts'
import { may } from '../../src/office/role/role.ts'
import { drafted } from '../../src/office/task/draft.ts'
import type { TaskState } from '../../src/office/task/flow.ts'
import type { Actor, Setting, Task, Wish } from '../../src/office/task/task.ts'
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
  dueAt: at('2026-12-07T17:30'),
  dueByDefault: false,
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
    ...(state === 'finished' || state === 'closed'
      ? { result: '已报送', finishedAt: NOW, finishedBy: 'CB', checkedBy: 'DB' }
      : {}),
    ...(state === 'closed' ? { closedAt: NOW } : {}),
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
