import { createTurns, type Turns } from '../../src/bot/turns.ts'
import { ROOM } from '../../src/node/bot.ts'

/** As usual, only that nobody is turned away because the machine is slow. */
export const patient = (): Turns => {
  const still = ({ most }: { most: number }) => ({ most, ms: Number.POSITIVE_INFINITY })
  return createTurns({ ...ROOM, press: still(ROOM.press), event: still(ROOM.event), quick: still(ROOM.quick) })
}
