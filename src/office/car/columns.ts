import { type CellsOf, type Columns, type ReadTable, readTable } from '../../kit/table.ts'

/** What vehicles and drivers are handed in by: a form, a line, a row of a table. 序号 marks the example of an empty table. */
export const VEHICLE_COLUMNS = {
  no: ['序号'],
  plate: ['车牌号', '车牌', '号牌号码', '车牌号码'],
  category: ['类别', '车辆类别', '用车类别'],
  model: ['品牌型号', '车型', '型号'],
  seats: ['核载人数', '核载', '座位', '座位数'],
  unit: ['所属单位', '单位', '所属部门'],
  home: ['固定停放地点', '停放地点', '停放'],
  fuel: ['能源种类', '能源', '燃料', '燃油种类'],
  licence: ['准驾车型', '准驾'],
  odometer: ['里程表读数', '里程', '里程数', '公里数'],
  inspectionOn: ['年检到期', '年检'],
  insuranceOn: ['保险到期', '保险'],
  serviceOn: ['保养日期', '下次保养日期', '保养'],
  serviceAt: ['保养里程', '下次保养里程'],
  onDuty: ['值班应急', '值班车', '值班'],
  fuelCard: ['加油卡号', '加油卡'],
  remark: ['备注'],
} as const satisfies Columns<string>
export type VehicleColumn = keyof typeof VEHICLE_COLUMNS
export type VehicleCells = CellsOf<VehicleColumn>

export const DRIVER_COLUMNS = {
  no: ['序号'],
  name: ['姓名', '驾驶员', '司机'],
  unit: ['部门', '所在部门', '科室'],
  phone: ['联系电话', '电话', '手机', '手机号'],
  licence: ['准驾车型', '准驾', '驾照'],
  licenceUntil: ['驾驶证有效期', '驾驶证有效期至', '驾驶证', '驾驶证到期'],
  trainedOn: ['年度培训日期', '培训日期', '培训'],
  remark: ['备注'],
} as const satisfies Columns<string>
export type DriverColumn = keyof typeof DRIVER_COLUMNS
export type DriverCells = CellsOf<DriverColumn>

export type Kind = 'vehicle' | 'driver'
export const KINDS: Record<Kind, string> = { vehicle: '车辆', driver: '驾驶员' }

/** The example of an empty table is no row of it. */
const EXAMPLE_MARK = '示例'

/** Which of the two a table is of, by its heads. */
export function readFleetTable(
  rows: readonly string[][],
): { kind: 'vehicle'; read: ReadTable<VehicleColumn> } | { kind: 'driver'; read: ReadTable<DriverColumn> } | undefined {
  const vehicles = readTable(rows, VEHICLE_COLUMNS, ['plate', 'category'])
  if (vehicles) return { kind: 'vehicle', read: withoutExample(vehicles) }
  const drivers = readTable(rows, DRIVER_COLUMNS, ['name', 'licence'])
  return drivers && { kind: 'driver', read: withoutExample(drivers) }
}

const withoutExample = <Name extends string>(read: ReadTable<Name | 'no'>): ReadTable<Name | 'no'> => ({
  ...read,
  rows: read.rows.filter(({ no }) => no !== EXAMPLE_MARK),
})

/** How a table of the kind is to be laid out. */
export const TABLE_HELP: Record<Kind, string> = {
  vehicle: '表格第一行请写列名,“车牌号”“类别”“核载人数”必填;可发送 /用车 车辆 后按“表格模板”取得空表。',
  driver: '表格第一行请写列名,“姓名”“准驾车型”“驾驶证有效期”必填;可发送 /用车 司机 后按“表格模板”取得空表。',
}
