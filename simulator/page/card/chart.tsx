import { useEffect, useRef, useState } from 'react'
import { useDark } from '../looks.ts'
import { wordsOf } from '../toast.tsx'
import { Glyph } from './glyph.tsx'
import { type Node, nodeOf, pixels, plain } from './node.ts'
import { Enlarged } from './picture.tsx'

export function Chart({ node }: { node: Node }) {
  const [open, setOpen] = useState(false)
  const label = titleOf(nodeOf(node.chart_spec))
  const [wide = 16, high = 9] = (plain(node.aspect_ratio) || '16:9').split(':').map(Number)
  const shape = pixels(node.height) ? { height: pixels(node.height) } : { aspectRatio: `${wide} / ${high}` }
  return (
    <div className="card-chart" style={shape}>
      <Drawing node={node} label={label} />
      {node.preview !== false && (
        <button
          type="button"
          className="icon-button card-chart-open"
          aria-label={`放大图表：${label}`}
          onClick={() => setOpen(true)}
        >
          <Glyph token="visible" />
        </button>
      )}
      {open && (
        <Enlarged label={label} close={() => setOpen(false)}>
          <div className="card-chart-large">
            <Drawing node={node} label={label} />
          </div>
        </Enlarged>
      )}
    </div>
  )
}

/** What draws charts is large and comes only when a card has one. */
function Drawing({ node, label }: { node: Node; label: string }) {
  const box = useRef<HTMLDivElement>(null)
  const dark = useDark()
  const spec = JSON.stringify(node.chart_spec)
  const colours = plain(node.color_theme)
  const [state, setState] = useState<{ drawn: boolean; fault?: string }>({ drawn: false })
  useEffect(() => {
    let gone = false
    let release: (() => void) | undefined
    const show = async () => {
      const { draw } = await import('./vchart.ts')
      if (gone || !box.current) return
      release = await draw(box.current, JSON.parse(spec ?? '{}', withoutPrototype), { dark, colours })
      if (gone) release()
      else setState({ drawn: true })
    }
    show().catch(fault => gone || setState({ drawn: false, fault: wordsOf(fault) }))
    return () => {
      gone = true
      release?.()
    }
  }, [spec, dark, colours])
  return (
    <>
      <div ref={box} className="card-chart-box" role="img" aria-label={label} data-drawn={state.drawn || undefined} />
      {state.fault && <p className="card-unsupported">图表无法显示：{state.fault}</p>}
      {!state.drawn && !state.fault && (
        <span className="spinner card-chart-wait" role="status" aria-label="正在绘制图表" />
      )}
    </>
  )
}

const titleOf = (spec: Node) => plain(nodeOf(spec.title).text) || plain(spec.title) || '图表'

/** What draws merges specifications into its own; a key of this name would reach further than that. */
const withoutPrototype = (key: string, value: unknown) => (key === '__proto__' ? undefined : value)
