import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import type { Db } from '../../db/client.ts'

interface Statement {
  text: string
  values: unknown[]
}

/** What some statements cost the server. */
export interface Cost {
  /** Planning and running, as the server reports it. */
  ms: number
  pages: number
  /** Tables that were read from end to end. */
  scanned: string[]
}

/** A database that tells what the statements of an act cost. */
export interface Watched {
  db: Db
  /** Does it, then runs each of its statements once more to see how; the second time nothing is kept. */
  costOf(act: () => Promise<unknown>): Promise<Cost>
  close(): Promise<void>
}

export function watch(url: string): Watched {
  const options = { max: 1, onnotice: () => {}, fetch_types: false }
  const sql = postgres(url, options)
  const looking = postgres(url, options)
  // from then on it takes values as drizzle hands them over, e.g. JSON as text
  drizzle(looking)
  let asked: Statement[] = []
  const note = <Client extends { unsafe: postgres.Sql['unsafe'] }>(client: Client): Client => {
    const unsafe = client.unsafe.bind(client)
    client.unsafe = ((text: string, values: unknown[] = [], how?: postgres.UnsafeQueryOptions) => {
      // begin, commit and the like read nothing
      if (/^\W*(select|insert|update|delete|with)/i.test(text)) asked.push({ text, values })
      return unsafe(text, values as never, how)
    }) as typeof client.unsafe
    return client
  }
  const begin = sql.begin.bind(sql) as (run: (tx: postgres.TransactionSql) => Promise<unknown>) => Promise<unknown>
  sql.begin = ((run: (tx: postgres.TransactionSql) => Promise<unknown>) =>
    begin(tx => run(note(tx)))) as typeof sql.begin
  return {
    db: drizzle(note(sql)) as unknown as Db,
    async costOf(act) {
      asked = []
      await act()
      const costs: Cost[] = []
      for (const statement of asked) costs.push(await explained(looking, statement))
      return {
        ms: costs.reduce((sum, one) => sum + one.ms, 0),
        pages: costs.reduce((sum, one) => sum + one.pages, 0),
        scanned: [...new Set(costs.flatMap(one => one.scanned))],
      }
    },
    async close() {
      await sql.end()
      await looking.end()
    },
  }
}

interface Explained {
  Plan: Node
  'Planning Time': number
  'Execution Time': number
}

interface Node {
  'Node Type': string
  'Relation Name'?: string
  'Shared Hit Blocks': number
  'Shared Read Blocks': number
  Plans?: Node[]
}

async function explained(sql: postgres.Sql, { text, values }: Statement): Promise<Cost> {
  await sql.unsafe('begin')
  const [row] = await sql.unsafe(`explain (analyze, timing off, buffers, format json) ${text}`, values as never)
  await sql.unsafe('rollback')
  const [{ Plan: root, ...times }] = (row as unknown as { 'QUERY PLAN': [Explained] })['QUERY PLAN']
  const scans = nodesOf(root).filter(node => node['Node Type'] === 'Seq Scan')
  return {
    ms: times['Planning Time'] + times['Execution Time'],
    pages: root['Shared Hit Blocks'] + root['Shared Read Blocks'],
    scanned: scans.map(node => node['Relation Name'] ?? ''),
  }
}

const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]
