import { APART } from '../../kit/person.ts'
import { Refusal } from '../../kit/refusal.ts'
import { isAdministrator, ROLES, type RoleCode, roleNamed } from './role.ts'

export const ROLE_EXAMPLE = '/角色 @王强 督办员'
export const WITHDRAW_EXAMPLE = '/角色 撤销 @王强 督办员'

/** What is left of `/角色 @王强 督办员 综治科 至 2027-12-31` once the person has been read off. */
export interface Wish {
  role: RoleCode
  unit: string
  /** The words after 至, still to be read as a day. */
  until: string
}

/** @throws Refusal when no role of domain.md 1.2 is named. */
export function readWish(text: string, example = ROLE_EXAMPLE): Wish {
  const [, head = '', spaced, glued] =
    /^([\s\S]*?)(?:(?:^|\s)(?:至|到|截至)\s*(\S+)\s*|(?:至|到|截至)\s*([\d年月日./-]+)\s*)?$/.exec(text.trim()) ?? []
  const words = head.split(/[\s,\uff0c、]+/).filter(word => word !== '')
  const at = words.findIndex(word => roleNamed(word) !== undefined)
  const role = roleNamed(words[at] ?? '')
  if (!role) throw new Refusal(`请写明角色:${Object.values(ROLES).join('、')}`, example)
  return { role, unit: words.filter((_, i) => i !== at).join(''), until: spaced ?? glued ?? '' }
}

/** @throws Refusal where a role that is kept apart from all others is to be given in one unit: what it is for has no units. */
export function keepWhole(role: RoleCode, unit: string): void {
  if (unit && APART.includes(role))
    throw new Refusal(`${ROLES[role]}面向全单位,不能限于某一部门`, `/角色 @王强 ${ROLES[role]}`)
}

/** @throws Refusal when the person already holds another of the three administrators' roles (三员分离, PERM-02). */
export function keepApart(held: readonly string[], role: RoleCode, name: string): void {
  const other = isAdministrator(role) ? held.find(one => one !== role && isAdministrator(one)) : undefined
  if (other) throw new Refusal(`${name}已是${ROLES[other as RoleCode]},按三员分离要求不能兼任${ROLES[role]}`)
}
