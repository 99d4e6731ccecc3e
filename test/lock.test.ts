import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { DirectoryTaken, lockDirectory } from '../src/node/lock.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'huiyin-lock-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** No process has such a number. */
const GONE = JSON.stringify({ pid: 2 ** 30, started: '' })
const HELD = JSON.stringify({ pid: process.ppid, started: '' })
const leave = (content: string, name = 'lock.7') => writeFileSync(join(dir, name), content)
const refusal = () => {
  expect(() => lockDirectory(dir)).toThrow(DirectoryTaken)
  expect(() => lockDirectory(dir)).toThrow(String(process.ppid))
}

it('one process has it at a time, and gives it back', () => {
  const unlock = lockDirectory(dir)
  const [file = ''] = readdirSync(dir)
  expect(JSON.parse(readFileSync(join(dir, file), 'utf8'))).toMatchObject({ pid: process.pid })
  unlock()
  expect(readFileSync(join(dir, file), 'utf8')).toBe('')
  lockDirectory(dir)()
  expect(readdirSync(dir)).toHaveLength(1)
})

it('what a process left behind that is gone is taken over', () => {
  leave(GONE)
  lockDirectory(dir)
  expect(readdirSync(dir)).toEqual(['lock.8'])
})

it('a directory that another process holds is refused, and stays with it', () => {
  leave(HELD)
  refusal()
  expect(readdirSync(dir)).toEqual(['lock.7'])
})

it('the last number is the holder’s, whatever a slower one has left below it', () => {
  leave(GONE, 'lock.6')
  leave(HELD)
  refusal()
  leave(HELD, 'lock.6')
  leave(GONE)
  lockDirectory(dir)
  expect(readdirSync(dir)).toEqual(['lock.8'])
})

it('a process of a release before this one keeps what it holds, and leaves behind what it held', () => {
  leave(HELD, 'lock')
  refusal()
  leave(GONE, 'lock')
  lockDirectory(dir)
  expect(readdirSync(dir)).toEqual(['lock.1'])
})

it('whoever gives it back takes it from nobody who has it by now', () => {
  const unlock = lockDirectory(dir)
  leave(HELD, 'lock.1')
  unlock()
  refusal()
})

/** Goes through directory after directory, each at an instant that all of them know; tells which it has got, and keeps those. */
const CONTENDER = `
import { join } from 'node:path'
import { lockDirectory } from './src/node/lock.ts'
const [dir, begin, rounds] = process.argv.slice(-3)
const got = []
for (let round = 0; round < Number(rounds); round++) {
  while (Date.now() < Number(begin) + round * 10) {}
  try { lockDirectory(join(dir, String(round))); got.push(round) } catch {}
}
process.stdout.write(JSON.stringify(got))
process.stdin.resume().on('end', () => process.exit(0))`

it('of several that find it left behind at once, one takes it over', async () => {
  const rounds = 200
  for (let round = 0; round < rounds; round++) {
    mkdirSync(join(dir, String(round)))
    leave(GONE, `${round}/lock`)
  }
  const begin = Date.now() + 4_000
  const all = Array.from({ length: 4 }, () =>
    spawn(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', CONTENDER, dir, String(begin), String(rounds)],
      { cwd: new URL('..', import.meta.url), stdio: ['pipe', 'pipe', 'inherit'] },
    ),
  )
  // all of them are there until the last has been through: what one holds is nobody's to take over
  const got = await Promise.all(all.map(async ({ stdout }) => JSON.parse(String((await once(stdout, 'data'))[0]))))
  for (const { stdin } of all) stdin.end()
  await Promise.all(all.map(child => once(child, 'exit')))
  expect(got.flat().sort((one, other) => one - other)).toEqual(Array.from({ length: rounds }, (_, round) => round))
}, 120_000)
