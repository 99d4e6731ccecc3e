import { useCallback, useState } from 'react'
import type { ChatRow, Faults } from '../../protocol.ts'
import { useFresh } from '../fresh.ts'
import { useToast, wordsOf } from '../toast.tsx'
import { dev, type FaultState, useLive } from './dev.ts'
import { FaultDial } from './fault-dial.tsx'
import { type FaultWords, faultGroups, optionalScopes } from './fault-words.ts'
import { Waiting } from './pieces.tsx'

/** Everything that can go wrong at Feishu and on the way, each with its switch. */
export function FaultBoard({ chats }: { chats: ChatRow[] }) {
  const { value, fault, refresh } = useLive(dev.faults)
  const act = useAct(refresh)
  if (!value) return <Waiting fault={fault} />
  const set = (name: keyof Faults, to: unknown) => act(() => dev.setFaults({ [name]: to }))
  return (
    <>
      <div className="fault-head">
        <p className="drawer-hint">{value.on.length ? `已打开 ${value.on.length} 项故障。` : '没有打开任何故障。'}</p>
        <button
          type="button"
          className="button button-danger"
          disabled={value.on.length === 0}
          onClick={() => act(dev.noFaults)}
        >
          全部关闭
        </button>
      </div>
      {[...faultGroups, ...unlisted(value)].map(group => (
        <section key={group.title} className="faults">
          <h3>{group.title}</h3>
          {group.faults.map(words => (
            <Row key={words.name} words={words} state={value} set={to => set(words.name, to)} chats={chats} />
          ))}
        </section>
      ))}
      <section className="faults">
        <h3>一次性</h3>
        <button type="button" className="button" onClick={() => act(dev.revokeTokens, '已发出的令牌全部失效')}>
          让已发出的令牌失效（99991663）
        </button>
      </section>
      <OptionalScopes missing={value.faults.missing_scopes} refresh={refresh} />
    </>
  )
}

interface RowProps {
  words: FaultWords
  state: FaultState
  set: (value: unknown) => void
  chats: ChatRow[]
}

function Row({ words, state, set, chats }: RowProps) {
  const { name, label, hint, usual, dial } = words
  const [opened, setOpened] = useState(false)
  const on = state.on.includes(name)
  const listed = Array.isArray(usual)
  const shown = on || (listed && opened)
  const flip = () => {
    setOpened(!shown)
    if (on) set(state.none[name])
    else if (!listed || name === 'contact_scope') set(usual)
  }
  return (
    <div className="fault" data-testid="fault" data-name={name}>
      <label>
        <input type="checkbox" className="switch" checked={shown} onChange={flip} />
        <span>
          {label}
          <small>{hint}</small>
        </span>
      </label>
      {shown && dial && <FaultDial dial={dial} label={label} value={state.faults[name]} set={set} chats={chats} />}
    </div>
  )
}

/** Faults that this page has no words for yet: they can be switched all the same. */
function unlisted({ none }: FaultState): typeof faultGroups {
  const known = new Set<string>(faultGroups.flatMap(group => group.faults.map(each => each.name)))
  const faults = Object.entries(none).flatMap(([name, value]): FaultWords[] => {
    if (known.has(name)) return []
    const words = { name: name as keyof Faults, label: name, hint: '' }
    if (typeof value === 'boolean') return [{ ...words, usual: !value }]
    if (typeof value === 'number') return [{ ...words, usual: 1, dial: 'copies' }]
    return typeof value === 'object' && value && 'next' in value
      ? [{ ...words, usual: { ...(value as object), next: 3 }, dial: 'times' }]
      : []
  })
  return faults.length ? [{ title: '其他', faults }] : []
}

function OptionalScopes({ missing, refresh }: { missing: string[]; refresh: () => void }) {
  const granted = useFresh(useCallback(() => dev.scopes({}), []))
  const act = useAct(() => {
    granted.refresh()
    refresh()
  })
  return (
    <section className="faults">
      <h3>可另外授予的权限</h3>
      {optionalScopes.map(({ name, hint }) => {
        const has = Boolean(granted.value?.granted.includes(name)) && !missing.includes(name)
        return (
          <div key={name} className="fault">
            <label>
              <input
                type="checkbox"
                className="switch"
                checked={has}
                onChange={() => act(() => dev.scopes(has ? { revoke: [name] } : { grant: [name] }))}
              />
              <span>
                {name}
                <small>{hint}</small>
              </span>
            </label>
          </div>
        )
      })}
    </section>
  )
}

function useAct(after: () => void) {
  const toast = useToast()
  return async (act: () => Promise<unknown>, done?: string) => {
    try {
      await act()
      if (done) toast('success', done)
      after()
    } catch (fault) {
      toast('error', wordsOf(fault))
    }
  }
}
