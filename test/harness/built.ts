import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = new URL('../..', import.meta.url).pathname

/** What is built out of which sources. */
const BUILDS = [
  { script: 'build:bot', made: 'dist/node.js', from: ['src', 'handlers', 'db'], but: [] },
  { script: 'build:simulator', made: 'dist/simulator.js', from: ['simulator'], but: ['simulator/page'] },
  { script: 'build:page', made: 'dist/page/index.html', from: ['simulator/page'], but: [] },
] as const

/** Builds what is missing, or older than what it is made of: once and before all tests, so that none finds a program half written. */
export default function setup(): void {
  for (const { script, made, from, but } of BUILDS) {
    const newest = Math.max(...from.flatMap(folder => filesUnder(folder, but)).map(changedAt))
    if (changedAt(made) < newest) execFileSync('npm', ['run', '--silent', script], { cwd: ROOT, stdio: 'inherit' })
  }
}

function filesUnder(folder: string, but: readonly string[]): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return but.includes(path) ? [] : filesUnder(path, but)
    return [path]
  })
}

function changedAt(path: string): number {
  const file = join(ROOT, path)
  return existsSync(file) ? statSync(file).mtimeMs : 0
}
