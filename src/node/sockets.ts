import { connect, type Socket } from 'node:net'

/** As long as the server gives a statement itself: an answer that stays away longer never comes. */
const LONGEST_SILENCE_MS = 5_000
/** What a server that has answered everything says last: ReadyForQuery, and a byte of state. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5])

interface Address {
  host: string[]
  port: number[]
  path?: string | false | undefined
}

/**
 * Makes the connections of one pool to Postgres. One that owes an answer and stays silent, as when its other end has vanished
 * without a word, is given up, and with it those that rest: they lead to the same end. The driver itself would wait for as long
 * as the system lets it. Encrypted ones have only the system's watch.
 */
export function watchfulSockets(): (address: Address) => Socket {
  const resting = new Set<Socket>()
  return ({ host: [host = ''], port: [port = 5_432], path }) => {
    const socket = path ? connect(path) : connect(port, host)
    // by this name the driver checks a certificate
    Object.assign(socket, { host, port })
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean
    socket.write = (...args: unknown[]) => {
      resting.delete(socket)
      return write(...args)
    }
    socket.on('data', (said: Buffer) => {
      if (said.subarray(-READY.length - 1, -1).equals(READY)) resting.add(socket)
      else resting.delete(socket)
    })
    socket.on('close', () => resting.delete(socket))
    socket.on('timeout', () => {
      if (resting.has(socket)) return
      // without an error of ours the driver rejects also what it put on a connection in the moment before it learns of its end
      for (const one of [socket, ...resting]) one.destroy()
    })
    return socket.setTimeout(LONGEST_SILENCE_MS)
  }
}
