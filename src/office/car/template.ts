import type { Part } from '../../kit/package.ts'
import { type Cell, rowXml, type Sheet, sheetEnd, sheetStart, workbook } from '../../kit/sheet.ts'
import { DRIVER_COLUMNS, KINDS, type Kind, VEHICLE_COLUMNS } from './columns.ts'
import { CATEGORIES, FUELS, LICENCES } from './terms.ts'

const VEHICLE_ROW: Record<keyof typeof VEHICLE_COLUMNS, string> = {
  no: '示例',
  plate: '京A12345',
  category: CATEGORIES.emergency,
  model: '某某牌轿车',
  seats: '5',
  unit: '本单位',
  home: '办公楼地下车库',
  fuel: FUELS.petrol,
  licence: 'C1',
  odometer: '32000',
  inspectionOn: '2027-03-31',
  insuranceOn: '2027-03-31',
  serviceOn: '2027-01-15',
  serviceAt: '40000',
  onDuty: '否',
  fuelCard: '',
  remark: '',
}

const DRIVER_ROW: Record<keyof typeof DRIVER_COLUMNS, string> = {
  no: '示例',
  name: '张三',
  unit: '车队',
  phone: '13900000000',
  licence: 'A2',
  licenceUntil: '2031-05-31',
  trainedOn: '2026-03-12',
  remark: '',
}

const NEEDED = new Set(['车牌号', '类别', '核载人数', '里程表读数', '姓名', '驾驶证有效期'])

/** An empty table with its heads and one example, which is not read when it comes back. */
export function templateFile(kind: Kind): Part[] {
  const columns: Record<string, readonly string[]> = kind === 'vehicle' ? VEHICLE_COLUMNS : DRIVER_COLUMNS
  const row: Record<string, string> = kind === 'vehicle' ? VEHICLE_ROW : DRIVER_ROW
  const names = Object.keys(columns)
  const heads = names.map(name => columns[name]?.[0] ?? '')
  const sheet: Sheet = {
    name: KINDS[kind],
    title: `${KINDS[kind]}登记表`,
    says: SAYS[kind],
    columns: heads.map(head => ({ head, width: Math.max(10, head.length * 2 + (NEEDED.has(head) ? 6 : 2)) })),
    printed: heads.length,
    mark: `${KINDS[kind]}登记表`,
  }
  const example: Cell[] = names.map(name => row[name] ?? '')
  return workbook([{ sheet, text: [sheetStart(sheet), rowXml(sheet, 1, example), sheetEnd(sheet, 1, [])] }])
}

const SAYS: Record<Kind, string> = {
  vehicle: `车牌号、类别、核载人数必填;类别:${Object.values(CATEGORIES).join('、')};能源:${Object.values(FUELS).join('、')}。“示例”行不导入。填好后私聊发送给回音;已登记的车牌按表更新,空格不改。`,
  driver: `姓名、准驾车型、驾驶证有效期必填;准驾车型:${LICENCES.join('、')};有同名人员的请写部门。“示例”行不导入。填好后私聊发送给回音;已登记的人员按表更新,空格不改。`,
}

export const templateName = (kind: Kind): string => `${KINDS[kind]}登记表.xlsx`
