import { type ReactNode, useId, useRef } from 'react'

interface Props {
  label: string
  face: ReactNode
  className?: string
  disabled?: boolean
  name?: string
  invalid?: boolean
  /** The face has words of its own, which then are the button's name. */
  worded?: boolean
  children: (close: () => void) => ReactNode
}

/** A button that opens a panel next to itself, above everything else, and closes it on Esc or a press elsewhere. */
export function Popup({ label, face, className, disabled, name, invalid, worded, children }: Props) {
  const id = useId()
  const opener = useRef<HTMLButtonElement>(null)
  const panel = useRef<HTMLDivElement>(null)
  return (
    <>
      <button
        ref={opener}
        type="button"
        className={className}
        aria-label={worded ? undefined : label}
        aria-haspopup="true"
        aria-invalid={invalid || undefined}
        name={name}
        title={label}
        disabled={disabled}
        popoverTarget={id}
      >
        {face}
      </button>
      <div
        id={id}
        ref={panel}
        popover="auto"
        className="popup"
        onToggle={event => {
          if (event.newState === 'open' && opener.current && panel.current) place(panel.current, opener.current)
        }}
      >
        {children(() => panel.current?.hidePopover())}
      </div>
    </>
  )
}

/** Below its opener, or above where there is no room, and within the window. */
export function place(panel: HTMLElement, opener: HTMLElement) {
  const at = opener.getBoundingClientRect()
  panel.style.minWidth = `${Math.min(at.width, window.innerWidth - 16)}px`
  const { width, height } = panel.getBoundingClientRect()
  const below = at.bottom + 4 + height <= window.innerHeight - 8
  panel.style.top = `${Math.max(8, below ? at.bottom + 4 : at.top - 4 - height)}px`
  panel.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - width - 8))}px`
}
