import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = new URL('..', import.meta.url).pathname
const SOURCE = 'simulator/ids.ts'
const MADE = 'dist/simulator.js'

/** `npm start` builds by itself; what is fresh costs nothing, what is not must never run. */
describe('building before a start', { timeout: 60_000 }, () => {
  const copy = mkdtempSync(join(tmpdir(), 'huiyin-build-'))
  const at = (path: string) => join(copy, path)
  const build = () =>
    execFileSync(process.execPath, ['src/node/build.mjs', 'simulator'], {
      cwd: copy,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  const made = () => readFileSync(at(MADE), 'utf8')
  const change = (path: string, from: string, to: string) =>
    writeFileSync(at(path), readFileSync(at(path), 'utf8').replace(from, to))

  beforeAll(() => {
    for (const path of ['src', 'simulator', 'package.json', 'tsconfig.json'])
      cpSync(join(ROOT, path), at(path), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules'), at('node_modules'))
    build()
  })
  afterAll(() => rmSync(copy, { recursive: true, force: true }))

  it('leaves alone what is fresh, whatever the dates of the files say', () => {
    const before = statSync(at(MADE)).mtimeMs
    utimesSync(at(SOURCE), new Date(), new Date())
    build()
    expect(statSync(at(MADE)).mtimeMs).toBe(before)
  })

  it('builds what has changed, though the changed file be older than the program', () => {
    writeFileSync(at(SOURCE), `${readFileSync(at(SOURCE), 'utf8')}\nconsole.log('freshly pulled')\n`)
    utimesSync(at(SOURCE), new Date(0), new Date(0))
    build()
    expect(made()).toContain('freshly pulled')
  })

  it('builds anew when a file is gone', () => {
    writeFileSync(at('simulator/once.ts'), '')
    build()
    const before = statSync(at(MADE)).mtimeMs
    rmSync(at('simulator/once.ts'))
    build()
    expect(statSync(at(MADE)).mtimeMs).toBeGreaterThan(before)
  })

  it('builds anew what somebody else has written or cut short', () => {
    const whole = made()
    writeFileSync(at(MADE), whole.slice(0, 1_000))
    build()
    expect(made()).toBe(whole)
  })

  it('builds anew for another package or compiler setting', () => {
    const before = statSync(at(MADE)).mtimeMs
    change('package.json', '"version": "0.1.0"', '"version": "0.1.1"')
    build()
    expect(statSync(at(MADE)).mtimeMs).toBeGreaterThan(before)
  })

  it('a build that fails is none: the next start tries again, and fails as loudly', () => {
    change(SOURCE, 'export', 'exprot')
    expect(build).toThrow(/exprot/)
    expect(build).toThrow(/exprot/)
    change(SOURCE, 'exprot', 'export')
    build()
    expect(made()).toContain('freshly pulled')
  })
})
