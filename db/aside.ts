import type { Aside } from '../src/kit/aside.ts'
import type { Db } from './client.ts'
import { keepSetting, setting, takeTurn } from './settings.ts'

const ASIDE = 'aside'

/** Matters that failed by themselves when they were due. */
export const asideNow = async (db: Db): Promise<readonly Aside[]> => (await setting<Aside[]>(db, ASIDE)) ?? []

/** Changes what is set aside, which nobody else changes meanwhile; answers what is then. */
export const changeAside = (
  db: Db,
  change: (all: readonly Aside[]) => readonly Aside[],
  at: Date,
): Promise<readonly Aside[]> =>
  db.transaction(async tx => {
    const before = await takeTurn<readonly Aside[]>(tx, ASIDE, [], at)
    const after = change(before)
    if (after !== before) await keepSetting(tx, ASIDE, after, at)
    return after
  })
