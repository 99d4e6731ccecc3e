import { type Block, type Button, bold, buttons, type Card, card, divider, form, note, text } from '../../kit/card.ts'
import { duties as dutiesLine } from './duty-cards.ts'
import type { Material } from './material.ts'
import { servedLines } from './material.ts'
import type { Meeting, Setting } from './meeting.ts'
import { headOf } from './notice.ts'
import type { Duty } from './prepare.ts'
import { MOST_TYPED, SEATS, type Seat, type Seating, type SeatPlan, type Sitter, seatName } from './seating.ts'

/** What stands on the card of the day. */
export interface Day {
  people: readonly Sitter[]
  plan: SeatPlan
  /** Places of units that nobody has been named for. */
  unnamed: number
  materials: ReadonlyArray<{ material: Material; got: number; missing: readonly string[] }>
  /** What is to be prepared. */
  duties: readonly Duty[]
}

/** 会务准备: what whoever organises a meeting prepares for its day. */
export function dayCard(meeting: Meeting, day: Day, setting: Setting): Card {
  const { people, plan, unnamed, materials, duties } = day
  const drawn = card(
    '会议 · 会务准备',
    'blue',
    text(bold(headOf(meeting, setting))),
    dutiesLine(duties),
    buttons({ label: '准备清单', action: 'meeting.duties', value: { id: meeting.id } }),
    divider,
    text(bold('座次'), ` 就座${people.length}人${unnamed ? `,另有${unnamed}个单位名额尚未报名` : ''}`),
    ...seatBlocks(plan),
    buttons(
      ...(people.length ? [print(meeting, 'seats', '座次图'), print(meeting, 'cards', '桌签')] : []),
      print(meeting, 'sign', '打印签到表'),
      ...(people.length ? [{ label: '调整座次', action: 'meeting.arrange', value: { id: meeting.id } }] : []),
    ),
    divider,
    text(bold('会议材料')),
    ...(materials.length ? servedLines(materials) : [note('尚未发送材料。')]),
    note('在私聊中将定稿文件发送给机器人,或在会议卡片的话题中发送,确认后转发给参会人员和代会人员(每份不超过20MB)。'),
  )
  return { ...drawn, summary: `[会议] 会务准备:${meeting.title}` }
}

export const print = ({ id }: Pick<Meeting, 'id'>, paper: string, label: string): Button => ({
  label,
  action: 'meeting.paper',
  value: { id, paper },
})

/** So many seats of a row fit beside one another on a phone. */
const SHOWN_WIDE = 10
/** So many seats fit into a card. */
const SHOWN_SEATS = 30

function seatBlocks({ stage, rows }: SeatPlan): Block[] {
  const shown: Array<readonly Seat[]> = []
  let left = SHOWN_SEATS
  for (const row of [...(stage.length ? [stage] : []), ...rows]) {
    if (row.length > SHOWN_WIDE || row.length > left) break
    shown.push(row)
    left -= row.length
  }
  const all = stage.length + rows.reduce((sum, row) => sum + row.length, 0)
  const drawn = shown.reduce((sum, row) => sum + row.length, 0)
  return [
    ...(shown.length
      ? [
          {
            kind: 'seats' as const,
            rows: shown.map((row, i) => ({
              front: i === 0 && stage.length > 0,
              seats: row.map(({ place, name }) => `${place}\n${name}`),
            })),
          },
        ]
      : []),
    ...(stage.length && shown.length ? [note('第一排为主席台,面向参会席;参会席面向主席台。')] : []),
    ...(drawn < all ? [note(`其余${all - drawn}人见座次图文件。`)] : []),
  ]
}

/** 调整座次. */
export function seatsForm(
  meeting: Meeting,
  { people, seating, plan }: { people: readonly Sitter[]; seating: Seating; plan: SeatPlan },
  setting: Setting,
): Card {
  const order = people.map(one => seatName(one, people)).join('\n')
  const whole = order.length <= MOST_TYPED ? order : order.slice(0, order.lastIndexOf('\n', MOST_TYPED))
  return card(
    '会议 · 调整座次',
    'blue',
    text(headOf(meeting, setting)),
    form(
      'seats',
      [
        {
          ...{ kind: 'input', name: 'order', label: '人员顺序(每行一人,职务高者在前)', value: whole },
          ...{ hint: '未写的人员按职务排在后面', lines: 8, max: MOST_TYPED },
        },
        {
          ...{ kind: 'input', name: 'stage', label: '主席台人数(没有主席台填0)', value: String(plan.stage.length) },
          max: 2,
        },
        { kind: 'input', name: 'wide', label: `每排座位数(2至${SEATS.wide})`, value: String(seating.wide), max: 2 },
      ],
      [
        { label: '保存', action: 'meeting.keepSeats', value: { id: meeting.id }, style: 'primary' },
        { label: '返回', action: 'meeting.day', value: { id: meeting.id, back: 1 } },
      ],
    ),
    note('单数时1号居中,2号在1号左手,3号在右手,依次交替;双数时1、2号居中,2号在1号左手。'),
  )
}
