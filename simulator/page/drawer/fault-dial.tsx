import type { ChatRow } from '../../protocol.ts'
import { useSeat } from '../office.tsx'
import { type Dial, usedScopes } from './fault-words.ts'

interface Props {
  dial: Dial
  label: string
  value: unknown
  set: (value: unknown) => void
  chats: ChatRow[]
}

/** How strong, how often, or for whom a fault is on. */
export function FaultDial({ dial, label, value, set, chats }: Props) {
  const { office } = useSeat()
  const counter = (value ?? {}) as { next?: number; reset_s?: number }
  switch (dial) {
    case 'share':
      return <Amount label={label} unit="%" value={Number(value) * 100} max={100} set={share => set(share / 100)} />
    case 'ms':
      return <Amount label={label} unit="毫秒" value={Number(value)} max={600_000} set={set} />
    case 'copies':
      return <Amount label={label} unit="份" value={Number(value)} max={100} set={set} />
    case 'times':
      return <Amount label={label} unit="次（剩余）" value={counter.next ?? 0} max={1000} set={next => set({ next })} />
    case 'busy':
      return (
        <>
          <Amount
            label={label}
            unit="次（剩余）"
            value={counter.next ?? 0}
            max={1000}
            set={next => set({ ...counter, next })}
          />
          <Amount
            label="等待"
            unit="秒"
            value={counter.reset_s ?? 1}
            max={600}
            set={reset_s => set({ ...counter, reset_s })}
          />
        </>
      )
    case 'empties':
      return (
        <select className="field" aria-label={label} value={String(value)} onChange={event => set(event.target.value)}>
          <option value="as-sent">页面怎样就怎样</option>
          <option value="absent">没有这一项</option>
          <option value="blank">空字符串</option>
        </select>
      )
    case 'scopes':
      return <Picks label={label} all={usedScopes.map(id => ({ id, name: id }))} value={value} set={set} />
    case 'departments': {
      const all = office.departments.map(each => ({ id: each.open_department_id, name: each.name }))
      return <Picks label={label} all={all} value={value} set={set} />
    }
    case 'chats':
      return (
        <Picks label={label} all={chats.map(each => ({ id: each.chat_id, name: each.name }))} value={value} set={set} />
      )
  }
}

interface AmountProps {
  label: string
  unit: string
  value: number
  max: number
  set: (value: number) => void
}

function Amount({ label, unit, value, max, set }: AmountProps) {
  return (
    <label className="fault-amount">
      <input
        type="number"
        className="field"
        aria-label={`${label}：${unit}`}
        min={0}
        max={max}
        value={Math.round(value)}
        onChange={event => set(Math.min(max, Math.max(0, Math.round(Number(event.target.value)))))}
      />
      {unit}
    </label>
  )
}

interface PicksProps {
  label: string
  all: Array<{ id: string; name: string }>
  value: unknown
  set: (value: string[]) => void
}

function Picks({ label, all, value, set }: PicksProps) {
  const chosen = Array.isArray(value) ? value.map(String) : []
  return (
    <fieldset className="fault-picks">
      <legend>{label}</legend>
      {all.map(({ id, name }) => (
        <label key={id} className="tick">
          <input
            type="checkbox"
            checked={chosen.includes(id)}
            onChange={event => set(event.target.checked ? [...chosen, id] : chosen.filter(one => one !== id))}
          />
          {name}
        </label>
      ))}
    </fieldset>
  )
}
