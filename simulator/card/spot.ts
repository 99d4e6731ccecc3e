import { overLimit, unreadable } from './fault.ts'

const MOST_ELEMENTS = 200
const MOST_TABLES = 5

/** Counted and collected over the whole card. */
export interface Census {
  elements: number
  tables: number
  ids: Set<string>
  names: Set<string>
  /** Ids that must be somebody: person components, <at>, <person>. */
  people: string[]
  images: string[]
  audio: string[]
  /** Keys of config.style, usable wherever a size or colour is. */
  textSizes: Set<string>
  colors: Set<string>
}

/** Where in the card a value stands. */
export interface Spot {
  path: string
  census: Census
  /** How many containers are around it. */
  depth: number
  /** The tag of the container it stands in; 'body' at the root. */
  parent: string
  /** The form it stands in, if any. */
  form?: { submits: boolean }
  /** Checks one component in this place. */
  visit(value: unknown, spot: Spot): void
}

export function newCensus(): Census {
  return {
    elements: 0,
    tables: 0,
    ids: new Set(),
    names: new Set(),
    people: [],
    images: [],
    audio: [],
    textSizes: new Set(),
    colors: new Set(),
  }
}

export function countElement({ census, path }: Spot) {
  census.elements += 1
  if (census.elements > MOST_ELEMENTS) throw overLimit('element exceeds the limit', path)
}

export function countTables({ census, path }: Spot, tables = 1) {
  census.tables += tables
  if (census.tables > MOST_TABLES) throw overLimit('card table number over limit', path)
}

export function claimName({ census, path }: Spot, name: string) {
  if (census.names.has(name)) throw unreadable(path, `duplicate name, property: name, value: ${name}`)
  census.names.add(name)
}
