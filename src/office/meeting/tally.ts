import { type Block, type Button, buttons, type Piece, text, tint } from '../../kit/card.ts'
import { formatShort } from '../../kit/time.ts'

/** How the replies to one meeting stand, in people. Whoever comes in somebody's place counts in that one's stead (代会). */
export interface Tally {
  /** 应到: everybody who was asked; of a unit its places, and once it has named people, those. */
  invited: number
  attending: number
  excused: number
  proxied: number
  asking: number
  denied: number
  pending: number
  /** 已签到, substitutes as well. */
  present: number
}

/** `应到12人 · 参加5人 · 请假1人 · 代会1人 · 未回4人`, and what else there is. */
export function tallyWords({ invited, attending, excused, proxied, asking, denied, pending, present }: Tally): string {
  const more = [
    asking ? `请假待批${asking}人` : '',
    denied ? `未准假${denied}人` : '',
    present ? `已签到${present}人` : '',
  ]
  const usual = [`应到${invited}人`, `参加${attending}人`, `请假${excused}人`, `代会${proxied}人`, `未回${pending}人`]
  return [...usual, ...more].filter(word => word !== '').join(' · ')
}

/** Counts, never names. `at`: as of when, on a card that is not drawn anew with each reply. */
export function tallyBlocks(tally: Tally, at?: Date): Block[] {
  const since: Piece[] = at ? [tint('grey', `(截至${formatShort(at, at)})`)] : []
  return [text('回执 ', tallyWords(tally), ...since)]
}

/** The same for whoever organises the meeting, who sees names on a list of their own. */
export const organiserBlocks = (tally: Tally, id: number, ...beside: Button[]): Block[] =>
  [...tallyBlocks(tally), buttons({ label: '回执名单', action: 'meeting.replies', value: { id } }, ...beside)].filter(
    block => block !== undefined,
  )
