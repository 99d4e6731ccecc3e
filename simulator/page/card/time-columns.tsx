import { type KeyboardEvent, useLayoutEffect, useRef } from 'react'

interface Props {
  /** HH:mm */
  value: string
  /** Whether the keyboard begins here. */
  first: boolean
  change: (value: string) => void
}

export function TimeColumns({ value, first, change }: Props) {
  const [hour = '00', minute = '00'] = value.split(':')
  return (
    <div className="time-columns">
      <Column label="时" count={24} value={hour} first={first} change={next => change(`${next}:${minute}`)} />
      <Column label="分" count={60} value={minute} first={false} change={next => change(`${hour}:${next}`)} />
    </div>
  )
}

interface ColumnProps extends Props {
  label: string
  count: number
}

/** One stop for Tab; the arrows change what is chosen. */
function Column({ label, count, value, first, change }: ColumnProps) {
  const list = useRef<HTMLDivElement>(null)
  const walked = useRef(false)
  useLayoutEffect(() => {
    const option = list.current?.querySelector<HTMLElement>(`[data-value="${value}"]`)
    if (!option || !list.current) return
    list.current.scrollTop = option.offsetTop - list.current.clientHeight / 2 + option.clientHeight / 2
    if (walked.current) option.focus({ preventScroll: true })
    walked.current = false
  }, [value])
  const walk = (event: KeyboardEvent) => {
    const to = STEPS[event.key]?.(Number(value), count)
    if (to === undefined) return
    event.preventDefault()
    walked.current = true
    change(padded((to + count) % count))
  }
  return (
    <div ref={list} className="time-column" role="listbox" tabIndex={-1} aria-label={label} onKeyDown={walk}>
      {Array.from({ length: count }, (_, at) => padded(at)).map(option => (
        <button
          key={option}
          type="button"
          role="option"
          tabIndex={option === value ? 0 : -1}
          data-first={(first && option === value) || undefined}
          data-value={option}
          aria-selected={option === value}
          aria-label={`${option}${label}`}
          onClick={() => change(option)}
        >
          {option}
        </button>
      ))}
    </div>
  )
}

const padded = (value: number) => String(value).padStart(2, '0')

const STEPS: Record<string, (value: number, count: number) => number> = {
  ArrowUp: value => value - 1,
  ArrowDown: value => value + 1,
  PageUp: value => value - 10,
  PageDown: value => value + 10,
  Home: () => 0,
  End: (_, count) => count - 1,
}
