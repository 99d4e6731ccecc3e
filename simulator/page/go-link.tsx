import type { AnchorHTMLAttributes } from 'react'
import { type Address, go, hrefOf } from './address.ts'

interface Props extends AnchorHTMLAttributes<HTMLAnchorElement> {
  to: Address
  /** What to do instead of merely going there. */
  act?: () => void
}

/** A link within the page: a plain press goes without loading, with Ctrl and its kind a new tab opens. */
export function GoLink({ to, act, ...rest }: Props) {
  return (
    <a
      {...rest}
      href={hrefOf(to)}
      onClick={event => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        if (act) act()
        else go(to)
      }}
    />
  )
}
