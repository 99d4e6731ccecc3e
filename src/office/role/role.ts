import { APART } from '../../kit/person.ts'
import { standard } from '../../kit/text.ts'

/** Roles of domain.md 1.2, by code, in the order in which people expect them listed. */
export const ROLES = {
  LD: '主要领导',
  FG: '分管领导',
  BZ: '办公室主任',
  DB: '督办员',
  KZ: '科室负责人',
  CB: '承办人',
  XB: '协办联络员',
  HW: '会务员',
  CD: '车管员',
  JS: '驾驶员',
  BM: '保密员',
  XX: '信息员',
  XF: '信访专员',
  DA: '档案员',
  QX: '区县联络员',
  GB: '一般干部',
  SY: '系统管理员',
  SJ: '安全审计员',
} as const

export type RoleCode = keyof typeof ROLES

/** Other words for a role that domain.md 1.2 uses. */
const ALSO: Record<string, RoleCode> = {
  主要负责同志: 'LD',
  分管负责同志: 'FG',
  督查专员: 'DB',
  处室负责人: 'KZ',
  科长: 'KZ',
  处长: 'KZ',
  经办人: 'CB',
  会务人员: 'HW',
  车队调度: 'CD',
  调度: 'CD',
  司机: 'JS',
  保密干部: 'BM',
  信访工作人员: 'XF',
  管理员: 'SY',
}

export function roleNamed(word: string): RoleCode | undefined {
  const said = standard(word)
  const code = (Object.keys(ROLES) as RoleCode[]).find(code => ROLES[code] === said || code === said.toUpperCase())
  return code ?? ALSO[said]
}

/** C create, E edit or operate, A approve, S sign for, V view in scope, O own only (domain.md 1.3). */
export type Right = 'C' | 'E' | 'A' | 'S' | 'V' | 'O'
export type Permission = { rights: Right[]; note?: string }

const COLUMNS: RoleCode[][] = [
  ['LD'],
  ['FG'],
  ['BZ'],
  ['DB'],
  ['KZ'],
  ['CB', 'XB'],
  ['HW'],
  ['CD'],
  ['JS'],
  ['BM'],
  ['XX'],
  ['XF'],
  ['DA'],
  ['QX'],
  ['GB'],
  ['SY'],
  ['SJ'],
]

/** The matrix of domain.md 1.3, cell by cell, and rows of the same kind for what else somebody may do; '-' is a denial, and a denial wins (see `may`). */
const MATRIX = {
  'task.draft': 'C C C C - - - - - - - - - - - - -',
  'task.assign': 'A A A - - - - - - - - - - - - - -',
  'task.accept': '- - V V S,E S - - - - - - - S,E - - -',
  'task.update': 'V V V V E E - - - - - - - E - - -',
  'task.extend': 'A A A1 V - O - - - - - - - O - - -',
  'task.finish': 'A A A E1 - O - - - - - - - O - - -',
  'task.suspend': 'A A A2 C - - - - - - - - - - - - -',
  'task.bulletin': 'V A A C V - - - - - - - - V - - -',
  'meeting.call': 'V A A - C - C,E - - - - - - - - - -',
  'meeting.reply': 'S S S O S O V - - - - - - S O - -',
  'meeting.leave': 'A A A3 - - - V - - - - - - - - - -',
  'car.request': 'C C C C C C C - - - C C C - C - -',
  'car.approve': 'A A A - A4 - - - - - - - - - - - -',
  'car.dispatch': '- - V - - - - E - - - - - - - - -',
  'car.trip': '- - V - - - - V E(O) - - - - - O - -',
  'car.ledger': 'V V V - - - - E O - - - - - - - -',
  'petition.case': 'V V(own) V - O O - - - - - C,E - O - - -',
  'secrecy.alert': 'V V V - - - - - - E - - - - - - -',
  'archive.file': '- - A C - - C C - - - C E - - - -',
  'role.configure': '- - A - - - - - - - - - - - - E -',
  // what product.md settles beyond that table
  'house.settle': '- - - - - - - - - - - - - - - E -',
  'matter.handOver': '- - E - E - - - - - - - - - - E -',
  'task.handOver': '- - E E E - - - - - - - - - - E -',
  'meeting.handOver': '- - E - E - E - - - - - - - - E -',
  'car.handOver': '- - E - E - - E - - - - - - - E -',
  'car.fleet': '- - - - - - - E - - - - - - - E -',
  'room.keep': '- - E - - - E - - - - - - - - E -',
  'room.grant': '- - A - - - A - - - - - - - - - -',
  'meeting.template': '- - E - - - E - - - - - - - - E -',
  'meeting.minutes': 'A A A - - - - - - - - - - - - - -',
  'meeting.count': 'V V V - V - V - - - - - - - - - -',
  // PERM-03; the ledgers of 用车 and 会议 are exported by whoever may read all that is in them: `car.ledger` and `meeting.count`, their keepers too
  'task.export': 'E E E E E - - - - - - - - - - - -',
  'audit.log': '- - - - - - - - - V5 - - - - - - V',
  'audit.whole': '- - - - - - - - - - - - - - - - V',
} as const

export type Function = keyof typeof MATRIX

/** What one role may do with one function, with the number of its footnote in domain.md 1.3. */
export function permission(role: RoleCode, of: Function): Permission {
  const cell = MATRIX[of].split(' ')[COLUMNS.findIndex(column => column.includes(role))] ?? '-'
  const rights = [...cell.matchAll(/[CEASVO](?=[^a-z]|$)/g)].map(([letter]) => letter as Right)
  const note = /\d|own/.exec(cell)?.[0]
  return note ? { rights, note } : { rights }
}

/** Three administrators are three people (三员分离, PERM-02). */
const ADMINISTRATORS: readonly string[] = ['SY', 'BM', 'SJ'] satisfies RoleCode[]

export const isAdministrator = (code: string): boolean => ADMINISTRATORS.includes(code)

/**
 * Whether someone who holds these roles has a right. Deny wins: whoever holds 系统管理员 or 安全审计员 has, for a function
 * that this role is denied, no right from another role either (domain.md 1.3, PERM-02). Whoever came to hold two of the three
 * administrators' roles, which nobody is given, has no right at all until one is withdrawn.
 */
export function may(roles: readonly string[], right: Right, of: Function): boolean {
  const held = roles.filter((code): code is RoleCode => code in ROLES)
  if (new Set(held.filter(isAdministrator)).size > 1) return false
  const denied = held.some(code => APART.includes(code) && permission(code, of).rights.length === 0)
  return !denied && held.some(code => permission(code, of).rights.includes(right))
}
