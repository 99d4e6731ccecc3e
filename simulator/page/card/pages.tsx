import { type ReactNode, useState } from 'react'

interface Paged<Row> {
  shown: Row[]
  at: number
  pages: number
  turn: (to: number) => void
}

/** So many rows at a time; what grows shorter shows its last page. */
export function usePages<Row>(rows: readonly Row[], size: number): Paged<Row> {
  const [page, turn] = useState(0)
  const pages = Math.max(1, Math.ceil(rows.length / size))
  const at = Math.min(page, pages - 1)
  return { shown: rows.slice(at * size, at * size + size), at, pages, turn }
}

export function Pages({ at, pages, turn }: Omit<Paged<unknown>, 'shown'>) {
  if (pages <= 1) return null
  return (
    <nav className="table-pages" aria-label="表格翻页">
      <button type="button" className="link" disabled={at === 0} onClick={() => turn(at - 1)}>
        上一页
      </button>
      <span aria-live="polite">
        {at + 1} / {pages}
      </span>
      <button type="button" className="link" disabled={at === pages - 1} onClick={() => turn(at + 1)}>
        下一页
      </button>
    </nav>
  )
}

/** Wide tables are scrolled in their own box, by keyboard too. */
export function TableScroll({ label = '表格', children }: { label?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className="table-scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
