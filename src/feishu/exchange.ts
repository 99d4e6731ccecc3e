import { joinBytes } from '../kit/bytes.ts'
import { FeishuFault } from './fault.ts'

export interface Call {
  url: string
  method: string
  headers: Record<string, string>
  body?: string | FormData
  /** More is refused as soon as it comes. */
  mostBytes?: number
  timeoutMs: number
  /** On a connection of its own. */
  fresh?: true
}

export interface Answered {
  status: number
  bytes: Uint8Array
  header(name: string): string | undefined
}

/** One request and its answer, whole. Fails with whatever the network fails with, or a FeishuFault `oversize`. */
export type Exchange = (call: Call) => Promise<Answered>

/** On `fetch`, which is everywhere. A door may bring its runtime's own, where that is quicker. */
export const fetchExchange: Exchange = async ({ url, method, headers, body, mostBytes, timeoutMs }) => {
  const signal = AbortSignal.timeout(timeoutMs)
  const response = await fetch(url, { method, headers, signal, redirect: 'manual', ...(body && { body }) })
  return {
    status: response.status,
    bytes: response.body ? await gathered(response.body, mostBytes) : new Uint8Array(),
    header: name => response.headers.get(name) ?? undefined,
  }
}

/** All that comes, as one. */
export class Gathering {
  readonly #most: number
  readonly #kept: Uint8Array[] = []
  #size = 0

  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most
  }

  /** @throws FeishuFault as soon as more comes than is wanted. */
  add(chunk: Uint8Array): void {
    this.#size += chunk.length
    if (this.#size > this.#most) throw new FeishuFault('oversize', { why: 'more than is taken' })
    this.#kept.push(chunk)
  }

  all(): Uint8Array {
    const [only] = this.#kept
    return this.#kept.length === 1 && only ? only : joinBytes(this.#kept)
  }
}

async function gathered(chunks: AsyncIterable<Uint8Array>, most?: number): Promise<Uint8Array> {
  const gathering = new Gathering(most)
  for await (const chunk of chunks) gathering.add(chunk)
  return gathering.all()
}
