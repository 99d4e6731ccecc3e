import { grantRole } from '../../db/role.ts'
import { ROLES, type RoleCode } from '../../src/office/role/role.ts'
import { ADMIN, type TestOffice } from './office.ts'

/** Who holds which role of domain.md 1.2 in the demo office, and where; without a unit: in the whole house. */
const HOLDERS: Record<RoleCode, [name: string, unit?: string]> = {
  ...{ LD: ['周正'], FG: ['张明'], BZ: ['李静'], DB: ['王强'], KZ: ['冯军', '综治科'], CB: ['陈晨'], XB: ['曹颖'] },
  ...{ HW: ['张伟'], CD: ['蒋勇'], JS: ['陈刚'], BM: ['赵敏'], XX: ['孙丽'], XF: ['周涛'], DA: ['郑洁'] },
  ...{ QX: ['杨帆', '东湖区委政法委'], GB: ['褚燕'], SY: ['刘芳'], SJ: ['沈亮'] },
}

/** Besides: somebody without a role, an account that is frozen, a 办公室主任 of another unit, and the deputy of 李静. */
const OTHERS = { nobody: '何平', frozen: '尤佳', elsewhere: '许诺', deputy: '秦岚' } as const

export type Who = RoleCode | keyof typeof OTHERS
export const EVERYBODY: readonly Who[] = [
  ...(Object.keys(ROLES) as RoleCode[]),
  ...(Object.keys(OTHERS) as Array<keyof typeof OTHERS>),
]

/** An office in which every role is held by one person; answers their ids. */
export async function everybodyIn(office: TestOffice): Promise<Record<Who, string>> {
  const { db } = office.database
  const now = office.clock.now()
  const unitNamed = async (name: string) => {
    const rows = (await office.get<{ departments: Array<{ name: string; open_department_id: string }> }>('/sim/office'))
      .departments
    return rows.find(one => one.name === name)?.open_department_id
  }
  const ids: Partial<Record<Who, string>> = {}
  const give = async (person: string, role: RoleCode, unit: string | undefined) =>
    grantRole(db, { person, role, unit: unit && (await unitNamed(unit)), until: undefined }, ADMIN, now, '2026-11-24')
  for (const [role, [name, unit]] of Object.entries(HOLDERS) as Array<[RoleCode, [string, string?]]>) {
    const person = office.person(name).id
    ids[role] = person
    await give(person, role, unit)
  }
  for (const [who, name] of Object.entries(OTHERS) as Array<[keyof typeof OTHERS, string]>)
    ids[who] = office.person(name).id
  const known = ids as Record<Who, string>
  await give(known.frozen, 'BZ', undefined)
  await give(known.elsewhere, 'BZ', '西山区委政法委')
  await office.send('PATCH', `/sim/people/${known.frozen}`, { is_frozen: true })
  await office.settled()
  await db.execute(
    `insert into deputies (principal, deputy, from_on, until_on, named_at)
     values ('${known.BZ}', '${known.deputy}', '2026-11-20', '2026-11-30', '2026-11-20')`,
  )
  return known
}
