import { use, useState } from 'react'
import { OffsetContext } from '../desk/office-time.ts'
import { localMinute } from '../when.ts'
import { Calendar } from './calendar.tsx'
import { TimeColumns } from './time-columns.tsx'

interface Props {
  /** date_picker, picker_time or picker_datetime. */
  of: string
  /** "2026-11-24", "08:30" or "2026-11-24T08:30"; '' when nothing is chosen. */
  value: string
  clears: boolean
  take: (value: string) => void
}

export function Moment({ of, value, clears, take }: Props) {
  const now = localMinute(Date.now() + use(OffsetContext))
  const [day, setDay] = useState(of === 'picker_time' ? '' : value.slice(0, 10))
  const [time, setTime] = useState(value.slice(of === 'picker_time' ? 0 : 11) || now.slice(11))
  const whole = of === 'picker_time' ? time : `${day || now.slice(0, 10)}T${time}`
  return (
    <div className="moment">
      <div className="moment-parts">
        {of !== 'picker_time' && (
          <Calendar chosen={day} today={now.slice(0, 10)} choose={of === 'date_picker' ? take : setDay} />
        )}
        {of !== 'date_picker' && <TimeColumns value={time} first={of === 'picker_time'} change={setTime} />}
      </div>
      <div className="moment-end">
        {clears && value && (
          <button type="button" className="link" onClick={() => take('')}>
            清除
          </button>
        )}
        {of === 'date_picker' ? (
          <button type="button" className="link" onClick={() => take(now.slice(0, 10))}>
            今天
          </button>
        ) : (
          <button type="button" className="button button-primary_filled button-small" onClick={() => take(whole)}>
            确定
          </button>
        )}
      </div>
    </div>
  )
}
