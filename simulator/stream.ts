import type { Notice } from './protocol.ts'

/** Who listens, and what they may hear. */
export interface Stream {
  /** Opens one listener's server-sent events. */
  open(as: string, first: Notice): Response
  /** Whether this person has a page open. */
  hears(as: string): boolean
  /** `audience` are open_ids; left out means everybody. */
  tell(notice: Notice, audience?: readonly string[]): void
  close(): void
}

const KEEP_ALIVE_MS = 15_000

interface Listener {
  as: string
  write(chunk: string): void
  end(): void
}

/** `gone` hears when somebody's last page closed. */
export function makeStream(gone: (as: string) => void = () => {}): Stream {
  const listeners = new Set<Listener>()
  const heart = setInterval(() => each(listeners, one => one.write(': still here\n\n')), KEEP_ALIVE_MS)
  heart.unref()
  return {
    open: (as, first) => new Response(listen(listeners, as, first, gone), { headers: headers }),
    hears: as => [...listeners].some(one => one.as === as),
    tell(notice, audience) {
      const line = dataLine(notice)
      each(listeners, one => (!audience || audience.includes(one.as)) && one.write(line))
    },
    close() {
      clearInterval(heart)
      each(listeners, one => one.end())
    },
  }
}

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
}
const dataLine = (notice: Notice) => `data: ${JSON.stringify(notice)}\n\n`

function listen(
  listeners: Set<Listener>,
  as: string,
  first: Notice,
  gone: (as: string) => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let mine: Listener | undefined
  return new ReadableStream({
    start(controller) {
      mine = {
        as,
        write: chunk => controller.enqueue(encoder.encode(chunk)),
        end: () => controller.close(),
      }
      listeners.add(mine)
      mine.write(dataLine(first))
    },
    cancel() {
      if (mine) listeners.delete(mine)
      if (![...listeners].some(one => one.as === as)) gone(as)
    },
  })
}

/** A listener whose connection broke is dropped, not reported. */
function each(listeners: Set<Listener>, act: (one: Listener) => unknown) {
  for (const one of listeners) {
    try {
      act(one)
    } catch {
      listeners.delete(one)
    }
  }
}
