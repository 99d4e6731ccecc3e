import { nameOf } from '../../kit/acted.ts'
import { type Button, buttons, type Card, card, note, text } from '../../kit/card.ts'
import { formatInstant } from '../../kit/time.ts'
import { type Further, furtherWords } from './put-off.ts'
import { type FullRun, fromTo, numbersOf, outingWords, pilotWords, togetherWords } from './run.ts'
import { numberText, type Setting, type Trip } from './trip.ts'

const MOST_BUTTONS = 4

const numbered = ({ number }: Pick<Trip, 'number'>): string => (number ? numberText(number) : '用车')

const look = (trip: Trip): Button => ({ label: '查看', action: 'car.show', value: { id: trip.id } })

/** 用车批准 (domain.md 12.1), to whoever asked and rides. */
export function dispatchedCard(trip: Trip, full: FullRun, { names, now }: Setting): Card {
  const { vehicle, driver } = full
  const together = togetherWords(trip, full, now)
  const who = `${pilotWords(full, names)}${driver?.phone ? `,${driver.phone}` : ''}`
  return notice(
    '用车已批准',
    'blue',
    `【用车已批准】${numbered(trip)}。车辆:${vehicle.plate};驾驶员:${who};${formatInstant(trip.startsAt)}由${trip.origin}出发,目的地:${trip.destination}。请按批准的事由和路线用车,回场后及时确认里程。`,
    together && `本次${together}。`,
    look(trip),
  )
}

export const dispatchedLine = (trip: Trip, { vehicle, driver }: FullRun, { now }: Setting): string =>
  `用车 ${numbered(trip)} 已派车:${vehicle.plate}${driver ? ` ${driver.name}` : ''},${fromTo(trip, now)}`

/** To whoever was to drive. */
export const relievedCard = (trips: readonly Trip[], plate: string, now: Date): Card =>
  notice(
    '用车已改派',
    'grey',
    `【用车已改派】${trips.map(trip => `${numbered(trip)}(${fromTo(trip, now)})`).join('、')}已另行派车,${plate}的出车任务取消。请知悉。`,
  )

/** To whoever was to drive a trip that does not ride with them any more; `others`: whether the run goes on without it. */
export const droppedCard = (trip: Trip, plate: string, others: boolean, now: Date): Card =>
  notice('出车任务变更', 'grey', `【出车任务变更】${droppedWords(trip, plate, others, now)}。请知悉。`)

const droppedWords = (trip: Trip, plate: string, others: boolean, now: Date): string =>
  `${numbered(trip)}(${fromTo(trip, now)}由${trip.origin}前往${trip.destination})不再由您出车${others ? `,${plate}当次其余用车任务不变` : `,${plate}的出车任务取消`}`

export const droppedLine = (trip: Trip, plate: string, others: boolean, now: Date): string =>
  `出车任务变更:${droppedWords(trip, plate, others, now)}`

/** To those who asked for the other trips of a combined run. */
export const combinedCard = (trip: Trip, joined: Trip, { run, vehicle }: FullRun, now: Date): Card =>
  notice(
    '用车合并',
    'blue',
    `【用车合并】${numbered(joined)}与您的用车${numbered(trip)}同方向,已合并乘车,共用${vehicle.plate},用车时间合计为${fromTo(run, now)},出发时间请与驾驶员商定。请知悉,如有不便请与车管员联系。`,
    undefined,
    look(trip),
  )

/** To whoever drives a run that carries one more from now on. */
export const addedCard = (joined: Trip, { run, vehicle }: FullRun, now: Date): Card =>
  notice(
    '用车合并',
    'blue',
    `【用车合并】${numbered(joined)}已合并到您的出车任务(${vehicle.plate},${fromTo(run, now)}):${fromTo(joined, now)}由${joined.origin}出发,目的地:${joined.destination},${joined.headcount}人。`,
    undefined,
    { label: '查看出车任务', action: 'car.run', value: { run: run.id } },
  )

/** To whoever drives, where a trip keeps its car and something else of it has changed. */
export const editedCard = (trip: Trip, { run, vehicle }: FullRun): Card =>
  notice(
    '出车任务变更',
    'blue',
    `【出车任务变更】${editedLine(trip)}(${vehicle.plate}),请查看出车任务。${trip.phone ? `联系电话:${trip.phone}。` : ''}${trip.remark ? `备注:${trip.remark}` : ''}`,
    undefined,
    { label: '查看出车任务', action: 'car.run', value: { run: run.id } },
  )

export const editedLine = (trip: Trip): string => `${numbered(trip)}用车信息已修改`

/** What somebody who drives has said about a run, to the dispatchers. */
export const saidCard = (full: FullRun, who: string, words: string): Card =>
  notice('出车留言', 'blue', `【出车留言】${saidLine(full, who, words)}`, undefined, {
    label: '查看',
    action: 'car.run',
    value: { run: full.run.id },
  })

export const saidLine = ({ vehicle, ...full }: FullRun, who: string, words: string): string =>
  `${numbersOf(full)}车辆${vehicle.plate},${who}:${words}`

/** Once, to whoever was to drive. */
export const undepartedCard = (full: FullRun, { now }: Setting): Card =>
  notice(
    '请登记出车',
    'yellow',
    `【请登记出车】${numbersOf(full)}车辆${full.vehicle.plate}计划${fromTo(full.run, now)},至今未登记出车。已出车的,请登记里程表读数;未成行的,请告知车管员。`,
    undefined,
    { label: '办理', action: 'car.run', value: { run: full.run.id } },
  )

/** To the dispatchers. */
export const undepartedLine = (full: FullRun, { now, names }: Setting): string =>
  `${numbersOf(full)}车辆${full.vehicle.plate}(驾驶员${pilotWords(full, names)})计划${fromTo(full.run, now)},未登记出车。已成行的请补登出车、回场,未成行的请登记爽约`

/** CAR-33, once, to driver, applicants and dispatchers. */
export const lateCard = (full: FullRun, { now, names }: Setting): Card =>
  notice(
    '车辆超时未归',
    'red',
    `【超时未归】${numbersOf(full)}车辆${full.vehicle.plate}(驾驶员${pilotWords(full, names)})计划${formatInstant(full.run.endsAt)}返回,至今未登记回场。车辆超时未归,请报告原因;需延长的,请调整返回时间。`,
    `截至${formatInstant(now)}`,
    { label: '办理', action: 'car.run', value: { run: full.run.id } },
  )

/** CAR-34, to the office. */
export const overnightLine = (full: FullRun, { names }: Setting): string =>
  `${numbersOf(full)}车辆${full.vehicle.plate}(驾驶员${pilotWords(full, names)})下班时未回场,未报批过夜。车辆须回单位或指定地点停放`

export const newlyAskedLine = (trip: Trip, asked: readonly Further[], setting: Setting): string =>
  `${numbered(trip)}返回时间调整为${formatInstant(trip.endsAt)},由此新增:${furtherWords(asked)}(${nameOf(trip.applicant, setting.names)}申请,理由:${trip.word})`

/** A changed return, to driver, applicants and dispatchers. */
export const rescheduledCard = (trip: Trip, before: Date, { names }: Setting): Card =>
  notice(
    '返回时间调整',
    'blue',
    `【返回时间调整】${numbered(trip)}返回时间由${formatInstant(before)}调整为${formatInstant(trip.endsAt)}。理由:${trip.word}(${nameOf(trip.movedBy, names)})`,
    undefined,
    look(trip),
  )

/** The same to those who ride in the same car, without what it is for. */
export const rescheduledTogetherCard = (own: Trip, moved: Trip, { run, vehicle }: FullRun, now: Date): Card =>
  notice(
    '返回时间调整',
    'blue',
    `【返回时间调整】与您的用车${numbered(own)}合并乘车的${numbered(moved)}返回时间已调整,${vehicle.plate}用车时间合计为${fromTo(run, now)}。请知悉,如有不便请与车管员联系。`,
    undefined,
    look(own),
  )

/** To driver and applicant. */
export const missedCard = (trip: Trip, plate: string): Card =>
  notice(
    '用车爽约登记',
    'grey',
    `【爽约登记】${numbered(trip)}前往${trip.destination}的用车未按约成行,车辆${plate}可另行派出。情况:${trip.word}`,
    undefined,
    look(trip),
  )

/** What is to leave: its numbers, and when. */
interface Ahead extends Pick<Trip, 'startsAt' | 'endsAt'> {
  run: number
  numbers: readonly string[]
}

/** To the dispatchers, of a vehicle taken out of use for which something is planned. */
export const stoppedCard = (plate: string, ahead: readonly Ahead[], now: Date): Card =>
  notice(
    '车辆停用',
    'red',
    `【车辆停用】${stoppedLine(plate, ahead, now)}。`,
    undefined,
    ...ahead.slice(0, MOST_BUTTONS).map(({ run, numbers }) => ({
      label: ahead.length > 1 ? `查看${numbers[0] ?? ''}` : '查看',
      action: 'car.run',
      value: { run },
    })),
  )

export const stoppedLine = (plate: string, ahead: readonly Ahead[], now: Date): string =>
  `车辆${plate}已报修停用,尚有待出车任务:${ahead.map(one => outingWords(one, now)).join(';')},请改派`

/** To whoever keeps a vehicle that still stands though its repair was refused. */
export const standingCard = ({ id, plate }: { id: number; plate: string }): Card =>
  notice('车辆待恢复', 'yellow', `【车辆待恢复】${standingLine(plate)}。`, undefined, {
    label: '查看车辆',
    action: 'car.vehicleShow',
    value: { id },
  })

export const standingLine = (plate: string): string =>
  `${plate}的报修已驳回,车辆仍为“维修”,经检查可以使用的,请在车辆卡片上恢复可用`

function notice(title: string, colour: Card['colour'], words: string, more?: string, ...presses: Button[]): Card {
  return {
    ...card(title, colour, text(words), more ? note(more) : undefined, buttons(...presses)),
    summary: words.slice(0, 60).toWellFormed(),
  }
}
