import { z } from 'zod'
import { nameText } from './ids.ts'

export interface DirectoryPerson {
  id: string
  name: string
  departments: string[]
  leader: string | undefined
  title: string | undefined
  active: boolean
}

export type DirectoryDepartment = {
  id: string
  name: string
  parent: string
  leader: string | undefined
  /** Its place beside others below the same department, the lower the sooner. */
  order: number
}

export const IDS = { user_id_type: 'open_id', department_id_type: 'open_department_id' }
export const paged = (page: string) => (page ? { page_token: page } : {})

export const userSchema = z.object({
  open_id: z.string(),
  name: nameText,
  department_ids: z.array(z.string()).default([]),
  orders: z.array(z.object({ department_id: z.string(), is_primary_dept: z.boolean().default(false) })).default([]),
  leader_user_id: z.string().default(''),
  job_title: nameText,
  status: z
    .object({
      is_frozen: z.boolean().default(false),
      is_resigned: z.boolean().default(false),
      is_exited: z.boolean().default(false),
    })
    .optional(),
})
export const departmentSchema = z.object({
  open_department_id: z.string(),
  name: nameText,
  parent_department_id: z.string().default('0'),
  leader_user_id: z.string().default(''),
  order: z.string().default(''),
  leaders: z.array(z.object({ leaderType: z.number(), leaderID: z.string() })).default([]),
})
export const scopeSchema = z.object({
  data: z.object({
    department_ids: z.array(z.string()).default([]),
    user_ids: z.array(z.string()).default([]),
    has_more: z.boolean().default(false),
    page_token: z.string().default(''),
  }),
})
export const pageOf = <T>(item: z.ZodType<T>) =>
  z.object({
    data: z.object({
      items: z.array(item).default([]),
      has_more: z.boolean().default(false),
      page_token: z.string().default(''),
    }),
  })

export function asPerson(user: z.infer<typeof userSchema>): DirectoryPerson {
  const primary = user.orders.find(order => order.is_primary_dept)?.department_id
  const departments = primary ? [primary, ...user.department_ids.filter(id => id !== primary)] : user.department_ids
  const { is_frozen, is_resigned, is_exited } = user.status ?? {}
  return {
    id: user.open_id,
    name: user.name,
    departments,
    leader: user.leader_user_id || undefined,
    title: user.job_title || undefined,
    active: !is_frozen && !is_resigned && !is_exited,
  }
}

/** The head is the main one of `leaders`, else `leader_user_id` (feishu-platform 6.2). */
export function asDepartment(one: z.infer<typeof departmentSchema>): DirectoryDepartment {
  const head = one.leaders.find(leader => leader.leaderType === 1)?.leaderID
  return {
    id: one.open_department_id,
    name: one.name,
    parent: one.parent_department_id,
    leader: head || one.leader_user_id || undefined,
    order: one.order && Number.isFinite(Number(one.order)) ? Number(one.order) : Number.MAX_SAFE_INTEGER,
  }
}
