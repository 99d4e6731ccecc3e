import { deputiesOf } from '../../db/deputy.ts'
import type { Look } from '../../src/bot/feature.ts'
import { dayIn } from '../../src/kit/time.ts'
import type { Alert } from '../../src/office/secrecy/alert.ts'
import { holdersFor } from '../holders.ts'

type Of = Pick<Alert, 'sender' | 'unit'>
type Reading = Pick<Look, 'db' | 'now'>

/** 保密员 who may judge an alert; nobody judges what they sent themselves. */
export const officersOf = async (look: Reading, alert: Of): Promise<string[]> =>
  (await holdersFor(look, alert, ['BM'])).filter(id => id !== alert.sender)

/** Who is told where there is no 保密员: 办公室主任, and whoever stands in for them. */
export async function headsOf(look: Reading, alert: Of): Promise<string[]> {
  const heads = await holdersFor(look, alert, ['BZ'])
  const deputies = await deputiesOf(look.db, heads, dayIn(look.now))
  return [...new Set([...heads, ...[...deputies.values()].flat()])].filter(id => id !== alert.sender)
}
