import { Worker } from 'node:worker_threads'
import type { ReadText } from '../bot/read-text.ts'
import { Scan, TOO_LONG, TryLater } from '../bot/unread.ts'
import { Refusal } from '../kit/refusal.ts'

export interface Asked {
  name: string
  bytes: Uint8Array
}
export type Came = { text: string } | { refused: string; isScan: boolean }

export interface Bounds {
  /** One file may take so long. */
  ms: number
  /** Besides what its bytes are kept in. */
  megabytes: number
  /** So many may wait for the one that is looked through: whoever waited longer than a claim lasts would be taken up twice. */
  inLine: number
}
const BOUNDS: Bounds = { ms: 8_000, megabytes: 256, inLine: 2 }

/**
 * Looks files through one by one, each in a thread of its own: the library that reads PDFs gives nobody a turn while it mends a broken
 * one, and neither ends when told nor knows a measure of memory. @throws what `readText` throws; Refusal past `ms`; TryLater.
 */
export function createReader(program: URL, bounds: Partial<Bounds> = {}): ReadText {
  const { ms, megabytes, inLine } = { ...BOUNDS, ...bounds }
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()
  return (name, bytes) => {
    if (waiting > inLine) return Promise.reject(new TryLater())
    waiting++
    const read = last.then(() => readIn(new Worker(program, options({ name, bytes }, megabytes)), ms))
    const end = () => {
      waiting--
    }
    last = read.then(end, end)
    return read
  }
}

/** It writes to nobody's log, and is told no setting. */
const options = (asked: Asked, megabytes: number) => ({
  ...{ workerData: asked, env: {}, stdout: true, stderr: true },
  resourceLimits: { maxOldGenerationSizeMb: megabytes },
})

async function readIn(worker: Worker, ms: number): Promise<string> {
  let timer: ReturnType<typeof setTimeout> | undefined
  try {
    const came = await new Promise<Came>((done, fail) => {
      timer = setTimeout(() => fail(new Refusal(TOO_LONG)), ms)
      worker.once('message', done)
      worker.once('error', fail)
      worker.once('exit', () => fail(new Error('the reader ended without a word')))
    })
    if ('text' in came) return came.text
    throw new (came.isScan ? Scan : Refusal)(came.refused)
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}
