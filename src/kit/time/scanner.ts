import { numeral } from './numerals.ts'

/** Words with what they mean, ready to be read from a text: the longest word wins. */
export type Words<T> = { pattern: RegExp; meanings: ReadonlyMap<string, T> }

export function words<T>(table: Readonly<Record<string, T>>): Words<T> {
  const longestFirst = Object.keys(table).sort((a, b) => b.length - a.length)
  const spaced = longestFirst.map(word => [...word].join(' '))
  return { pattern: pattern(`(${spaced.join('|')})`), meanings: new Map(Object.entries(table)) }
}

/** A pattern that reads at one place. A space stands for white space that may be missing, NUM for a numeral. */
export const pattern = (source: string): RegExp =>
  new RegExp(` ${source}`.replaceAll(/ \??/g, ' ?').replaceAll('NUM', numeral), 'y')

/** A place in a text that moves on as things are read. */
export class Scanner {
  readonly text: string
  at: number

  constructor(text: string, at = 0) {
    this.text = text
    this.at = at
  }

  match(expected: RegExp): RegExpExecArray | undefined {
    expected.lastIndex = this.at
    const found = expected.exec(this.text)
    if (!found) return undefined
    this.at = expected.lastIndex
    return found
  }

  word<T>(expected: Words<T>): T | undefined {
    const found = this.match(expected.pattern)
    return found ? expected.meanings.get((found[1] ?? '').replaceAll(' ', '')) : undefined
  }

  sees(expected: RegExp): boolean {
    expected.lastIndex = this.at
    return expected.test(this.text)
  }

  /** The characters just before this place. */
  before(length: number): string {
    return this.text.slice(Math.max(0, this.at - length), this.at)
  }

  /** Reads, or stays where it was. */
  attempt<T>(read: () => T | undefined): T | undefined {
    const start = this.at
    const value = read()
    if (value === undefined) this.at = start
    return value
  }
}
