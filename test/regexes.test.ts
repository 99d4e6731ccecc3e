import { beforeAll, describe, expect, it } from 'vitest'
import { firstWord } from '../src/kit/text.ts'
import { degreeOf, type Found, patternsMadeIn, patternsOf, sourcesUnder } from './harness/regexes.ts'

/** What people write is at most 5,000 characters: its square is soon done, its cube is not. */
const MOST = 2

const paths = ['src', 'handlers', 'db'].flatMap(sourcesUnder)
/** The doors start something when they are loaded. */
const LOADED = /^(src\/(office|kit|bot|feishu)|handlers)\//

describe('B16 no pattern takes time without measure', () => {
  const written = paths.map(path => ({ path, ...patternsOf(path) }))
  let all: Found[]
  beforeAll(async () => {
    all = [...written.flatMap(({ found }) => found), ...(await patternsMadeIn(paths.filter(path => LOADED.test(path))))]
  }, 120_000)

  it('of all files, what is written down and what is put together', () => {
    const slow = all.flatMap(({ path, pattern }) => {
      const degree = degreeOf(pattern)
      return degree > MOST ? [`${path}: ${String(pattern).slice(0, 200)} grows by the power of ${degree}`] : []
    })
    expect(slow).toEqual([])
    expect(all.length).toBeGreaterThan(600)
  }, 120_000)

  it('what is put together while a turn runs is of known parts', () => {
    const making = written.flatMap(({ path, made }) => (made ? [path] : []))
    // the number of a rule, a part of a clock, the letters of plates, words that say nothing, and makers called while files are loaded
    expect(making.sort()).toEqual([
      'src/kit/rule-cards.ts',
      'src/kit/time/scanner.ts',
      'src/office/car/plate.ts',
      'src/office/car/purpose.ts',
      'src/office/car/sense.ts',
      'src/office/secrecy/loose.ts',
      'src/office/secrecy/patterns.ts',
    ])
  })

  it.each([
    ['a run of runs', /^(a+)+$/, Number.POSITIVE_INFINITY],
    ['a run of runs that may be empty', /^(?:a*,?)*$/, Number.POSITIVE_INFINITY],
    ['three runs of the same', /^\s*\s*\s*x$/, 3],
    ['two runs, at any place', /\s*\s*x/, 3],
    ['two runs of the same', /^\s*,?\s*x$/, 2],
    ['a run at any place', /\s+$/, 2],
    ['runs parted by what must stand there', /^\s*a\s*b\s*$/, 1],
    ['runs that are bounded', /^\s{0,3}\s{0,3}x$/, 1],
  ])('a planted one is found: %s', (_, pattern, degree) => expect(degreeOf(pattern)).toBe(degree))

  it('a planted one is found in a file', () => {
    const { found, made } = patternsOf(
      'planted.ts',
      'const a: RegExp = /(x+)+y/g; const b = (c: string) => new RegExp(c)',
    )
    expect(found.map(({ pattern }) => degreeOf(pattern))).toEqual([Number.POSITIVE_INFINITY])
    expect(made).toBe(1)
  })

  it.each([
    ['  一 二  三 ', ['一', '二  三']],
    ['一', ['一', '']],
    ['', ['', '']],
    [' \n ', ['', '']],
    ['一\n二\n', ['一', '二']],
  ])('the first word of %j', (text, parts) => expect(firstWord(text)).toEqual(parts))
})
