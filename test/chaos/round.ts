import { openPostgres } from '../../db/client.ts'
import type { Server } from '../harness/postgres.ts'
import { missesOf } from './checks.ts'
import type { Evidence, Miss } from './evidence.ts'
import { House, onServer } from './house.ts'
import { People } from './people.ts'
import type { Plan } from './plan.ts'
import { randomOf } from './random.ts'

export interface Outcome {
  misses: Miss[]
  said: number
  pressed: number
  /** Stories that ended before their end. */
  left: number
  ms: number
  log: string
}

/** Lives through a plan on a copy of the database `furnished`, and holds what is left against every promise. */
export async function runRound(server: Server, furnished: string, plan: Plan): Promise<Outcome> {
  const started = Date.now()
  const name = `chaos_${process.pid}_${plan.seed}`
  const house = await House.open(server, furnished, name, plan.seed)
  try {
    const people = await live(house, plan)
    const { evidence, close } = await gather(house, people)
    const misses = await missesOf(evidence).finally(close)
    const { pressed, left } = people.told
    return { misses, said: people.said.length, pressed, left, ms: Date.now() - started, log: house.logs() }
  } catch (error) {
    const misses = [{ what: 'the house did not come to rest', rows: [String(error), ...(await house.activity())] }]
    return { misses, said: 0, pressed: 0, left: 0, ms: Date.now() - started, log: house.logs() }
  } finally {
    await house.close()
    await onServer(server.url, `drop database if exists ${name} with (force)`)
  }
}

/** The hours that pass once all is well again, so that what was put off is done. */
const AFTERWARDS_MINUTES = 120

/** Until all faults are over and everything is quiet. */
export async function live(house: House, plan: Plan): Promise<People> {
  const random = randomOf(plan.seed)
  const people = await People.of(house.sim, () => house.choose(random.among([0, 1] as const)))
  const lives = plan.stories.map(story => people.live(story))
  const [lived, suffered] = await Promise.all([
    Promise.allSettled(lives),
    Promise.allSettled(plan.faults.map(fault => house.suffer(fault))).then(async ended => {
      await house.heal()
      return ended
    }),
  ])
  for (const one of [...lived, ...suffered]) if (one.status === 'rejected') throw one.reason
  await house.quiet()
  await house.moveClock(AFTERWARDS_MINUTES)
  await house.quiet()
  return people
}

/** What is left, as it stands now; the database by a connection of its own. */
export async function gather(house: House, people: People): Promise<{ evidence: Evidence; close(): Promise<void> }> {
  const { db, close } = openPostgres(house.url, { max: 2 })
  const { messages, chats, p2p, uuids } = house.sim.state
  const evidence = {
    db,
    feishu: structuredClone({ messages, chats, p2p, uuids }),
    deliveries: await house.deliveries(),
    said: people.said,
    offsets: house.offsets,
    moves: house.moves,
    steps: house.steps,
  }
  return { evidence, close }
}
