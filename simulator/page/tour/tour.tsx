import { createContext, type ReactNode, use, useCallback, useEffect, useState } from 'react'
import type { Office } from '../../protocol.ts'
import { go } from '../address.ts'
import { useToast, wordsOf } from '../toast.tsx'
import { castFor, playersIn, writeDraft } from './cast.ts'
import { Guide } from './guide.tsx'
import { keepProgress, keptProgress, markSeen, type Progress, wasSeen } from './progress.ts'
import './tour.css'

interface Tour {
  /** Whether it should offer itself: there is one for this office, and nobody here has seen it. */
  offered: boolean
  possible: boolean
  start: () => void
  /** From now on it waits to be asked for. */
  passBy: () => void
}

const TourContext = createContext<Tour | undefined>(undefined)

export function useTour(): Tour {
  const tour = use(TourContext)
  if (!tour) throw new Error('outside of the tour')
  return tour
}

/** A short walk through the real page: it points and prefills, people press. */
export function TourProvider({ office, children }: { office: Office; children: ReactNode }) {
  const toast = useToast()
  const [progress, setProgress] = useState<Progress | undefined>(keptProgress)
  const [seen, setSeen] = useState(wasSeen)
  useEffect(() => keepProgress(progress), [progress])
  const passBy = useCallback(() => {
    markSeen()
    setSeen(true)
  }, [])
  const start = async () => {
    try {
      const cast = await castFor(office)
      if (!cast) throw new Error('演示办公室里没有导览要用的群')
      go({ as: cast.giver })
      // The composer takes up its draft when it comes on stage: an open one has to leave it first.
      setTimeout(() => {
        writeDraft(office, cast)
        go({ as: cast.giver, chat: cast.group })
        passBy()
        setProgress({ scene: 0, cast })
      }, 50)
    } catch (fault) {
      toast('error', `导览未能开始：${wordsOf(fault)}`)
    }
  }
  const possible = playersIn(office) !== undefined
  const advance = useCallback(() => setProgress(was => was && { ...was, scene: was.scene + 1 }), [])
  return (
    <TourContext value={{ offered: possible && !seen && !progress, possible, start, passBy }}>
      {children}
      {progress && (
        <Guide office={office} progress={progress} advance={advance} again={start} end={() => setProgress(undefined)} />
      )}
    </TourContext>
  )
}
