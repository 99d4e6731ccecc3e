import { type KeyboardEvent, type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react'
import { place } from '../popup.tsx'

interface Props {
  kind: 'menu' | 'listbox' | 'dialog'
  label: string
  face: ReactNode
  className: string
  disabled?: boolean
  name?: string
  invalid?: boolean
  required?: boolean
  children: (close: () => void) => ReactNode
}

/** A button that opens its choices next to itself: by mouse, by Enter, or by an arrow key; Esc closes and returns to it. */
export function Picker({ kind, label, face, className, disabled, name, invalid, required, children }: Props) {
  const id = useId()
  const [open, setOpen] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const panel = useRef<HTMLDivElement>(null)
  const close = () => {
    panel.current?.hidePopover()
    opener.current?.focus()
  }
  useLayoutEffect(() => {
    if (!open || !opener.current || !panel.current) return
    place(panel.current, opener.current)
    focusFirst(panel.current)
  }, [open])
  return (
    <>
      <button
        ref={opener}
        type="button"
        className={className}
        aria-label={label}
        aria-haspopup={kind}
        aria-expanded={open}
        aria-invalid={invalid || undefined}
        data-required={required || undefined}
        name={name}
        title={label}
        disabled={disabled}
        popoverTarget={id}
        onKeyDown={event => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
          event.preventDefault()
          panel.current?.showPopover()
        }}
      >
        {face}
      </button>
      <div
        id={id}
        ref={panel}
        popover="auto"
        role="dialog"
        aria-label={label}
        className="popup card-popup"
        onToggle={event => setOpen(event.newState === 'open')}
        onKeyDown={event => move(event, panel.current)}
      >
        {open && children(close)}
      </div>
    </>
  )
}

const STOPS = '[role="option"], [role="menuitem"], input[type="checkbox"], input[type="search"]'

/** Up and down, Home and End walk through what can be chosen. */
function move(event: KeyboardEvent, panel: HTMLElement | null) {
  const to = { ArrowDown: 1, ArrowUp: -1, Home: 0, End: 0 }[event.key]
  const stops = [...(panel?.querySelectorAll<HTMLElement>(STOPS) ?? [])]
  if (to === undefined || stops.length === 0 || event.defaultPrevented) return
  const typing = event.target instanceof HTMLInputElement && event.target.type === 'search'
  if (typing && to === 0) return
  event.preventDefault()
  const at = stops.indexOf(event.target as HTMLElement)
  const next = event.key === 'Home' ? 0 : event.key === 'End' ? stops.length - 1 : at + to
  stops[(next + stops.length) % stops.length]?.focus()
}

function focusFirst(panel: HTMLElement) {
  const first =
    panel.querySelector<HTMLElement>('[data-first]') ??
    panel.querySelector<HTMLElement>('[aria-selected="true"]') ??
    panel.querySelector<HTMLElement>(STOPS)
  first?.focus()
}
