import { useRef, useState } from 'react'
import { fileAt } from '../sim.ts'
import { Glyph } from './glyph.tsx'
import { type Node, nodeOf, plain } from './node.ts'
import { ground, lengths, tint } from './paint.ts'

/** `<audio>` in markdown has only its key; the component may also have a bar, a time, a border and a ground. */
export function Audio({ node }: { node: Node }) {
  const player = useRef<HTMLAudioElement>(null)
  const [at, setAt] = useState({ playing: false, now: 0, length: 0, lost: false })
  const off = node.disabled === true || at.lost
  const toggle = () => {
    const audio = player.current
    if (at.playing) return audio?.pause()
    audio?.play().catch(() => setAt(was => ({ ...was, lost: true })))
  }
  const heard = (change: Partial<typeof at>) => setAt(was => ({ ...was, ...change }))
  return (
    <div className="card-audio" style={frameOf(node)}>
      {/* biome-ignore lint/a11y/useMediaCaption: what a bot sends has no captions */}
      <audio
        ref={player}
        src={fileAt(plain(node.file_key))}
        preload="metadata"
        onPlay={() => heard({ playing: true })}
        onPause={() => heard({ playing: false })}
        onEnded={() => heard({ playing: false, now: 0 })}
        onTimeUpdate={event => heard({ now: event.currentTarget.currentTime })}
        onLoadedMetadata={event => heard({ length: seconds(event.currentTarget.duration) })}
        onError={() => heard({ lost: true, playing: false })}
      />
      <button
        type="button"
        className="icon-button"
        disabled={off}
        title={plain(node.disabled_tips) || undefined}
        aria-label={at.playing ? '暂停播放' : '播放语音'}
        onClick={toggle}
      >
        <Glyph token={at.playing ? 'pause' : 'play'} size={20} />
      </button>
      {node.show_progress_bar !== false && (
        <progress
          aria-label="播放进度"
          max={at.length || 1}
          value={at.now}
          style={{ accentColor: tint(node.fill_color) }}
        />
      )}
      {node.show_time !== false && <small>{at.lost ? '语音无法播放' : spoken(at.playing ? at.now : at.length)}</small>}
    </div>
  )
}

/** A stream that does not say how long it is says Infinity. */
const seconds = (duration: number) => (Number.isFinite(duration) ? duration : 0)

const spoken = (seconds: number) => `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, '0')}`

function frameOf(node: Node) {
  const border = nodeOf(node.border)
  return {
    background: ground(node.background_style),
    padding: lengths(node.padding),
    borderColor: tint(border.color),
    borderRadius: lengths(border.corner_radius),
  }
}
