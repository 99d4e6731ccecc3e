import { nameOf } from '../../kit/acted.ts'
import { type Button, bold, buttons, type Card, card, fields, note, text } from '../../kit/card.ts'
import { shorten } from '../../kit/text.ts'
import { formatDue, formatShort } from '../../kit/time.ts'
import { type Meeting, numberText, type Setting } from './meeting.ts'
import { cycleWords, EXAMPLE_SERIES, type Series, type SeriesMove, seriesFlow, wasKnown } from './series.ts'

export interface SeriesView {
  series: Series
  first: Meeting
  /** Those made so far that are still to be held, the next first. */
  coming: readonly Meeting[]
  mayMove: boolean
}

export function seriesCard({ series, first, coming, mayMove }: SeriesView, setting: Setting): Card {
  const { now, names, customs } = setting
  const { state, nextAt, dueAt, aheadDays, movedBy, movedAt, rev } = series
  const isWaiting = state === 'active' && first.notifiedAt === undefined
  const moves = (Object.keys(seriesFlow.moves) as SeriesMove[]).filter(move =>
    (seriesFlow.moves[move].from as readonly string[]).includes(state),
  )
  const drawn = card(
    `会议 · 定期会议 · ${seriesFlow.states[state]}`,
    state === 'active' ? (isWaiting ? 'yellow' : 'blue') : 'grey',
    text(bold(first.title)),
    fields(
      ['周期', shorten(cycleWords(series, customs), 80)],
      ['地点', first.place],
      ['提前', `${aheadDays}天发出通知`],
      state === 'active' && nextAt ? ['下一次', formatDue(nextAt, now, customs.calendar)] : undefined,
      state === 'active' && dueAt && !isWaiting ? ['通知发出', formatShort(dueAt, now)] : undefined,
    ),
    isWaiting ? note(`首次会议的通知发出后生效${wasKnown(series, first) ? `,${UNASKED}` : ''}。`) : undefined,
    state === 'terminated' || wasKnown(series, first)
      ? undefined
      : note('首次会议送审或发出后才设为定期:其后各次须经审批的,留作草稿,请逐次送审。'),
    ...coming
      .slice(0, 5)
      .map(one =>
        note(
          `${one.number ? numberText(one.number) : '拟定'} · ${formatDue(one.startsAt, now, customs.calendar)} · ${one.place}`,
        ),
      ),
    state === 'active' && rev === 1 ? undefined : note(`${nameOf(movedBy, names)} · ${formatShort(movedAt, now)}`),
    buttons(...(mayMove ? moves.map(move => press(series, move)) : [])),
    note('单次的时间、地点等可在该次会议上变更或取消,不影响其他各次。'),
  )
  return { ...drawn, summary: `[会议] 定期会议:${shorten(first.title, 30)}` }
}

const UNASKED = '其后各次不再逐次审批'

/** What whoever lets the first one out lets out with it. */
export const seriesWords = (series: Series, customs: Setting['customs']): string =>
  `定期会议(${shorten(cycleWords(series, customs), 80)}):本次通知发出后,${UNASKED}。`

function press({ id, rev }: Series, move: SeriesMove): Button {
  const { button } = seriesFlow.moves[move]
  return {
    label: button,
    action: `meeting.${move}Series`,
    value: { id, rev },
    ...(move === 'terminate'
      ? {
          style: 'danger' as const,
          confirm: { title: '终止', text: '以后各次不再发出通知,已通知的会议不受影响,确定吗?' },
        }
      : {}),
  }
}

/** The recurring meetings that somebody organises. */
export function seriesListCard(views: ReadonlyArray<Pick<SeriesView, 'series' | 'first'>>, setting: Setting): Card {
  return card(
    '会议 · 定期会议',
    'blue',
    ...(views.length ? [] : [text('没有您承办的定期会议。'), note(`设置定期会议:${EXAMPLE_SERIES}`)]),
    ...views.flatMap(({ series, first }) => {
      const next =
        series.state === 'active' && series.nextAt
          ? ` · 下一次${formatDue(series.nextAt, setting.now, setting.customs.calendar)}`
          : ''
      const open = buttons({ label: '查看', action: 'meeting.showSeries', value: { id: series.id } })
      const line = text(bold(shorten(first.title, 40)), ` · ${seriesFlow.states[series.state]}${next}`)
      return open ? [line, open] : [line]
    }),
  )
}
