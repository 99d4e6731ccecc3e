import { claimForm } from '../db/inbox.ts'
import type { Press, Turn } from '../src/bot/feature.ts'
import { AlreadySo } from '../src/kit/refusal.ts'

/**
 * For what makes a matter out of a form in a message of its own: pressed twice, or on two devices, it makes one. What is refused
 * may be corrected and submitted again. Once the deliveries are forgotten, the card still tells that the form has become for its reader.
 * @throws AlreadySo the second time.
 */
export async function onceFrom({ db, who, now }: Turn, { message, copy }: Press): Promise<void> {
  if (copy?.viewer === who.id || !(await claimForm(db, { message, who: who.id, at: now })))
    throw new AlreadySo('已提交,请勿重复提交')
}
