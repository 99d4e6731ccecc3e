import type { Action } from '../../src/bot/feature.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import type { Slot } from '../../src/office/meeting/clash.ts'
import type { Meeting, MeetingWish } from '../../src/office/meeting/meeting.ts'
import { moved, refuse, wishOf } from '../../src/office/meeting/moves.ts'
import { checkWish, usualReplyBy } from '../../src/office/meeting/request.ts'
import { customs } from '../customs.ts'
import { hold, keep, readPress } from './act.ts'
import { askCalendars } from './calendars.ts'
import { planFor } from './rules.ts'

/** Moves a draft to one of the times that its card proposes, as long as it is still proposed. */
export const takeSlot: Action = async (turn, pressed) => {
  const { value } = pressed
  const { before, by, setting } = await hold(turn, value.id)
  const press = { move: 'edit' as const, by, ...readPress(pressed) }
  refuse(before, press, setting)
  if (press.seenRev !== before.rev) throw new Refusal('卡片已过期,请以最新卡片为准')
  const of = { maker: before.maker, unit: before.unit, id: before.id }
  const offered = (await planFor(turn, before, of)).slots.find(
    ({ startsAt, endsAt, room }) =>
      startsAt.getTime() === value.from && endsAt.getTime() === value.until && room?.id === value.room,
  )
  if (!offered) throw new Refusal('该时间已不再空闲,请重新选择')
  const replyBy = before.replyBy && usualReplyBy(offered.startsAt, turn.now, await customs(turn))
  const wish = checkWish({ ...movedTo(before, offered), replyBy }, turn.now)
  const { findings, steps } = await planFor(turn, wish, of)
  const after = await keep(turn, before, moved(before, { ...press, wish, plan: { findings, steps } }, setting))
  await askCalendars(turn, after)
  return { toast: { kind: 'success', words: '已调整时间,请核对后发出' } }
}

/** 报到 moves along. */
function movedTo(before: Meeting, { startsAt, endsAt, room }: Slot): MeetingWish {
  const { checkInAt } = before
  const later = startsAt.getTime() - before.startsAt.getTime()
  return {
    ...wishOf(before),
    ...{ startsAt, endsAt, checkInAt: checkInAt && new Date(checkInAt.getTime() + later) },
    ...(room ? { room: room.id, place: room.name } : {}),
  }
}
