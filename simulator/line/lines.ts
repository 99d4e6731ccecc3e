import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { spend } from '../faults.ts'
import type { Outcome, Patience } from '../post.ts'
import type { Connection, Faults } from '../protocol.ts'
import { type Line, openLine } from './line.ts'

/** The long connections of the one simulated app. */
export interface Lines {
  /** What an address must name to be let in, once; undefined while there are as many connections as may be. */
  ticket(): URLSearchParams | undefined
  handshake(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Sends over one of them, by chance, and waits for the answer. */
  send(content: string, patience: Patience): Promise<Outcome>
  standing(): Connection[]
  /** Sends these bytes over each of them; answers over how many. */
  hurl(bytes: Uint8Array): number
  /** Cuts one of them off, or all; answers how many. */
  drop(id?: string): number
}

export const LINE_PATH = '/callback/ws/connect'
const TICKET_MS = 60_000
const SERVICE = 33_554_678

export function makeLines(faults: () => Faults): Lines {
  const server = new WebSocketServer({ noServer: true })
  const lines = new Map<string, Line>()
  const tickets = new Map<string, number>()
  return {
    ticket() {
      if (lines.size >= faults().line_limit) return undefined
      const ticket = randomBytes(16).toString('hex')
      tickets.set(ticket, Date.now() + TICKET_MS)
      return new URLSearchParams({ fpid: '493', device_id: newDeviceId(), service_id: String(SERVICE), ticket })
    },
    handshake(request, socket, head) {
      const asked = new URL(request.url ?? '/', 'ws://simulator')
      const ticket = asked.searchParams.get('ticket') ?? ''
      const until = tickets.get(ticket)
      tickets.delete(ticket)
      if (asked.pathname !== LINE_PATH) return refuse(socket, '404 Not Found', '404', 'no such address')
      if (!until || until < Date.now()) return refuse(socket, '403 Forbidden', '514', 'ticket is invalid')
      if (spend(faults().line_handshakes)) return refuse(socket, '502 Bad Gateway', '1000040343', 'internal error')
      if (lines.size >= faults().line_limit)
        return refuse(socket, '403 Forbidden', '514', 'too many connections', '1000040350')
      const id = asked.searchParams.get('device_id') ?? ''
      server.handleUpgrade(request, socket, head, opened => {
        lines.set(id, openLine(opened, id, SERVICE, faults))
        opened.once('close', () => lines.delete(id))
      })
    },
    async send(content, patience) {
      const some = [...lines.values()]
      const line = some[Math.floor(Math.random() * some.length)]
      if (!line) return { status: null, text: '', ms: 0, error: 'unreachable' }
      if (spend(faults().line_garbage)) line.garble()
      const answer = line.send(content, patience)
      if (spend(faults().line_drops)) line.cut()
      return answer
    },
    standing: () => [...lines.values()].map(line => line.seen()),
    hurl(bytes) {
      for (const line of lines.values()) line.hurl(bytes)
      return lines.size
    },
    drop(id) {
      const some = [...lines.values()].filter(line => id === undefined || line.seen().id === id)
      for (const line of some) line.cut()
      return some.length
    },
  }
}

/** The platform tells in headers why a handshake was refused. */
function refuse(socket: Duplex, status: string, code: string, words: string, inner = '0'): void {
  const head = [
    `HTTP/1.1 ${status}`,
    'Connection: close',
    'Content-Length: 0',
    `Handshake-Status: ${code}`,
    `Handshake-Msg: ${words}`,
    `Handshake-Autherrcode: ${inner}`,
  ]
  socket.once('error', () => socket.destroy())
  socket.end(`${head.join('\r\n')}\r\n\r\n`)
}

const newDeviceId = () => String(7_000_000_000_000_000_000n + BigInt(`0x${randomBytes(6).toString('hex')}`))
