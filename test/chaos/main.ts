import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Server, startServer } from '../harness/postgres.ts'
import { furnish } from './furnish.ts'
import { databaseAt, onServer } from './house.ts'
import { type Plan, planOf } from './plan.ts'
import { runRound } from './round.ts'

/**
 * `npm run chaos [rounds] [seed]`: lets an office work while everything around it breaks, and holds what is left against what it
 * promises. The seed of the first round may be given, that of each later one is one more: `npm run chaos 1 <seed>` repeats a
 * round. Ends with 1 when a promise was not kept.
 */
const ROUNDS = 5
const FURNISHED = 'furnished'
const SIZE = { ms: 9_000, stories: 16, faults: 9 }

const [rounds = String(ROUNDS), given] = process.argv.slice(2)
const first = given === undefined ? Math.floor(Math.random() * 1_000_000_000) : Number(given)
if (!(Number(rounds) > 0) || !Number.isSafeInteger(first)) throw new Error('npm run chaos [rounds] [seed]')

execFileSync('npm', ['run', '-s', 'build:bot'], { stdio: 'inherit' })
const server = await startServer()
if (!server) throw new Error('the rounds need PostgreSQL on this machine (initdb and postgres)')
console.log(`seed ${first}`)
const broken = await play(server).finally(() => server.stop())
console.log(broken ? `${broken} of ${rounds} rounds broke a promise` : `${rounds} rounds, every promise kept`)
process.exit(broken ? 1 : 0)

/** How many rounds broke a promise. */
async function play(server: Server): Promise<number> {
  const furnished = databaseAt(server.url, FURNISHED)
  await onServer(server.url, `create database ${FURNISHED}`)
  await furnish(furnished)
  let broken = 0
  for (let round = 0; round < Number(rounds); round++)
    if (!(await isKept(server, planOf(first + round, SIZE), round + 1))) broken++
  return broken
}

/** One round, told in a line; what it missed, with the rows that are involved. */
async function isKept(server: Server, plan: Plan, nth: number): Promise<boolean> {
  const { misses, said, pressed, left, ms, log } = await runRound(server, FURNISHED, plan)
  const told = [`${said} said`, `${pressed} pressed`, `${left} stories left`, `${(ms / 1_000).toFixed(1)} s`]
  const faults = plan.faults.map(({ kind }) => kind).join(' ')
  console.log(
    `round ${nth}, seed ${plan.seed}: ${told.join(', ')}; ${faults}; ${misses.length ? 'MISSED' : 'all kept'}`,
  )
  if (!misses.length) return true
  for (const { what, rows } of misses) {
    console.log(`MISSED (seed ${plan.seed}): ${what}`)
    for (const row of rows) console.log(`  ${JSON.stringify(row)}`)
  }
  const file = join(tmpdir(), `chaos-${plan.seed}.log`)
  writeFileSync(file, log)
  console.log(`what the bots wrote: ${file}`)
  return false
}
