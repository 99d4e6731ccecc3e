import { readFileSync } from 'node:fs'

/** The statement with which the owner takes away what is over, as docs/retention.md has it, at an instant of the office's clock. */
export function removal(now: Date): string {
  const text = readFileSync(new URL('../../docs/retention.md', import.meta.url), 'utf8')
  const statement = /```sql\n([\s\S]*?)```/.exec(text)?.[1]
  if (!statement) throw new Error('docs/retention.md says nothing of how to remove')
  return statement.replaceAll('now()', `timestamptz '${now.toISOString()}'`)
}
