import { useEffect, useState } from 'react'
import type { ClockRequest } from '../../protocol.ts'
import { Clock, Down } from '../icon.tsx'
import { Popup } from '../popup.tsx'
import { sim } from '../sim.ts'
import { useToast, wordsOf } from '../toast.tsx'
import { clockSeconds, instantOf, localMinute, monthDay, shortWeekday, spokenLocal } from '../when.ts'

const HOUR_MS = 3_600_000
const jumps: Array<{ label: string; move: ClockRequest }> = [
  { label: '+1小时', move: { by_ms: HOUR_MS } },
  { label: '+1天', move: { by_ms: 24 * HOUR_MS } },
  { label: '下个工作日 8:30', move: { to: 'next-workday-0830' } },
]

interface Props {
  offset: number
  movable: boolean
  moved: (offset: number) => void
}

/** The bot's clock, which need not be ours: real time plus what it was moved by. */
export function BotClock({ offset, movable, moved }: Props) {
  const now = useNow() + offset
  const { moving, move } = useMove(moved)
  const face = (
    <>
      <Clock size={16} />
      <time dateTime={new Date(now).toISOString()}>
        <span className="clock-day">
          {monthDay(now)} {shortWeekday(now)}
        </span>{' '}
        {clockSeconds(now)}
      </time>
      {moving && <span className="spinner" role="status" aria-label="正在拨动时钟" />}
    </>
  )
  return (
    <div className="clock" data-testid="clock" data-now={new Date(now).toISOString()}>
      {movable ? (
        <>
          <div className="clock-jumps">
            <Jumps moving={moving} move={move} />
          </div>
          <Popup
            label="机器人的时钟"
            className="clock-face"
            worded
            face={
              <>
                {face}
                <Down size={14} />
              </>
            }
          >
            {close => <Setting now={now} moving={moving} move={move} close={close} />}
          </Popup>
        </>
      ) : (
        <span className="clock-face" title="机器人的时钟不可拨动">
          {face}
        </span>
      )}
    </div>
  )
}

type Move = (move: ClockRequest) => void

function Jumps({ moving, move }: { moving: boolean; move: Move }) {
  return jumps.map(jump => (
    <button key={jump.label} type="button" className="chip" disabled={moving} onClick={() => move(jump.move)}>
      {jump.label}
    </button>
  ))
}

function Setting({ now, moving, move, close }: { now: number; moving: boolean; move: Move; close: () => void }) {
  const [chosen, setChosen] = useState('')
  return (
    <form
      className="clock-setting"
      onSubmit={event => {
        event.preventDefault()
        move({ now: instantOf(chosen || localMinute(now)) })
        close()
      }}
    >
      <p>拨动机器人的时钟，其间到期的提醒和播报会随即发出。</p>
      <div className="clock-setting-jumps">
        <Jumps moving={moving} move={move} />
      </div>
      <label>
        拨到指定时刻
        <input
          type="datetime-local"
          className="field field-date"
          data-shown={spokenLocal(chosen || localMinute(now))}
          value={chosen || localMinute(now)}
          onChange={event => setChosen(event.target.value)}
        />
      </label>
      <button type="submit" className="button button-primary_filled" disabled={moving}>
        拨到此时
      </button>
    </form>
  )
}

function useMove(moved: (offset: number) => void) {
  const toast = useToast()
  const [moving, setMoving] = useState(false)
  const move = async (request: ClockRequest) => {
    setMoving(true)
    try {
      const answer = await sim.moveClock(request)
      moved(answer.offset_ms)
    } catch (fault) {
      toast('error', `时钟未能拨动：${wordsOf(fault)}`)
    }
    setMoving(false)
  }
  return { moving, move }
}

function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}
