import { type Block, bold, buttons, type Card, type Colour, card, note, text } from '../../kit/card.ts'
import { countsOf, headOf, type InHand, type Leaver, totalOf } from './hand-over.ts'

/**
 * How it is about somebody who left, for one of those who were told. open: something is left that they may hand over; going: it is being
 * handed over; over: nothing is left; others: they have no say in it any more; back: who left is there again.
 */
export type Stand = 'open' | 'going' | 'over' | 'others' | 'back'

/** Subjects that somebody handed over to somebody. */
export interface HandedOver {
  titles: readonly string[]
  by: string
  to: string
}

/** What one of those who were told knows of one who left: of what others have to hand over, nothing. */
export interface Notice extends Omit<Leaver, 'active'> {
  stand: Stand
  handed: readonly HandedOver[]
}

interface Seen {
  isBack: boolean
  isGoing: boolean
  isOthers: boolean
  inHand: readonly InHand[]
}

export function standOf({ isBack, isGoing, isOthers, inHand }: Seen): Stand {
  if (isOthers) return 'others'
  if (isBack) return 'back'
  if (!totalOf(inHand)) return 'over'
  return isGoing ? 'going' : 'open'
}

/** One card for everybody who had left since the last one. */
export function leaversCard(notices: readonly Notice[]): Card {
  const open = notices.filter(({ stand }) => stand === 'open')
  const rows = notices.flatMap(rowsOf)
  if (!notices.length) return card('离任人员', 'grey', text('本卡片已过保存期限,请以最新卡片为准。'))
  if (!open.length && !notices.some(({ stand }) => stand === 'going')) return card(...finishOf(notices), ...rows)
  return {
    ...card('离任人员 · 待移交', 'yellow', ...rows, note('移交后由接手人继续办理,原有记录保留。')),
    summary: (open.length ? open.map(headed) : notices.map(whoOf)).join(';'),
  }
}

function finishOf(notices: readonly Notice[]): [string, Colour] {
  const has = (stand: Stand): boolean => notices.some(one => one.stand === stand)
  if (has('over')) return ['离任人员 · 已移交', 'green']
  return has('others') ? ['离任人员 · 由他人移交', 'grey'] : ['离任人员 · 无需移交', 'grey']
}

const headed = (notice: Notice): string => headOf({ ...notice, active: false })
const whoOf = ({ name, unit }: Notice): string => `${name}${unit ? `(${unit})` : ''}`

function rowsOf(notice: Notice): Array<Block | undefined> {
  const { id, name, stand, inHand, handed } = notice
  const who = whoOf(notice)
  if (stand === 'others') return [text(`${who}名下事项的移交已不由您负责,由现任负责人员办理。`)]
  if (stand === 'going') return [text(`${who}名下事项正在分批移交,完成后本卡片随即更新。`)]
  if (stand === 'back')
    return [text(`${who}已恢复在职,无需移交。`, handed.length ? `此前${handedWords(handed)}。` : '')]
  if (stand === 'over') return [text(`${overWords(who, handed)}。`)]
  return [
    text(bold(headed(notice)), `:${countsOf(inHand)}`),
    handed.length ? text(`${handedWords(handed)}${stillWords(handed, inHand)}。`) : undefined,
    buttons({ label: `移交${name}名下事项`, action: 'role.handForm', value: { person: id } }),
  ]
}

const handedWords = (handed: readonly HandedOver[]): string =>
  handed.map(({ titles, by, to }) => `${titles.join('、')}已由${by}移交${to}`).join(',')

/** Not everything can be handed over: what is left of a subject that was. */
function stillWords(handed: readonly HandedOver[], inHand: readonly InHand[]): string {
  const still = inHand.map(({ title }) => title).filter(title => handed.some(({ titles }) => titles.includes(title)))
  return still.length ? `,${still.join('、')}另有未能移交的,请改派、转办或变更` : ''
}

/** Nothing is left of what the reader may hand over. */
export const overWords = (who: string, handed: readonly HandedOver[]): string =>
  `${who}名下已没有需要您移交的事项${handed.length ? `:${handedWords(handed)}` : ''}`

/** To whoever wants to hand over what somebody has in hand who is there again. */
export const backWords = (name: string): string => `${name}已恢复在职,无需移交;如系调岗,请发送“/角色 移交 @${name}”`
