import type { Sql, TransactionSql } from 'postgres'

/** What a transaction gets to hear whose connection has ended. */
class ConnectionLost extends Error {
  readonly code = 'CONNECTION_CLOSED'
}

/**
 * Keeps the driver from its own fault: whatever it is asked in a transaction whose connection has ended, be it only the `rollback` that
 * it then sends of itself, it writes to a socket that is gone, and that ends the whole process. So nothing more is handed to it, and a
 * run that has lost its connection never ends as far as it knows; the caller has been told at the moment of the loss.
 */
export function outliveLostConnections(sql: Sql): void {
  const begin = sql.begin.bind(sql) as (run: Run) => Promise<unknown>
  const guarded = (run: Run): Promise<unknown> => {
    const fate = { isLost: false }
    const turn = begin(tx => enduring(run, tx, fate))
    turn.then(undefined, () => {
      fate.isLost = true
    })
    return turn
  }
  Object.assign(sql, { begin: guarded })
}

type Run = (tx: TransactionSql) => Promise<unknown>

function enduring(run: Run, tx: TransactionSql, fate: { isLost: boolean }): Promise<unknown> {
  const unsafe = tx.unsafe.bind(tx)
  const savepoint = tx.savepoint.bind(tx) as (run: Run) => Promise<unknown>
  const refuseLost = () => {
    if (fate.isLost) throw new ConnectionLost('the connection of this transaction has ended')
  }
  Object.assign(tx, {
    unsafe: (...asked: Parameters<TransactionSql['unsafe']>) => {
      refuseLost()
      return unsafe(...asked)
    },
    // the driver makes another client for it, which rolls back by itself as well
    savepoint: async (within: Run) => {
      refuseLost()
      return savepoint(inner => enduring(within, inner, fate))
    },
  })
  return run(tx).then(
    result => (fate.isLost ? endless() : result),
    async (error: unknown) => {
      // what failed with the connection fails a moment before its end is known
      await new Promise(done => setImmediate(done))
      if (fate.isLost) return endless()
      throw error
    },
  )
}

const endless = (): Promise<never> => new Promise(() => {})
