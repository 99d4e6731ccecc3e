import { nameOf } from '../../kit/acted.ts'
import { DECIDERS, type Decision } from '../../kit/chain.ts'
import type { Slip, SlipCell } from '../../kit/document.ts'
import { formatInstant, formatShort } from '../../kit/time.ts'
import { purposeFor } from './roles.ts'
import { costWords, distanceOf, type FullRun, pilotWords } from './run.ts'
import { isAfterwards } from './steps.ts'
import { CATEGORIES, REACHES } from './terms.ts'
import { numberText, type Setting, type Trip, unitOf } from './trip.ts'

/** What whoever ordered it may read in it. */
export interface OrderSight {
  phones: boolean
  purpose: boolean
}

/** The 派车单 as it is printed: all that domain.md 4.4 names; what is not known yet is left for the pen. */
export function orderDocument(trip: Trip, full: FullRun | undefined, sight: OrderSight, setting: Setting): Slip {
  const { now, units } = setting
  return {
    title: '公务用车派车单',
    heads: [`申请单位：${unitOf(trip.unit, units)}`, `编号：${trip.number ? numberText(trip.number) : '未编号'}`],
    rows: [...asked(trip, sight, setting), ...approved(trip, setting), ...driven(trip, full, sight, setting)],
    notes: [`打印时间：${formatInstant(now)}`],
  }
}

export const orderFileName = ({ number }: Trip): string => `派车单 ${number ? numberText(number) : '未编号'}.docx`

type Row = readonly SlipCell[]

const LABEL = 2
const WHOLE = 12
const HALF = WHOLE / 2

const labelled = (label: string, text: string, wide: number, tall?: number): SlipCell[] => [
  { text: label, isLabel: true, wide: LABEL },
  { text, wide: wide - LABEL, ...(tall ? { tall } : {}) },
]
const whole = (label: string, text: string, tall?: number): Row => labelled(label, text, WHOLE, tall)
const pair = (left: [string, string], right: [string, string], tall?: number): Row => [
  ...labelled(...left, HALF, tall),
  ...labelled(...right, HALF, tall),
]

function asked(trip: Trip, { phones, purpose }: OrderSight, { names }: Setting): Row[] {
  const { applicant, phone, user, passengers, guests, headcount, startsAt, endsAt } = trip
  const riders = [...new Set([user, ...passengers])].map(id => nameOf(id, names))
  const via = trip.via ? `（途经${trip.via}）` : ''
  return [
    pair(['申请人', joined(nameOf(applicant, names), phones ? phone : '')], ['用车类别', CATEGORIES[trip.category]]),
    whole('用车人', `${riders.join('、')}${guests ? `；${guests}` : ''}（共${headcount}人）`),
    whole('事由', purposeFor(trip, purpose), 2),
    pair(['依据', purpose ? trip.basis : ''], ['行程范围', REACHES[trip.reach]]),
    pair(['出发地', trip.origin], ['目的地', `${trip.destination}${via}`]),
    pair(['计划出发', formatInstant(startsAt)], ['计划返回', formatInstant(endsAt)]),
  ]
}

function approved({ steps, urgent }: Trip, { names, now }: Setting): Row[] {
  const decided = ({ by, inPlaceOf, against, at, word }: Decision): string =>
    joined(
      `${nameOf(by, names)}${inPlaceOf ? `（代${nameOf(inPlaceOf, names)}）` : ''} ${decidedWords(against, isAfterwards({ urgent }, { at }))} ${formatShort(at, now)}`,
      word ? `${against ? '理由' : '意见'}：${word}` : '',
    )
  const lines = steps.flatMap(({ by, decision }) => (decision ? `${DECIDERS[by]}：${decided(decision)}` : []))
  const { consentedBy = '', consentedAt, put } = urgent ?? {}
  const oral = consentedAt ? [`紧急用车：${nameOf(consentedBy, names)} ${formatShort(consentedAt, now)}先行同意`] : []
  const later = put ? [`出车后延长返回时间：原批准至${formatShort(put.from, now)}`] : []
  return [whole('审批记录', [...oral, ...lines, ...later].join('\n'), 2)]
}

const decidedWords = (against: Decision['against'], afterwards: boolean): string =>
  against ? (afterwards ? '不同意补办' : '不同意') : '同意'

function driven(
  { confirmedBy, confirmedAt, completedAt, remark }: Trip,
  full: FullRun | undefined,
  { phones }: OrderSight,
  { names, now }: Setting,
): Row[] {
  const { run, vehicle, driver, costs } = full ?? {}
  const read = (odometer: number | undefined, at: Date | undefined): string =>
    odometer === undefined || !at ? '' : `${odometer}公里  ${formatShort(at, now)}`
  const distance = run && distanceOf(run)
  return [
    pair(
      ['车辆', vehicle ? joined(vehicle.plate, vehicle.model, `核载${vehicle.seats}人`) : ''],
      ['驾驶员', run ? joined(pilotWords({ run, driver }, names), phones ? (driver?.phone ?? '') : '') : ''],
    ),
    pair(
      ['出车里程表', read(run?.odometerOut, run?.departedAt)],
      ['回场里程表', read(run?.odometerIn, run?.returnedAt)],
    ),
    pair(['实际行程', run?.route ?? ''], ['行驶里程', distance === undefined ? '' : `${distance}公里`], 2),
    pair(['费用', costWords(costs ?? [])], ['停放地点', run?.parkedAt ?? '']),
    pair(
      [
        '乘车人确认',
        confirmedBy && confirmedAt ? `${nameOf(confirmedBy, names)}  ${formatShort(confirmedAt, now)}` : '',
      ],
      ['车管员核对', completedAt ? formatShort(completedAt, now) : ''],
      2,
    ),
    whole('备注', joined(remark, run?.remark ?? '')),
  ]
}

const joined = (...words: string[]): string => words.filter(word => word !== '').join('  ')
