import type { Boxes } from '../../kit/document-boxes.ts'
import { formatInstant } from '../../kit/time.ts'
import type { Meeting, Setting } from './meeting.ts'
import type { Seat, SeatPlan } from './seating.ts'

/** The 座次图 as it is printed. */
export function seatBoxes(meeting: Meeting, { plan }: { plan: SeatPlan }, { now }: Setting): Boxes {
  const boxesOf = (seats: readonly Seat[]) => seats.map(({ place, name }) => [String(place), name] as const)
  return {
    title: '会议座次图',
    says: `${meeting.title}　${formatInstant(meeting.startsAt)}　${meeting.place}`,
    rows: [
      ...(plan.stage.length ? [{ label: '主席台', boxes: boxesOf(plan.stage) }] : []),
      ...plan.rows.map((row, i) => ({
        label: i === 0 ? (plan.stage.length ? '参会席' : '前') : '',
        boxes: boxesOf(row),
      })),
    ],
    notes: [
      `${plan.stage.length ? '主席台人员面向参会席，参会席面向主席台。' : ''}数字为座次顺序。按${formatInstant(now)}的回执情况生成。`,
    ],
  }
}
