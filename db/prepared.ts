import type { Sql, TransactionSql } from 'postgres'

/** Longer ones, and those with more values, are mostly lists of some length: each would be a statement of its own. */
const MOST = { chars: 6_000, values: 16 }

/**
 * Has statements prepared that come again and again. The driver asks the server about any other before it sends its values: a second
 * round trip, for which those behind it wait as well.
 */
export function prepareRecurring(sql: Sql): void {
  const begin = sql.begin.bind(sql) as (run: Run) => Promise<unknown>
  prepareIn(sql)
  Object.assign(sql, {
    begin: (run: Run) =>
      begin(tx => {
        prepareIn(tx)
        return run(tx)
      }),
  })
}

type Run = (tx: TransactionSql) => Promise<unknown>

function prepareIn(client: Sql | TransactionSql): void {
  const unsafe = client.unsafe.bind(client) as (text: string, values?: Values, options?: Options) => unknown
  Object.assign(client, {
    unsafe: (text: string, values?: Values, options?: Options) =>
      unsafe(text, values, Object.assign({}, options, { prepare: options?.prepare === true || recurs(text, values) })),
  })
}

type Values = unknown[]
type Options = { prepare?: boolean }

const recurs = (text: string, values: Values = []): boolean =>
  values.length > 0 && values.length <= MOST.values && text.length <= MOST.chars
