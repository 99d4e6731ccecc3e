import type { Db } from '../../db/client.ts'

interface Runner {
  query(text: string, ...rest: unknown[]): Promise<unknown>
}
interface Embedded extends Runner {
  transaction(run: (tx: Runner) => Promise<unknown>): Promise<unknown>
}

/** Notes the statements that the embedded database is given within transactions, as turns are, one list for each. */
export function watchTurns(db: Db): { turns: string[][]; stop(): void } {
  const { client } = (db as unknown as { session: { client: Embedded } }).session
  const transaction = client.transaction.bind(client)
  const turns: string[][] = []
  client.transaction = run =>
    transaction(tx => {
      const asked: string[] = []
      turns.push(asked)
      const query = tx.query.bind(tx)
      tx.query = (text, ...rest) => {
        asked.push(text)
        return query(text, ...rest)
      }
      return run(tx)
    })
  return {
    turns,
    stop() {
      client.transaction = transaction
    },
  }
}
