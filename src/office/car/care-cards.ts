import {
  type Block,
  type Button,
  bold,
  buttons,
  type Card,
  card,
  divider,
  type Field,
  form,
  note,
  type Option,
  text,
  tint,
} from '../../kit/card.ts'
import { dayIn, formatShort } from '../../kit/time.ts'
import {
  CARES,
  type Care,
  careWords,
  type DriverCare,
  type DueCare,
  nameOfSubject,
  proposedDay,
  SERVICE_EVERY,
  type VehicleCare,
} from './care.ts'
import type { Driver, Vehicle } from './fleet.ts'
import { REPAIR_LIMITS, type Repair, repairFlow } from './repair.ts'
import { vehicleField } from './vehicle-field.ts'

export const CARE_PAGE = 8

/** What is due, page by page, with the repairs that are open. */
export function careCard(
  due: DueCare[],
  repairs: Array<{ repair: Repair; plate: string }>,
  page: number,
  can: { keep: boolean; report: boolean },
  now: Date,
): Card {
  const pages = Math.max(Math.ceil(due.length / CARE_PAGE), 1)
  const over = due.filter(({ step }) => step === 'over').length
  const to = (label: string, at: number): Button => ({ label, action: 'car.care', value: { page: at } })
  const drawn = card(
    `车辆保养 · ${due.length}项到期`,
    over ? 'red' : due.length ? 'yellow' : 'green',
    text(
      due.length
        ? `30天内到期${due.length - over}项,已到期${over}项。`
        : '30天内没有到期的年检、保险、保养、驾驶证和培训。',
    ),
    ...due.slice(page * CARE_PAGE, (page + 1) * CARE_PAGE).flatMap(one => careRow(one, can.keep, now)),
    due.length > CARE_PAGE ? note(`第${page + 1}页,共${pages}页`) : undefined,
    buttons(...(page > 0 ? [to('上一页', page - 1)] : []), ...(page + 1 < pages ? [to('下一页', page + 1)] : [])),
    divider,
    text(bold(`报修 · ${repairs.length}项未办结`)),
    ...repairs.flatMap(repairRow),
    can.report ? buttons({ label: '报修', action: 'car.repairForm', value: {} }) : undefined,
  )
  return { ...drawn, summary: `[用车] 车辆保养:${due.length}项到期` }
}

function careRow(one: DueCare, keeps: boolean, now: Date): Block[] {
  const id = 'vehicle' in one.of ? one.of.vehicle.id : one.of.driver.id
  const kind = 'vehicle' in one.of ? 'vehicle' : 'driver'
  return [
    text(bold(nameOfSubject(one)), ' · ', tint(one.step === 'over' ? 'red' : 'yellow', careWords(one, now))),
    buttons(
      ...(keeps
        ? [{ label: `登记${CARES[one.care]}`, action: 'car.careForm', value: { kind, id, care: one.care } }]
        : []),
      { label: '查看', action: kind === 'vehicle' ? 'car.vehicleShow' : 'car.driverShow', value: { id } },
    ),
  ].filter(block => block !== undefined)
}

function repairRow({ repair, plate }: { repair: Repair; plate: string }): Block[] {
  return [
    text(bold(plate), ` · ${repair.fault.slice(0, 40)} · ${repairFlow.states[repair.state]}`),
    buttons({ label: '查看', action: 'car.repairShow', value: { id: repair.id } }),
  ].filter(block => block !== undefined)
}

const input = (name: string, label: string, value: string, hint = '如:2027-03-31', required = true): Field => ({
  kind: 'input',
  name,
  label,
  hint,
  value,
  max: 20,
  ...(required ? { required } : {}),
})

/** A renewal: what is proposed is put on file with one press. */
export function renewalForm(of: { vehicle: Vehicle } | { driver: Driver }, care: Care, now: Date): Card {
  const today = dayIn(now)
  const isVehicle = 'vehicle' in of
  const [kind, id, rev] = isVehicle
    ? ['vehicle', of.vehicle.id, of.vehicle.rev]
    : ['driver', of.driver.id, of.driver.rev]
  const name = isVehicle ? of.vehicle.plate : of.driver.name
  const before = isVehicle
    ? dayOfVehicle(of.vehicle, care)
    : care === 'licence'
      ? of.driver.licenceUntil
      : of.driver.trainedOn
  const service =
    isVehicle && care === 'service'
      ? [
          input('odometer', '本次保养时里程(公里)', String(of.vehicle.odometer), '如:32000'),
          input('next', '下次保养里程(公里,可不填)', String(of.vehicle.odometer + SERVICE_EVERY), '如:42000', false),
        ]
      : []
  return card(
    `登记${CARES[care]} · ${name}`,
    'grey',
    note(before ? `原登记:${formatShort(before, now)}。` : '原来没有登记。'),
    form(
      'renewal',
      [input('day', LABELS[care], proposedDay(care as VehicleCare | DriverCare, before, today)), ...service],
      [{ label: '登记', action: 'car.careRenew', style: 'primary', value: { kind, id, rev, care } }],
    ),
  )
}

const LABELS: Record<Care, string> = {
  inspection: '年检有效期至',
  insurance: '保险有效期至',
  service: '下次保养日期',
  licence: '驾驶证有效期至',
  training: '培训日期',
}

const dayOfVehicle = ({ inspectionOn, insuranceOn, serviceOn }: Vehicle, care: Care): string | undefined =>
  care === 'inspection' ? inspectionOn : care === 'insurance' ? insuranceOn : serviceOn

/** 报修: which vehicle, what is wrong with it, where and for how much. */
export function repairForm(vehicles: Option[], chosen: number | undefined): Card {
  const field = (name: string, label: string, hint: string, max: number, more: object = {}): Field => ({
    ...{ kind: 'input', name, label, hint, max },
    ...more,
  })
  return card(
    '报修',
    'grey',
    note('维修须事前审批并定点维修。'),
    form(
      'repair',
      [
        vehicleField(vehicles, chosen ?? 0),
        field('fault', '故障情况', '如:左前轮漏气,制动异响', REPAIR_LIMITS.fault, { lines: 2, required: true }),
        field('place', '定点维修单位', '如:某某汽车修理厂', REPAIR_LIMITS.place, { required: true }),
        field('estimate', '预计费用(元,可不填)', '如:1200', 12),
        {
          kind: 'choose',
          name: 'stops',
          label: '能否继续使用',
          options: [
            { value: 'yes', label: '不能使用,立即停用' },
            { value: 'no', label: '可以使用,批准后停用' },
          ],
          value: 'yes',
        },
      ],
      [{ label: '提交报修', action: 'car.repairAsk', style: 'primary' }],
    ),
  )
}
