import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

/** What we say is proven is looked up: a number or a sentence that no test bears any longer fails here. */

const TESTS = new URL('.', import.meta.url).pathname
const files = new Map(
  readdirSync(TESTS)
    .filter(name => name.endsWith('.test.ts'))
    .map(name => [name, readFileSync(join(TESTS, name), 'utf8')]),
)

/** The lines of a file that name a test or a group of tests. */
const titles = (file: string): string[] =>
  (files.get(file) ?? '').split('\n').filter(line => /^\s*(it|describe)\b|^\s*(\)|\]|\}|%s|['`"])/.test(line))

const names = (file: string, number: string): boolean =>
  titles(file).some(line => new RegExp(`['"\`( ]${number}[ :,]`).test(line))

/** Faults and attacks, by the letter of what they are aimed at, and where each is tested. */
const FAULTS: Record<string, [from: number, to: number, file: string][]> = {
  A: [[1, 10, 'trust-authenticity.test.ts']],
  B: [
    [11, 17, 'trust-input.test.ts'],
    [18, 18, 'read-sheet.test.ts'],
    [18, 18, 'trust-files.test.ts'],
    [11, 12, 'long-connection.test.ts'],
  ],
  C: [[19, 26, 'trust-once.test.ts']],
  D: [
    [27, 31, 'trust-crash.test.ts'],
    [32, 33, 'trust-database.test.ts'],
    [34, 39, 'trust-outbox.test.ts'],
    [40, 40, 'trust-token.test.ts'],
    [41, 41, 'trust-outbox.test.ts'],
    [42, 43, 'remind.test.ts'],
    [43, 43, 'trust-zones.test.ts'],
    [44, 44, 'trust-once.test.ts'],
  ],
  E: [[47, 54, 'trust-authority.test.ts']],
  F: [
    [55, 55, 'trust-output.test.ts'],
    [56, 56, 'inert.test.ts'],
    [57, 57, 'trust-output.test.ts'],
    [57, 57, 'oversize.test.ts'],
    [58, 58, 'laws.test.ts'],
    [59, 60, 'trust-output.test.ts'],
    [59, 59, 'trust-logs.test.ts'],
  ],
}

describe('each fault and attack has its test', () => {
  const all = Object.entries(FAULTS).flatMap(([letter, spans]) =>
    spans.flatMap(([from, to, file]) =>
      Array.from({ length: to - from + 1 }, (_, i) => [`${letter}${from + i}`, file] as const),
    ),
  )
  it.each(all)('%s in %s', (number, file) => {
    expect(names(file, number)).toBe(true)
  })

  it.each([
    ['D45', 'export'],
    ['D46', 'soak'],
  ])('%s is measured, by a bench: %s', (number, bench) => {
    expect(readFileSync(join(TESTS, 'bench', `${bench}.ts`), 'utf8')).toMatch(new RegExp(`/\\*\\*.*\\b${number}\\b`))
  })

  it('none is left out', () => {
    const counts = Object.values(FAULTS).map(
      spans => new Set(spans.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i))).size,
    )
    expect(counts).toEqual([10, 8, 8, 18, 8, 6])
  })

  it('a number that no test bears is missed', () => {
    expect(names('trust-once.test.ts', 'C99')).toBe(false)
    expect(names('no-such.test.ts', 'A1')).toBe(false)
  })
})

describe('burden reduction (减负) is held where a test can hold it', () => {
  it.each([
    ['GEN-05', 'task-contact.test.ts'],
    ['GEN-06', 'feedback.test.ts'],
    ['GEN-07', 'task-hours.test.ts'],
    ['GEN-01', 'laws.test.ts'],
    ['GEN-08', 'laws.test.ts'],
  ])('%s in %s', (number, file) => {
    expect(names(file, number)).toBe(true)
  })
})

/** What is given to `it` and `describe`, with a table before it or without. */
const titlesIn = (file: string): string[] =>
  [...(files.get(file) ?? '').matchAll(/(?:\b(?:it|describe)(?:\.\w+)*|\))\(\s*(['"`])(.+?)\1,/g)].map(
    found => found[2] ?? '',
  )

describe('what SECURITY.md leans on is there', () => {
  const [, table = ''] = readFileSync(join(TESTS, '../SECURITY.md'), 'utf8').split('| threat | held by | test |')
  const rows = table.split('\n').filter(line => /^\| (?!---)/.test(line))
  /** In the last column: `file`: number, number, “words of a title”; `file`: … */
  const leanings = rows.map(row => [row.split(' | ')[0]?.slice(2) ?? '', row.split(' | ').at(-1) ?? ''] as const)

  it.each(leanings)('%s', (_, column) => {
    const named = [...column.matchAll(/`([\w-]+)`: ([^;|]+)/g)].flatMap(([, file = '', list = '']) =>
      list.split(', ').map(one => [`${file}.test.ts`, one.trim()] as const),
    )
    expect(named.length).toBeGreaterThan(0)
    for (const [file, one] of named) {
      const words = /^“(.+)”$/.exec(one)?.[1]
      expect(words ? titlesIn(file).some(title => title.includes(words)) : names(file, one), `${file}: ${one}`).toBe(
        true,
      )
    }
  })
})
