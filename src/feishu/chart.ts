import type { Block, Colour } from '../kit/card.ts'
import type { Json } from './field.ts'

/** What Feishu takes is at most 999 pixels. */
const HIGHEST = 900

/** Bars that stand or lie, those of one group side by side. */
export function printBars({ title, lying, bars }: Extract<Block, { kind: 'chart' }>): Json {
  return {
    tag: 'chart',
    height: `${lying ? Math.min(140 + 18 * bars.length, HIGHEST) : 280}px`,
    chart_spec: {
      type: 'bar',
      title: { text: title },
      data: [{ id: 'bars', values: bars }],
      direction: lying ? 'horizontal' : 'vertical',
      ...(lying ? { xField: 'value', yField: ['group', 'name'] } : { xField: ['group', 'name'], yField: 'value' }),
      seriesField: 'name',
      label: { visible: true },
      legends: { visible: true, orient: 'bottom' },
    },
  }
}

const SHANGHAI_MS = 8 * 3_600_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** In a light and in a dark client. */
const COLOURS: Record<Colour, string> = {
  blue: '#3370ff',
  yellow: '#e8a20c',
  red: '#e22e28',
  green: '#1fa18f',
  grey: '#a6aab2',
}

/** A line for each name. The client knows no time zone of ours: what it shows as UTC is the time in Shanghai. */
export function printTimeline({ title, from, until, lines, spans }: Extract<Block, { kind: 'timeline' }>): Json {
  const shown = (at: number) => Math.min(Math.max(at, from), until) + SHANGHAI_MS
  const words = [...new Map(spans.map(({ word, colour }) => [word, COLOURS[colour]]))]
  const days = until - from > 2 * DAY_MS
  return {
    tag: 'chart',
    height: `${Math.min(100 + 34 * lines.length, HIGHEST)}px`,
    chart_spec: {
      type: 'rangeColumn',
      title: { text: title, textStyle: { fontSize: 14 }, padding: { bottom: 4 } },
      data: [
        {
          id: 'spans',
          values: spans.map(({ line, word, ...span }) => ({
            line,
            word,
            from: shown(span.from),
            to: shown(span.until),
          })),
        },
      ],
      direction: 'horizontal',
      xField: ['from', 'to'],
      yField: 'line',
      seriesField: 'word',
      color: { type: 'ordinal', domain: words.map(([word]) => word), range: words.map(([, colour]) => colour) },
      barMaxWidth: 18,
      axes: [
        { orient: 'left', type: 'band', domain: lines, label: { style: { fontSize: 11 } } },
        {
          orient: 'bottom',
          type: 'time',
          min: shown(from),
          max: shown(until),
          // else labels are left out as if they were as long as the numbers behind them
          sampling: false,
          layers: [
            {
              tickStep: days ? DAY_MS : 3 * HOUR_MS,
              timeFormat: days ? '%d日' : '%H:%M',
              timeFormatMode: 'utc',
            },
          ],
          grid: { visible: true },
          label: { style: { fontSize: 10 } },
        },
      ],
      label: { visible: false },
      // it would tell instants as numbers
      tooltip: { visible: false },
      legends: { visible: true, orient: 'bottom', padding: { top: 4 } },
      padding: { left: 4, right: 14, top: 4, bottom: 4 },
    },
  }
}
