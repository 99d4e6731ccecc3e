import type { TestOffice } from './office.ts'
import { botMessages, rows } from './traces.ts'

/** All that the bot has kept, logged, called and said, line by line. */
export async function everythingKept(office: TestOffice): Promise<string[]> {
  await office.settled()
  const { db } = office.database
  const tables = await rows<{ name: string }>(
    db,
    `select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  )
  const kept: string[] = []
  for (const { name } of tables) {
    const lines = await rows<{ line: string }>(db, `select '${name} ' || t::text as line from ${name} t`)
    kept.push(...lines.map(({ line }) => line))
  }
  const calls = (await office.calls()).map(call => JSON.stringify(call))
  const said = botMessages(office).map(({ content }) => content)
  return [...kept, ...office.log, ...calls, ...said]
}
