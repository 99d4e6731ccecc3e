import { type Block, bold, buttons, type Card, card, divider, fields, note, text, tint } from '../../kit/card.ts'
import { type Calendar, formatShort, isPending, type Notice, PENDING } from '../../kit/time.ts'
import { doubtsAbout } from './notice.ts'
import { type Loaded, lengthOf, type Ruling, workdaysByMonth } from './year.ts'

export interface ShownYear {
  year: number
  calendar: Calendar
  /** As loaded; undefined while it is not. */
  notice: (Notice & { id: number; shipped: boolean }) | undefined
  rulings: readonly Ruling[]
  /** Whether the viewer may change it. */
  changeable: boolean
  now: Date
}

/** A year of the working calendar: what is off, what is worked in return, workdays by month, what the office settled itself. */
export function yearCard(shown: ShownYear): Card {
  const { year, calendar, notice, changeable, now } = shown
  const open = isPending(`${year}-06-01`, calendar)
  const own = shown.rulings.filter(({ day }) => Number(day.slice(0, 4)) === year)
  const drawn = card(
    `假期 · ${year}年`,
    open ? 'yellow' : 'blue',
    open
      ? text(tint('red', '本年度节假日安排尚未载入'), `:暂按周末和法定节日计算,日期均标注“${PENDING}”。`)
      : undefined,
    notice && fields(...noticeRows(notice, now)),
    fields([
      '每月工作日',
      workdaysByMonth(year, calendar)
        .map((days, at) => `${at + 1}月${days}`)
        .join('、'),
    ]),
    own.length ? fields(['本单位调整', own.map(one => rulingInWords(one, now)).join('、')]) : undefined,
    changeable
      ? note('载入通知:/假期 载入 后粘贴通知原文;调整某日:/假期 调整 12月31日 休息(或 上班、恢复)')
      : undefined,
    changeable && notice && !notice.shipped
      ? buttons({
          label: '撤销载入',
          action: 'holiday.undo',
          value: { id: notice.id },
          style: 'danger',
          confirm: { title: '撤销载入', text: '撤销后按上一次载入的安排重新计算时限和提醒,确定撤销吗?' },
        })
      : undefined,
  )
  return { ...drawn, summary: `${drawn.title}${open ? '(尚未载入)' : ''}` }
}

export const rulingInWords = ({ day, kind }: Ruling, now: Date): string =>
  `${formatShort(day, now)}${kind === 'work' ? '上班' : '休息'}`

function noticeRows({ holidays, workdays }: Notice, now: Date): Array<readonly [string, string]> {
  const rows = holidays.map(block => {
    const last = block.to === block.from ? '' : `至${formatShort(block.to, now)}`
    return [block.name, `${formatShort(block.from, now)}${last},共${lengthOf(block)}天`] as const
  })
  return [...rows, ['调休上班', workdays.length ? workdays.map(day => formatShort(day, now)).join('、') : '无']]
}

/** What was read out of a pasted notice; it counts only once somebody has looked at it. */
export function draftCard(loaded: Loaded, id: number, calendar: Calendar, now: Date): Card {
  const { year, notice } = loaded
  const months = workdaysByMonth(year, calendar)
  const drawn = card(
    `假期 · ${year}年 · 待确认`,
    'yellow',
    text('请与通知原文核对,确认后生效,有关时限和提醒将重新计算:'),
    fields(...noticeRows(notice, now)),
    fields(['每月工作日', months.map((days, at) => `${at + 1}月${days}`).join('、')]),
    ...doubtsAbout(loaded).map((doubt): Block => text(tint('red', '注意 '), doubt)),
    divider,
    buttons(
      { label: '确认载入', action: 'holiday.confirm', value: { id }, style: 'primary' },
      { label: '放弃', action: 'holiday.discard', value: { id } },
    ),
  )
  return { ...drawn, summary: `${year}年节假日安排待确认` }
}

export const discardedCard = (year: number): Card =>
  card(`假期 · ${year}年`, 'grey', text('已放弃载入,', bold('现行安排不变'), '。'))
