import type { Change } from '../../kit/past.ts'
import { readLine } from '../../kit/table.ts'
import { halfWidth } from '../../kit/text.ts'
import { dayIn, formatShort } from '../../kit/time.ts'
import { DRIVER_COLUMNS, type DriverCells } from './columns.ts'
import { readDay } from './day.ts'
import type { Driver } from './fleet.ts'
import { LICENCES } from './terms.ts'
import { type Known, licenceNamed } from './vehicle.ts'

/** What is settled of a driver by whoever keeps the roster. */
export type DriverWish = Omit<Driver, 'id' | 'rev' | 'state'>

export const DRIVER_LIMITS = { name: 20, phone: 20, remark: 200 } as const
export const DRIVER_EXAMPLE = '/用车 司机 新增 陈刚 A2 驾驶证:2031-05-31 培训:2026-03-12 电话:13900000020'

export const BLANK_DRIVER: DriverWish = {
  name: '',
  person: undefined,
  phone: '',
  licence: 'C1',
  licenceUntil: '',
  trainedOn: undefined,
  remark: '',
}

const PHONE = /^\+?\d[\d-]{5,18}$/

/** Cells held against the rules; where one is empty the base holds. Who it is of the house is settled beside. */
export function readDriver(
  cells: Partial<DriverCells>,
  base: DriverWish,
  { now }: Pick<Known, 'now'>,
): { wish: DriverWish; faults: string[] } {
  const faults: string[] = []
  const read = <T>(name: keyof DriverCells, kept: T, as: (cell: string) => T | undefined, fault: string): T => {
    const cell = halfWidth(cells[name] ?? '').trim()
    if (cell === '') return kept
    const value = as(cell)
    if (value === undefined) faults.push(`${DRIVER_COLUMNS[name][0]}${fault}`)
    return value ?? kept
  }
  const within = (name: 'name' | 'remark') => (cell: string) => (cell.length <= DRIVER_LIMITS[name] ? cell : undefined)
  const wish: DriverWish = {
    name: read('name', base.name, within('name'), `请控制在${DRIVER_LIMITS.name}字以内`),
    person: base.person,
    phone: read('phone', base.phone, cell => (PHONE.test(cell) ? cell : undefined), '的格式不对'),
    licence: read('licence', base.licence, licenceNamed, `请填写${LICENCES.join('、')}之一`),
    licenceUntil: read('licenceUntil', base.licenceUntil, cell => readDay(cell, now), '请写日期,如:2031-05-31'),
    trainedOn: read('trainedOn', base.trainedOn, cell => readDay(cell, now), '请写日期,如:2026-03-12'),
    remark: read('remark', base.remark, within('remark'), `请控制在${DRIVER_LIMITS.remark}字以内`),
  }
  if (!wish.name) faults.push('请填写姓名')
  if (base.name === '' && !cells.licence?.trim()) faults.push('请填写准驾车型')
  if (!wish.licenceUntil && !faults.some(fault => fault.startsWith('驾驶证'))) faults.push('请填写驾驶证有效期')
  if (wish.trainedOn && wish.trainedOn > dayIn(now)) faults.push('年度培训日期不能晚于今天')
  return { wish, faults }
}

/** A driver in one line: the first word is the name. */
export function driverLine(line: string): Partial<DriverCells> {
  const { cells, left } = readLine(line, DRIVER_COLUMNS)
  for (const word of left) {
    if (cells.licence === undefined && licenceNamed(word)) cells.licence = word
    else if (cells.name === undefined) cells.name = word.replace(/^@/, '')
    else if (cells.phone === undefined && PHONE.test(word)) cells.phone = word
  }
  return cells
}

/** What differs, in words; of a phone only that it does. */
export function driverChanges(before: DriverWish, after: DriverWish, now: Date): Change[] {
  const day = (on: string | undefined): string => (on ? formatShort(on, now) : '未填')
  const rows: Change[] = [
    ['姓名', before.name, after.name],
    ['联系电话', before.phone, after.phone],
    ['准驾车型', before.licence, after.licence],
    ['驾驶证有效期', day(before.licenceUntil || undefined), day(after.licenceUntil)],
    ['年度培训日期', day(before.trainedOn), day(after.trainedOn)],
    ['备注', before.remark || '未填', after.remark || '未填'],
  ]
  return rows
    .filter(([, from, to]) => from !== to)
    .map(([label, from, to]): Change => (label === '联系电话' ? [label, '原号码', '新号码'] : [label, from, to]))
}
