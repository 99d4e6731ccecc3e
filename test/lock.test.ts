import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
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
const leave = (content: string) => writeFileSync(join(dir, 'lock'), content)

/** All of them look at the same instant, and whoever gets the directory keeps it for a while. */
const CONTENDER = `
import { lockDirectory } from './src/node/lock.ts'
const [dir, at] = process.argv.slice(-2)
while (Date.now() < Number(at)) {}
try { lockDirectory(dir) } catch { process.exit(3) }
setTimeout(() => process.exit(0), 1_500)`

async function contend(count: number, at: number): Promise<Array<number | null>> {
  const all = Array.from({ length: count }, () =>
    spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', CONTENDER, dir, String(at)], {
      cwd: new URL('..', import.meta.url),
      stdio: 'ignore',
    }),
  )
  return Promise.all(all.map(async child => (await once(child, 'exit'))[0] as number | null))
}

it('what a process left behind that is gone is taken over, and given back', () => {
  leave(GONE)
  const unlock = lockDirectory(dir)
  unlock()
  expect(readdirSync(dir)).toEqual([])
})

it('a directory that another process holds is refused, and stays with it', () => {
  const held = JSON.stringify({ pid: process.ppid, started: '' })
  leave(held)
  expect(() => lockDirectory(dir)).toThrow(DirectoryTaken)
  expect(() => lockDirectory(dir)).toThrow(String(process.ppid))
  expect(readdirSync(dir)).toEqual(['lock'])
})

it('one that is just being written is nobody else’s to take', () => {
  leave('')
  expect(() => lockDirectory(dir)).toThrow(DirectoryTaken)
  expect(readdirSync(dir)).toEqual(['lock'])
})

it('whoever gives it back takes it from nobody who has it by now', () => {
  const unlock = lockDirectory(dir)
  leave(GONE)
  unlock()
  expect(readdirSync(dir)).toEqual(['lock'])
})

it('of several that find it left behind at once, one takes it over', async () => {
  for (let round = 0; round < 4; round++) {
    leave(GONE)
    const codes = await contend(4, Date.now() + 3_000)
    expect(codes.sort(), `round ${round}`).toEqual([0, 3, 3, 3])
  }
}, 120_000)
