/** Someone of the house. `id` is the platform's id of the person for this app; `name` is '' until the directory knows it. */
export interface Person {
  id: string
  name: string
  /** Ids of departments, the primary one first. */
  departments: string[]
  leader: string | undefined
  /** False once frozen or resigned: refused, and nothing more is sent. */
  active: boolean
}

/** A role held in a unit for a period (ORG-03); `unit` undefined = the whole house. */
export interface HeldRole {
  code: string
  unit: string | undefined
}

/** 系统管理员 and 安全审计员 keep their hands off everything else they might hold: 三员分离 (PERM-02), so that a denial wins. */
export const APART: readonly string[] = ['SY', 'SJ']

/** Whether somebody keeps the system or audits it, and so has no part in what is not their own (PERM-02). */
export const isApart = ({ held }: { held: readonly HeldRole[] }): boolean =>
  held.some(({ code }) => APART.includes(code))

/** In whose place somebody acts at present (代理, ORG-03), with what that person holds. */
export interface Principal {
  id: string
  name: string
  departments: readonly string[]
  held: readonly HeldRole[]
}

/** Who looks at a card: everyone in a group, or one person in private. */
export type Viewer = { kind: 'everyone' } | { kind: 'person'; id: string }
