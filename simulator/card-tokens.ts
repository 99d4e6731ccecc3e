import { newCardToken } from './ids.ts'
import { ageOf, type CardToken, nowOf, type World } from './world.ts'

const LIFE_MS = 30 * 60_000
const USES = 2

export function giveCardToken(world: World, message_id: string): string {
  for (const [token, one] of world.cardTokens) if (ageOf(world, one.at) > 2 * LIFE_MS) world.cardTokens.delete(token)
  const token = newCardToken()
  world.cardTokens.set(token, { message_id, at: nowOf(world), uses: 0, answered: false })
  return token
}

export type CardTokenCode = 300020 | 300030 | 300040 | 11310

/** The token if it may be used now, else the code that says why not. A refused use costs nothing. */
export function findCardToken(world: World, token: string): CardToken | CardTokenCode {
  const known = world.cardTokens.get(token)
  if (!known) return /^c-[0-9a-f]{32}$/.test(token) ? 300030 : 300020
  if (ageOf(world, known.at) > LIFE_MS) return 300030
  if (known.uses >= USES) return 300040
  return known.answered ? known : 11310
}
