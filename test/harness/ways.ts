import type { Transport } from '../../simulator/protocol.ts'
import { type Kind, kinds } from './databases.ts'

export interface Way {
  kind: Kind
  transport: Transport
}

/** What a test runs on that says what people see: every database behind the URL, and one behind the long connection. */
export const ways: Array<[name: string, way: Way]> = [
  ...kinds.map((kind): [string, Way] => [kind, { kind, transport: 'webhook' }]),
  ['PGlite over the long connection', { kind: 'PGlite', transport: 'websocket' }],
]
