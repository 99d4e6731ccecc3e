import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { inPlace } from '../in-place.ts'
import { addDays, addMonths, mondayOf, spokenDay, weeksOf } from './days.ts'
import { Glyph } from './glyph.tsx'

interface Props {
  /** Days are written yyyy-MM-dd; '' is none. */
  chosen: string
  today: string
  choose: (day: string) => void
}

/** A month by weeks. The arrows walk by day and week, Page Up and Down by month, Enter chooses. */
export function Calendar({ chosen, today, choose }: Props) {
  const [at, setAt] = useState(chosen || today)
  const cell = useRef<HTMLButtonElement>(null)
  const walked = useRef(false)
  useEffect(() => {
    if (walked.current) cell.current?.focus()
    walked.current = false
  })
  const walk = (event: KeyboardEvent) => {
    const to = STEPS[event.key]?.(at)
    if (!to) return
    event.preventDefault()
    walked.current = true
    setAt(to)
  }
  const turn = (months: number) => {
    walked.current = false
    setAt(addMonths(at, months))
  }
  const [year, month] = at.split('-')
  return (
    <div className="calendar">
      <div className="calendar-head">
        <Turn label="上个月" token="left" act={() => turn(-1)} />
        <b aria-live="polite">
          {year}年{Number(month)}月
        </b>
        <Turn label="下个月" token="right" act={() => turn(1)} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table that is walked with arrows is a grid */}
      <table role="grid" aria-label={`${year}年${Number(month)}月`} onKeyDown={walk}>
        <thead>
          <tr className="calendar-week calendar-names">
            {[...'一二三四五六日'].map(name => (
              <th key={name} scope="col" aria-label={`星期${name}`}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {inPlace(weeksOf(at)).map(([key, week]) => (
            <tr key={key} className="calendar-week">
              {week.map(day => (
                <td key={day}>
                  <button
                    ref={day === at ? cell : undefined}
                    type="button"
                    tabIndex={day === at ? 0 : -1}
                    aria-pressed={day === chosen}
                    data-first={day === at || undefined}
                    data-outside={day.slice(0, 7) !== at.slice(0, 7) || undefined}
                    aria-current={day === today ? 'date' : undefined}
                    aria-label={spokenDay(day)}
                    onClick={() => {
                      setAt(day)
                      choose(day)
                    }}
                  >
                    {Number(day.slice(8))}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const STEPS: Record<string, (day: string) => string> = {
  ArrowLeft: day => addDays(day, -1),
  ArrowRight: day => addDays(day, 1),
  ArrowUp: day => addDays(day, -7),
  ArrowDown: day => addDays(day, 7),
  Home: mondayOf,
  End: day => addDays(mondayOf(day), 6),
  PageUp: day => addMonths(day, -1),
  PageDown: day => addMonths(day, 1),
}

function Turn({ label, token, act }: { label: string; token: string; act: () => void }) {
  return (
    <button type="button" className="icon-button" aria-label={label} onClick={act}>
      <Glyph token={token} />
    </button>
  )
}
