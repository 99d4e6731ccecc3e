import { type Block, bold, buttons, fold, note, text, tint } from '../../kit/card.ts'
import { clockOf, dayIn, formatShort } from '../../kit/time.ts'
import type { Clash, Slot, Span } from './clash.ts'
import type { Plan } from './rule-facts.ts'
import { KINDS, type Kind } from './terms.ts'

const SHOWN = 12

const CALENDARS = {
  reading: '正在读取参会人员的飞书日历,读到后自动更新。',
  unread: '未核对参会人员的飞书日历:未读到,或上次读取已超过12小时。重新打开本草稿即再次读取。',
  ungranted: '未开通读取日历忙闲的权限,未核对飞书日历。',
} as const

/**
 * What a draft shows of its time: the meter, who is taken, and when all would be free. `of`: the draft's id and revision, where a
 * press may take one of those times; nobody's calendar is told beyond that they are taken.
 */
export function planBlocks(
  { clashes, slots, meter, calendars }: Pick<Plan, 'clashes' | 'slots' | 'meter' | 'calendars'>,
  kind: Kind,
  now: Date,
  of?: { id: number; rev: number },
): Block[] {
  const left = clashes.length - SHOWN
  return [
    text(bold('精文减会'), ` ${meter}`),
    ...(calendars === 'known' ? [] : [note(CALENDARS[calendars])]),
    ...(clashes.length
      ? [
          fold(
            `时间冲突(${clashes.length}项)`,
            ...clashes.slice(0, SHOWN).map(clash => text(clashText(clash, kind, now))),
            ...(left > 0 ? [note(`另有${left}项冲突未列出`)] : []),
          ),
          ...slotBlocks(slots, now, of),
        ]
      : []),
  ]
}

const BY = { meeting: '会议', trip: '公务出行', calendar: '日历已有安排', room: '已被占用' } as const
const AS = { presider: '(主持)', convener: '(召集)', attend: '', listen: '(列席)' } as const

function clashText(clash: Clash, kind: Kind, now: Date): string {
  const who = `${clash.name}${clash.as ? AS[clash.as] : ''}`
  const what = [BY[clash.by], clash.number].filter(word => word !== '').join('')
  const marks = [clash.tight ? '间隔不足路途时间' : '', precedence(clash, kind)].filter(mark => mark !== '')
  return `${who}:${spanText(clash, now)} ${what}${marks.length ? `(${marks.join(',')})` : ''}`
}

const ORDER = Object.keys(KINDS) as Kind[]

/** MT-09: which of two meetings goes first. It is only said; nothing is cancelled. */
function precedence({ by, kind: other }: Clash, kind: Kind): string {
  if (by !== 'meeting' || other === undefined || other === kind) return ''
  return ORDER.indexOf(other) < ORDER.indexOf(kind) ? `${KINDS[other]}优先` : `本会优先于${KINDS[other]}`
}

export function spanText({ startsAt, endsAt }: Span, now: Date): string {
  const isOneDay = dayIn(startsAt) === dayIn(endsAt)
  return `${formatShort(startsAt, now)}-${isOneDay ? clockOf(endsAt) : formatShort(endsAt, now)}`
}

function slotBlocks(slots: readonly Slot[], now: Date, of: { id: number; rev: number } | undefined): Block[] {
  if (!slots.length) return [text(tint('yellow', '近期没有所需人员和会议室均空闲的时间,请缩小参会范围或另行协调。'))]
  const lines = slots.map(slot => `${spanText(slot, now)}${slot.room ? ` ${slot.room.name}` : ''}`)
  const row = of
    ? buttons(
        ...slots.map((slot, at) => ({
          label: `改为${lines[at]}`,
          action: 'meeting.takeSlot',
          value: {
            ...{ ...of, from: slot.startsAt.getTime(), until: slot.endsAt.getTime() },
            ...(slot.room ? { room: slot.room.id } : {}),
          },
        })),
      )
    : undefined
  const words = text('所需人员和会议室均空闲的时间:', ...(row ? [] : [lines.join('、')]))
  return row ? [words, row] : [words]
}
