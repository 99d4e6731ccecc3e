import { deputiesOf } from '../../db/deputy.ts'
import type { Look } from '../../src/bot/feature.ts'
import { dayIn } from '../../src/kit/time.ts'
import type { Alert } from '../../src/office/secrecy/alert.ts'
import { holdersFor } from '../holders.ts'

type Of = Pick<Alert, 'sender' | 'unit'>

/** 保密员 who may judge an alert, and whoever stands in for them; nobody judges what they sent themselves. */
export const officersOf = (look: Pick<Look, 'db' | 'now'>, alert: Of): Promise<string[]> => holders(look, alert, 'BM')

/** Who is told where there is no 保密员: 办公室主任. */
export const headsOf = (look: Pick<Look, 'db' | 'now'>, alert: Of): Promise<string[]> => holders(look, alert, 'BZ')

async function holders(look: Pick<Look, 'db' | 'now'>, alert: Of, role: 'BM' | 'BZ'): Promise<string[]> {
  const held = (await holdersFor(look, alert, [role])).filter(id => id !== alert.sender)
  const deputies = await deputiesOf(look.db, held, dayIn(look.now))
  return [...new Set([...held, ...[...deputies.values()].flat()])].filter(id => id !== alert.sender)
}
