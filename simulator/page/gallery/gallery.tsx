import { useCallback, useMemo, useState, useSyncExternalStore } from 'react'
import type { Office } from '../../protocol.ts'
import { useAddress } from '../address.ts'
import { useFresh } from '../fresh.ts'
import { LooksChoice } from '../looks.tsx'
import { SeatProvider } from '../office.tsx'
import { sim } from '../sim.ts'
import { MembersContext } from '../talk/members.ts'
import { Bench } from './bench.tsx'
import type { Given, Specimen } from './specimen.ts'
import { containers } from './specimens/containers.ts'
import { display } from './specimens/display.ts'
import { interactive } from './specimens/interactive.ts'
import { whole } from './specimens/whole.ts'
import './gallery.css'

const GROUPS: Array<[string, Specimen[]]> = [
  ['展示', display],
  ['容器', containers],
  ['交互', interactive],
  ['整卡', whole],
]
const MEMBERS = 12

/** Every component of cards 2.0 with its JSON, the validator's word on it, and what a press would send. */
export default function Gallery({ office }: { office: Office }) {
  const samples = useFresh(sim.samples)
  const { as } = useAddress()
  const active = useMemo(() => office.people.filter(each => !each.is_frozen && !each.is_resigned), [office])
  const me = active.find(each => each.open_id === as) ?? active[0]
  const members = useMemo(() => active.slice(0, MEMBERS).map(each => each.open_id), [active])
  const chosen = useChosen()
  if (!me || !samples.value)
    return (
      <p className="waiting">{samples.fault ?? <span className="spinner" role="status" aria-label="正在加载" />}</p>
    )
  return (
    <SeatProvider value={{ office, me }}>
      <MembersContext value={members}>
        <div className="gallery">
          <header className="gallery-head">
            <h1>卡片组件图鉴</h1>
            <LooksChoice />
            <a href={as ? `/?as=${as}` : '/'}>返回聊天</a>
          </header>
          <Shelf chosen={chosen} />
          <Shown key={chosen.id} specimen={chosen} given={{ ...samples.value, people: members }} />
        </div>
      </MembersContext>
    </SeatProvider>
  )
}

function Shelf({ chosen }: { chosen: Specimen }) {
  return (
    <nav className="gallery-shelf" aria-label="组件">
      {GROUPS.map(([name, specimens]) => (
        <section key={name}>
          <h2>{name}</h2>
          {specimens.map(each => (
            <a key={each.id} href={`#${each.id}`} aria-current={each.id === chosen.id ? 'page' : undefined}>
              {each.title}
            </a>
          ))}
        </section>
      ))}
    </nav>
  )
}

function Shown({ specimen, given }: { specimen: Specimen; given: Given }) {
  const [text, setText] = useState(() => JSON.stringify(specimen.card(given), null, 2))
  const restore = useCallback(() => setText(JSON.stringify(specimen.card(given), null, 2)), [specimen, given])
  return (
    <main className="gallery-main" data-testid="specimen" data-id={specimen.id}>
      <h2>{specimen.title}</h2>
      <p className="gallery-about">{specimen.about}</p>
      <Bench text={text} change={setText} restore={restore} inert={specimen.inert === true} />
    </main>
  )
}

function useChosen(): Specimen {
  const hash = useSyncExternalStore(watchHash, () => window.location.hash.slice(1))
  const all = GROUPS.flatMap(([, specimens]) => specimens)
  return all.find(each => each.id === hash) ?? (all[0] as Specimen)
}

function watchHash(changed: () => void) {
  window.addEventListener('hashchange', changed)
  return () => window.removeEventListener('hashchange', changed)
}
