import { lineageOf } from '../../db/department.ts'
import { deputiesOf } from '../../db/deputy.ts'
import type { Look } from '../../src/bot/feature.ts'
import { dayIn } from '../../src/kit/time.ts'
import type { Alert } from '../../src/office/secrecy/alert.ts'
import { holdersOver } from '../holders.ts'

type Of = Pick<Alert, 'sender' | 'unit'>
type Reading = Pick<Look, 'db' | 'now'>

const holding = async (look: Reading, { unit }: Of, code: 'BM' | 'BZ'): Promise<string[]> =>
  holdersOver(look, await lineageOf(look.db, unit), [code])

/** 保密员 of the unit or of one above it, who may judge an alert; nobody judges what they sent themselves. */
export const officersOf = async (look: Reading, alert: Of): Promise<string[]> =>
  (await holding(look, alert, 'BM')).filter(id => id !== alert.sender)

/** Who is told where there is no 保密员: 办公室主任, and whoever stands in for them. */
export async function headsOf(look: Reading, alert: Of): Promise<string[]> {
  const heads = await holding(look, alert, 'BZ')
  const deputies = await deputiesOf(look.db, heads, dayIn(look.now))
  return [...new Set([...heads, ...[...deputies.values()].flat()])].filter(id => id !== alert.sender)
}

/** Whoever is to act on an alert now: 保密员, or else who is told in their place. */
export async function judgesOf(look: Reading, alert: Of): Promise<string[]> {
  const officers = await officersOf(look, alert)
  return officers.length ? officers : headsOf(look, alert)
}
