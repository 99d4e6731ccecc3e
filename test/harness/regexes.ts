import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { analyse } from 'scslre'
import { parseAst } from 'vite'

const ROOT = new URL('../..', import.meta.url).pathname

/** One pattern and where it stands. */
export interface Found {
  path: string
  pattern: RegExp
}

export function sourcesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).flatMap(name => {
    const path = join(folder, name)
    if (statSync(join(ROOT, path)).isDirectory()) return name === 'migrations' ? [] : sourcesUnder(path)
    return /\.tsx?$/.test(name) ? [path] : []
  })
}

interface Node {
  type?: string
  regex?: { pattern: string; flags: string }
  callee?: { name?: string }
}

/** The patterns written down in a file, and how often it makes one while it runs (`new RegExp` inside a function). */
export function patternsOf(path: string, text = readFileSync(join(ROOT, path), 'utf8')) {
  const found: Found[] = []
  let made = 0
  const walk = (node: unknown, inside: boolean): void => {
    if (typeof node !== 'object' || !node) return
    if (Array.isArray(node)) {
      for (const one of node) walk(one, inside)
      return
    }
    const { type, regex, callee } = node as Node
    if (regex) found.push({ path, pattern: new RegExp(regex.pattern, regex.flags) })
    else {
      if (inside && /^(New|Call)Expression$/.test(type ?? '') && callee?.name === 'RegExp') made++
      const isFunction = /Function/.test(type ?? '')
      for (const child of Object.values(node)) walk(child, inside || isFunction)
    }
  }
  walk(parseAst(text, { lang: 'ts' }), false)
  return { found, made }
}

/** The patterns that our files put together while they are loaded. */
export async function patternsMadeIn(paths: readonly string[]): Promise<Found[]> {
  const found = new Map<string, Found>()
  const Real = RegExp
  const noted = (pattern: RegExp): RegExp => {
    const frames = new Error('who asks').stack?.split('\n').slice(1) ?? []
    const maker = frames.find(frame => !frame.includes('harness/regexes'))
    const path = maker && new Real(`${ROOT}((?:src|handlers|db)/[^:?)]+)`).exec(maker)?.[1]
    if (path) found.set(String(pattern), { path, pattern })
    return pattern
  }
  globalThis.RegExp = new Proxy(Real, {
    apply: (target, _, args) => noted(Reflect.construct(target, args)),
    construct: (target, args, made) => noted(Reflect.construct(target, args, made)),
  })
  try {
    for (const path of paths) await import(join(ROOT, path))
  } finally {
    globalThis.RegExp = Real
  }
  return [...found.values()]
}

/**
 * By which power of the text's length a pattern's time may grow: 1 is linear, Infinity exponential. Quantifiers that can take over from
 * one another share out a run in as many ways as there are of them; one that starts anew at each place of the text adds one more.
 */
export function degreeOf(pattern: RegExp): number {
  const { reports } = analyse(pattern, { maxReports: 50, assumeRejectingSuffix: false })
  if (reports.some(({ exponential }) => exponential)) return Number.POSITIVE_INFINITY
  const trades = reports.flatMap(one => (one.type === 'Trade' ? [[one.startQuant, one.endQuant] as const] : []))
  const anew = reports.some(({ type }) => type === 'Move') ? 1 : 0
  return Math.max(1, largestCircle(trades)) + anew
}

/** How many there are at most of which each trades with each. */
function largestCircle<T>(pairs: ReadonlyArray<readonly [T, T]>): number {
  const all = [...new Set(pairs.flat())]
  const isPair = (a: T, b: T) => pairs.some(([x, y]) => (x === a && y === b) || (x === b && y === a))
  const grown = (circle: T[], from: number): number =>
    all.reduce(
      (most, one, i) =>
        i >= from && circle.every(other => isPair(one, other)) ? Math.max(most, grown([...circle, one], i + 1)) : most,
      circle.length,
    )
  return grown([], 0)
}
