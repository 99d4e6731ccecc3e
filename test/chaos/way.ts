import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** The way between a bot and its database, which can be cut, or fall silent without a word to either side. */
export interface Way {
  port: number
  /** Ends the connections that stand, as a router does that starts anew: our side is told that there is no such connection. */
  cut(): void
  /**
   * Lets nothing more through on the connections that stand, in either direction; they stay open. New ones are as before. What the
   * database's system would find out by its own questions, which here are answered on the way, is played: after so long the far side
   * learns that nobody is there. Our side never does.
   */
  silence(): void
  /** Whether it has ever fallen silent. */
  readonly isSilent: boolean
  close(): Promise<void>
}

export async function openWay(to: number): Promise<Way> {
  const standing = new Set<Pair>()
  const server = createServer(near => {
    const far = connect(to, '127.0.0.1')
    const pair: Pair = [near, far]
    standing.add(pair)
    near.pipe(far)
    far.pipe(near)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.setNoDelay(true)
      // whatever ends it, the other side learns of it by the close
      socket.on('error', () => {})
      socket.on('close', () => {
        standing.delete(pair)
        if (!silent.has(pair)) other.destroy()
      })
    }
  })
  const silent = new Set<Pair>()
  const port = await new Promise<number>(done => {
    server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port))
  })
  return {
    port,
    cut() {
      for (const [near, far] of standing) {
        near.resetAndDestroy()
        far.destroy()
      }
    },
    silence() {
      for (const pair of standing) {
        silent.add(pair)
        const [near, far] = pair
        near.unpipe(far).pause()
        far.unpipe(near).pause()
        setTimeout(() => far.destroy(), NOTICED_MS).unref()
      }
    },
    get isSilent() {
      return silent.size > 0
    },
    async close() {
      const closed = new Promise(done => server.close(done))
      for (const pair of [...standing, ...silent]) for (const socket of pair) socket.destroy()
      await closed
    },
  }
}

/** By the `tcp_keepalives_…` that the bot asks for: the first question, and as long as two more may take. */
const NOTICED_MS = 9_000

type Pair = [near: Socket, far: Socket]
