import { unreadable } from './fault.ts'
import type { Census, Spot } from './spot.ts'
import { countTables } from './spot.ts'

const MOST_TABLES_IN_ONE = 4
const TABLE = /^\s*\|?\s*:?-{3,}:?\s*(\|\s*:?-{3,}:?\s*)*\|?\s*$/
const AT = /<(?:at|person)\s+(id|ids|email)\s*=\s*['"]?([^'">]*)['"]?[^>]*>/gi
const IMAGE = /!\[[^\]]*\]\(([^)\s]+)\)/g
const CODE = /```[\s\S]*?```|`[^`\n]*`/g

/** What a markdown text refers to. Code is not looked into. */
export function readMarkdown(content: string, spot: Spot) {
  const live = content.replace(CODE, '')
  const tables = countMarkdownTables(live)
  if (tables > MOST_TABLES_IN_ONE) throw unreadable(spot.path, `at most ${MOST_TABLES_IN_ONE} tables in one markdown`)
  if (tables > 0) countTables(spot, tables)
  collectPeople(live, spot.census)
  for (const [, key = ''] of live.matchAll(IMAGE)) spot.census.images.push(key)
}

const countMarkdownTables = (content: string) => {
  const lines = content.split('\n')
  return lines.filter((line, at) => line.includes('|') && TABLE.test(line) && (lines[at - 1] ?? '').includes('|'))
    .length
}

function collectPeople(content: string, census: Census) {
  for (const id of mentionedIn(content)) if (id !== 'all') census.people.push(id)
}

/** Ids that the text mentions; 'all' for everybody. */
export function mentionedIn(content: string): string[] {
  return [...content.matchAll(AT)].flatMap(([, , ids = '']) => ids.split(',').map(id => id.trim()))
}
