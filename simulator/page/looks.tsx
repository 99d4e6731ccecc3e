import { Glyph } from './card/glyph.tsx'
import { type Looks, setLooks, useLooks } from './looks.ts'
import { Popup } from './popup.tsx'
import './looks.css'

const THEMES: Array<[Looks['theme'], string]> = [
  ['light', '浅色'],
  ['dark', '深色'],
  ['system', '跟随系统'],
]

/** Colours of the page, and the client that it plays: one from before 7.20, one that is set to English. */
export function LooksChoice() {
  const { theme, oldClient, language } = useLooks()
  return (
    <>
      <fieldset className="looks-themes" aria-label="外观">
        {THEMES.map(([each, words]) => (
          <button
            key={each}
            type="button"
            className="chip"
            aria-pressed={theme === each}
            onClick={() => setLooks({ theme: each })}
          >
            {words}
          </button>
        ))}
      </fieldset>
      <label className="tick">
        <input type="checkbox" checked={oldClient} onChange={event => setLooks({ oldClient: event.target.checked })} />
        低于 7.20 的客户端
      </label>
      <label className="tick">
        <input
          type="checkbox"
          checked={language === 'en_us'}
          onChange={event => setLooks({ language: event.target.checked ? 'en_us' : 'zh_cn' })}
        />
        英文客户端
      </label>
    </>
  )
}

/** In a corner of the chats, where it is in nobody's way. */
export function LooksCorner() {
  return (
    <div className="looks">
      <Popup label="外观与卡片图鉴" className="icon-button" face={<Glyph token="setting" size={18} />}>
        {() => (
          <div className="looks-panel">
            <LooksChoice />
            <a href="/gallery">卡片组件图鉴</a>
          </div>
        )}
      </Popup>
    </div>
  )
}
