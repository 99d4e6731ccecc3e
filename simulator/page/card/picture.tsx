import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Close, Picture as Shape } from '../icon.tsx'
import { fileAt } from '../sim.ts'

/** An upload of the bot; what cannot be loaded, or is only the single dot of a pretended file, gets a tile that says so. */
export function Picture({ imageKey, words }: { imageKey: string; words: string }) {
  const [lost, setLost] = useState('')
  if (!imageKey || lost === imageKey) {
    return (
      <span className="picture-lost" role="img" aria-label={words || '图片'}>
        <Shape size={28} />
        <small>{words}</small>
      </span>
    )
  }
  return (
    <img
      src={fileAt(imageKey)}
      alt={words}
      onError={() => setLost(imageKey)}
      onLoad={event => {
        if (event.currentTarget.naturalWidth <= 1) setLost(imageKey)
      }}
    />
  )
}

/** Something to be looked at in large, over everything else, until Esc or a press. */
export function Enlarged({ label, close, children }: { label: string; close: () => void; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} className="enlarged" aria-label={label} onClose={close}>
      <button type="button" className="icon-button" aria-label="关闭" onClick={() => dialog.current?.close()}>
        <Close />
      </button>
      {children}
    </dialog>
  )
}
