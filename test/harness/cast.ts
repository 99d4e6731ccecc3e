import { ADMIN, type OfficeOptions, TestOffice, type TestPerson } from './office.ts'

/** The roles that the demo's administrator sets, as far as supervision needs them. */
const LINES = [
  '/角色 @周正 主要领导',
  '/角色 @张明 分管领导',
  '/角色 @李静 办公室主任',
  '/角色 @王强 督办员',
  '/角色 @冯军 科室负责人',
  '/角色 @杨帆 区县联络员 东湖区委政法委',
]

export interface Cast {
  office: TestOffice
  /** 主要领导, 分管领导, 办公室主任, 督办员. */
  zhou: TestPerson
  zhang: TestPerson
  li: TestPerson
  wang: TestPerson
  /** 综治科: its head, and two who work there. */
  feng: TestPerson
  chen: TestPerson
  cao: TestPerson
}

/** An office in which somebody supervises. */
export async function openCast(options: OfficeOptions = {}): Promise<Cast> {
  const office = await TestOffice.open(options)
  const admin = office.person('刘芳')
  if (admin.id !== ADMIN) throw new Error('刘芳 is not the administrator')
  for (const line of LINES) await admin.says(line)
  return {
    office,
    zhou: office.person('周正'),
    zhang: office.person('张明'),
    li: office.person('李静'),
    wang: office.person('王强'),
    feng: office.person('冯军'),
    chen: office.person('陈晨'),
    cao: office.person('曹颖'),
  }
}

/** Tasks that 王强 proposes and 李静 lets out, each as it is said after `/督办`. */
export async function giveOut({ wang, li }: Cast, ...lines: string[]): Promise<void> {
  for (const line of lines) {
    await wang.says(`/督办 ${line}`)
    await wang.presses('送审')
    await li.presses('同意交办')
  }
}
