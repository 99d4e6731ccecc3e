import { countUndispatched, undispatched } from '../../db/car-dispatch.ts'
import type { Action, Answer, Turn } from '../../src/bot/feature.ts'
import { type Block, type Button, buttons, type Card, card, note, text, tint } from '../../src/kit/card.ts'
import { pageAmong, pageButtons, pagesOf, readPage } from '../../src/kit/pages.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { listLine } from '../../src/office/car/cards.ts'
import { isTimely, whyNot } from '../../src/office/car/roles.ts'
import type { Actor, Setting, Trip } from '../../src/office/car/trip.ts'
import { may } from '../../src/office/role/role.ts'
import { opened } from '../opened.ts'
import { actorIn, settingOf } from './setting.ts'

const PAGE = 8

/** `/用车 待派`: what waits for a car, the earliest departure first and what is over last, each with 派车. */
export const pending = async (turn: Turn): Promise<Answer> => ({
  say: { card: await pendingList(turn, 1) },
  privately: true,
})

export const pendingPress: Action = async (turn, { value }) =>
  opened(turn, await pendingList(turn, readPage(value.page)))

export async function pendingList(turn: Turn, page: number): Promise<Card> {
  const actor = actorIn(turn)
  const units = unitsOf(actor)
  if (units !== 'all' && !units.length) throw new Refusal('待派车列表仅限车管员和办公室主任使用')
  const count = await countUndispatched(turn.db, units)
  const pages = pagesOf(count, PAGE)
  const shown = pageAmong(page, count, PAGE)
  const some = await undispatched(turn.db, units, turn.now, PAGE, (shown - 1) * PAGE)
  const setting = await settingOf(turn, ...some)
  const drawn = card(
    '待派车',
    'blue',
    note(
      count ? `共${count}项,按出发时间排列${pages > 1 ? `;第${shown}/${pages}页` : ''}` : '目前没有待派车的用车申请。',
    ),
    ...some.flatMap(trip => rowOf(trip, actor, shown, setting)),
    some.some(trip => isPast(trip, setting)) ? note('已过出车时间、不再派车的,请在“查看”中登记未派。') : undefined,
    buttons(...pageButtons(shown, pages, 'car.pending')),
  )
  return { ...drawn, summary: `[用车] 待派车${count}项` }
}

/** For which units somebody dispatches or oversees it. */
function unitsOf(actor: Actor): string[] | 'all' {
  const own = actor.held.map(({ code }) => code)
  const held = [actor, ...actor.standsFor].flatMap(self =>
    self.held.filter(({ code }) =>
      (['E', 'V'] as const).some(
        right => may([code], right, 'car.dispatch') && may([code, ...own], right, 'car.dispatch'),
      ),
    ),
  )
  return held.some(({ unit }) => unit === undefined) ? 'all' : held.flatMap(({ unit }) => unit ?? [])
}

function rowOf(trip: Trip, actor: Actor, page: number, setting: Setting): Block[] {
  const value = { id: trip.id, rev: trip.rev }
  const dispatch: Button[] =
    isTimely(trip, 'assign', setting) && whyNot(trip, 'dispatcher', actor, setting) === undefined
      ? [{ label: '派车', action: 'car.assign', value: { ...value, list: page }, style: 'primary' }]
      : []
  return [
    text(
      ...listLine(trip, setting),
      ` · ${trip.headcount}人`,
      ...(isPast(trip, setting) ? [' · ', tint('red', '已过出车时间')] : []),
    ),
    buttons(...dispatch, { label: '查看', action: 'car.show', value: { id: trip.id } }),
  ].filter(block => block !== undefined)
}

/** What went out on a consent leaves as soon as it is asked for. */
const isPast = ({ startsAt, endsAt, urgent }: Trip, { now }: Setting): boolean => (urgent ? endsAt : startsAt) <= now
