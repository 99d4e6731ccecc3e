import { lazy, Suspense, useEffect } from 'react'
import type { Office } from '../protocol.ts'
import { go, useAddress, usePath } from './address.ts'
import { Confirms } from './confirm.tsx'
import { Desk } from './desk/desk.tsx'
import { useFresh } from './fresh.ts'
import { LooksCorner } from './looks.tsx'
import { SeatProvider } from './office.tsx'
import { sim } from './sim.ts'
import { Toasts } from './toast.tsx'
import { TourProvider } from './tour/tour.tsx'
import { Who } from './who/who.tsx'
import './controls.css'

const RETRY_MS = 2000
const Gallery = lazy(() => import('./gallery/gallery.tsx'))

export function App() {
  const office = useFresh(sim.office)
  const path = usePath()
  useRetry(office)
  if (!office.value) return <Waiting fault={office.fault} />
  return (
    <Toasts>
      <Confirms>
        {path === '/gallery' ? (
          <Suspense fallback={<Waiting />}>
            <Gallery office={office.value} />
          </Suspense>
        ) : (
          <>
            <TourProvider office={office.value}>
              <Seated office={office.value} refresh={office.refresh} />
            </TourProvider>
            <LooksCorner />
          </>
        )}
      </Confirms>
    </Toasts>
  )
}

function Seated({ office, refresh }: { office: Office; refresh: () => void }) {
  const { as, chat } = useAddress()
  const me = office.people.find(each => each.open_id === as)
  if (!me) return <Who office={office} unknown={as !== undefined} choose={id => go({ as: id })} />
  return (
    <SeatProvider value={{ office, me }}>
      <Desk key={me.open_id} chatId={chat} refreshOffice={refresh} />
    </SeatProvider>
  )
}

function Waiting({ fault }: { fault?: string }) {
  return (
    <div className="waiting">
      {fault ? (
        <p data-testid="offline">连接不上模拟器，正在重试……</p>
      ) : (
        <span className="spinner spinner-large" role="status" aria-label="正在加载" />
      )}
    </div>
  )
}

function useRetry(office: { value?: unknown; fault?: string; refresh: () => void }) {
  const { value, fault, refresh } = office
  useEffect(() => {
    if (value || !fault) return
    const timer = setInterval(refresh, RETRY_MS)
    return () => clearInterval(timer)
  }, [value, fault, refresh])
}
