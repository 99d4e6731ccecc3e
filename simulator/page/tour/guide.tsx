import { type CSSProperties, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import type { Office } from '../../protocol.ts'
import { go, useAddress } from '../address.ts'
import { nameOf } from '../office.tsx'
import type { Progress } from './progress.ts'
import { type Scene, scenes } from './scenes.ts'

interface Props {
  office: Office
  progress: Progress
  advance: () => void
  again: () => void
  end: () => void
}

/** Says what to do now, beside what it is to be done with. */
export function Guide({ office, progress, advance, again, end }: Props) {
  const scene = scenes[progress.scene]
  if (!scene) return <End again={again} end={end} />
  return <Playing key={progress.scene} scene={scene} office={office} progress={progress} advance={advance} end={end} />
}

type PlayingProps = Omit<Props, 'again'> & { scene: Scene }

function Playing({ scene, office, progress, advance, end }: PlayingProps) {
  const { cast } = progress
  const address = useAddress()
  const place = scene.at(cast)
  const there = address.as === place.as && (!place.chat || address.chat === place.chat)
  const target = useTarget(() => (there ? scene.target?.(cast) : undefined))
  useOver(() => scene.over(cast, address), advance)
  const names = { giver: nameOf(office, cast.giver), taker: nameOf(office, cast.taker), bot: office.bot.name }
  return (
    <Mark target={target}>
      <header>
        <b>{scene.title}</b>
        <small>第 {scene.step} 步，共 3 步</small>
      </header>
      <p aria-live="polite">{scene.words(names)}</p>
      <div className="tour-buttons">
        <button type="button" className="button button-text" onClick={end}>
          跳过导览
        </button>
        {!there && (
          <button type="button" className="button button-primary_filled" onClick={() => go(place)}>
            {scene.goes?.(names) ?? '回到导览'}
          </button>
        )}
      </div>
    </Mark>
  )
}

function End({ again, end }: Pick<Props, 'again' | 'end'>) {
  return (
    <Mark>
      <header>
        <b>事事有交待，件件有回音</b>
        <small>导览结束</small>
      </header>
      <p>接下来可以随便试：拨快上方的时钟看逾期，或打开右上角的开发者抽屉，看看飞书与机器人之间说了什么。</p>
      <div className="tour-buttons">
        <button type="button" className="button button-text" onClick={again}>
          再看一遍
        </button>
        <button type="button" className="button button-primary_filled" onClick={end}>
          知道了
        </button>
      </div>
    </Mark>
  )
}

const LOOK_MS = 120
const GAP_PX = 14

/** Moves on once the page shows that it was done. */
function useOver(over: () => boolean, advance: () => void) {
  const look = useEffectEvent(() => {
    if (over()) advance()
  })
  useEffect(() => {
    const timer = setInterval(look, LOOK_MS)
    return () => clearInterval(timer)
  }, [])
}

/** Where on the screen that is which the tour points at; followed as the page moves. */
function useTarget(find: () => Element | undefined): DOMRect | undefined {
  const [rect, setRect] = useState<DOMRect>()
  const shown = useRef<Element>(undefined)
  const look = useEffectEvent(() => {
    const target = find()
    if (target && target !== shown.current) bringIntoFlow(target)
    shown.current = target
    const now = target?.getBoundingClientRect()
    const seen = now?.width ? now : undefined
    setRect(was => (sameRect(was, seen) ? was : seen))
  })
  useEffect(() => {
    look()
    const timer = setInterval(look, LOOK_MS)
    return () => clearInterval(timer)
  }, [])
  return rect
}

/** Only the talk is scrolled; `scrollIntoView` would move the whole page where it has a pixel to spare. */
function bringIntoFlow(target: Element) {
  const flow = target.closest('.flow')
  if (!flow) return
  const [frame, rect] = [flow.getBoundingClientRect(), target.getBoundingClientRect()]
  if (rect.top < frame.top || rect.bottom > frame.bottom)
    flow.scrollBy({ top: rect.top - frame.top - frame.height / 2 })
}

const sameRect = (one?: DOMRect, other?: DOMRect) =>
  one?.top === other?.top && one?.left === other?.left && one?.width === other?.width && one?.height === other?.height

function Mark({ target, children }: { target?: DOMRect | undefined; children: React.ReactNode }) {
  const box = useRef<HTMLElement>(null)
  const [style, setStyle] = useState<CSSProperties>({})
  useLayoutEffect(() => {
    if (box.current) setStyle(placed(box.current, target))
  }, [target])
  return (
    <>
      {target && <div className="tour-ring" style={ringed(target)} aria-hidden="true" />}
      <section ref={box} className="tour" data-testid="tour" aria-label="导览" style={style}>
        {children}
      </section>
    </>
  )
}

const ringed = ({ top, left, width, height }: DOMRect): CSSProperties => ({
  top: top - 4,
  left: left - 4,
  width: width + 8,
  height: height + 8,
})

/** Above the target if there is room, else below it; without a target at the lower edge. */
function placed(box: HTMLElement, target?: DOMRect): CSSProperties {
  const { width, height } = box.getBoundingClientRect()
  const middle = target ? target.left + target.width / 2 : window.innerWidth / 2
  const left = Math.max(12, Math.min(middle - width / 2, window.innerWidth - width - 12))
  if (!target) return { left, top: window.innerHeight - height - 96 }
  const above = target.top - height - GAP_PX
  return { left, top: above >= 60 ? above : Math.min(target.bottom + GAP_PX, window.innerHeight - height - 12) }
}
