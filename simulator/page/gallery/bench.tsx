import { useEffect, useState } from 'react'
import type { CardCheck } from '../../protocol.ts'
import { CardView } from '../card/card-view.tsx'
import { type Node, nodeOf, plain } from '../card/node.ts'
import { useSeat } from '../office.tsx'
import { sim } from '../sim.ts'
import { useToast, wordsOf } from '../toast.tsx'

interface Props {
  text: string
  change: (text: string) => void
  restore: () => void
  inert: boolean
}

export function Bench({ text, change, restore, inert }: Props) {
  const { check, card } = useChecked(text)
  const [called, setCalled] = useState<unknown>()
  const press = useTryPress(card?.text, setCalled)
  return (
    <>
      <Widths text={text} change={change} />
      <div className="gallery-stage">
        {card && <CardView card={card.node} at={press} inert={inert ? 'forwarded' : undefined} />}
      </div>
      <section className="gallery-part" aria-label="回传内容">
        <h3>回传内容</h3>
        <pre data-testid="callback" aria-live="polite">
          {called === undefined
            ? '使用卡片中的组件后，机器人会收到的回调显示在这里。'
            : JSON.stringify(called, null, 2)}
        </pre>
      </section>
      <section className="gallery-part" aria-label="卡片 JSON">
        <h3>
          卡片 JSON
          <Copy text={text} />
          <button type="button" className="link" onClick={restore}>
            还原
          </button>
        </h3>
        <Verdict check={check} />
        <textarea
          className="field gallery-json"
          aria-label="卡片 JSON"
          spellCheck={false}
          value={text}
          rows={Math.min(text.split('\n').length + 1, 40)}
          onChange={event => change(event.target.value)}
        />
      </section>
    </>
  )
}

const TYPING_MS = 120

/** The validator's word on a text, and the last card that it would let pass. */
function useChecked(text: string) {
  const [check, setCheck] = useState<CardCheck & { fault?: string }>()
  const [card, setCard] = useState<{ text: string; node: Node }>()
  useEffect(() => {
    let old = false
    const ask = async () => {
      const answer = await sim.checkCard(text)
      if (old) return
      setCheck(answer)
      if (answer.code === 0) setCard({ text, node: nodeOf(JSON.parse(text)) })
    }
    const timer = setTimeout(
      () => void ask().catch(fault => old || setCheck({ code: -1, msg: wordsOf(fault), bytes: text.length })),
      TYPING_MS,
    )
    return () => {
      old = true
      clearTimeout(timer)
    }
  }, [text])
  return { check, card }
}

function useTryPress(card: string | undefined, called: (callback: unknown) => void) {
  const { me } = useSeat()
  const toast = useToast()
  const [pressed, setPressed] = useState<string>()
  const press = async (key: string, action: Node) => {
    setPressed(key)
    try {
      called((await sim.tryPress({ as: me.open_id, card: card ?? '', action })).callback)
    } catch (fault) {
      toast('error', wordsOf(fault))
    }
    setPressed(undefined)
  }
  return { locked: pressed !== undefined, pressed, press, refuse: (words: string) => toast('error', words) }
}

function Verdict({ check }: { check: CardCheck | undefined }) {
  if (!check) return <p className="gallery-verdict">正在校验</p>
  return (
    <p className="gallery-verdict" data-testid="verdict" data-code={check.code} role="status">
      {check.code === 0 ? `校验通过，${(check.bytes / 1024).toFixed(1)} KB` : `${check.code} ${check.msg}`}
    </p>
  )
}

const WIDTHS = [
  ['compact', '紧凑 400'],
  ['default', '默认 600'],
  ['fill', '撑满'],
] as const

/** Writes `config.width_mode` into the card. */
function Widths({ text, change }: { text: string; change: (text: string) => void }) {
  const card = parsed(text)
  const config = nodeOf(card?.config)
  const mode = plain(config.width_mode) || 'default'
  return (
    <fieldset className="looks-themes" aria-label="卡片宽度">
      {WIDTHS.map(([width_mode, words]) => (
        <button
          key={width_mode}
          type="button"
          className="chip"
          disabled={!card}
          aria-pressed={mode === width_mode}
          onClick={() => change(JSON.stringify({ ...card, config: { ...config, width_mode } }, null, 2))}
        >
          {words}
        </button>
      ))}
    </fieldset>
  )
}

function parsed(text: string): Node | undefined {
  try {
    return nodeOf(JSON.parse(text))
  } catch {
    return undefined
  }
}

function Copy({ text }: { text: string }) {
  const toast = useToast()
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      toast('success', '已复制')
    } catch {
      toast('error', '浏览器不允许复制，请在文本框中手动复制')
    }
  }
  return (
    <button type="button" className="link" onClick={() => void copy()}>
      复制
    </button>
  )
}
