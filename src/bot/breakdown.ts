import { noteBreakdown } from '../../db/breakdowns.ts'
import { isPassing } from '../../db/client.ts'
import type { Incoming } from '../feishu/incoming.ts'
import type { Office } from './office.ts'

/** How long it is kept what was not done. */
export const KEPT_MS = 3 * 86_400_000

/**
 * Notes a turn that broke, by itself, for the turn was undone: it would break at each delivery, and with the last be gone. Whoever
 * pressed is told by a toast, or where that has gone already by a message.
 */
export async function noteBroken(
  { db, clock, throttle }: Office,
  incoming: Incoming,
  { id, act, error }: { id: string; act: string; error: unknown },
): Promise<void> {
  if (isPassing(error) || !throttle.notes(clock.wire())) return
  const now = clock.now()
  const who = incoming.kind === 'said' ? incoming.who : ''
  await noteBreakdown(db, { id, act, key: incoming.key, at: now.toISOString(), who, told: false }, now)
}
