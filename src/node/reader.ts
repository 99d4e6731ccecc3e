import { isNativeError } from 'node:util/types'
import { parentPort, workerData } from 'node:worker_threads'
import { readText } from '../bot/read-text.ts'
import { Scan } from '../bot/unread.ts'
import { Refusal } from '../kit/refusal.ts'
import type { Asked, Came } from './read-apart.ts'

/** One file, looked through in a thread of its own: see `read-apart.ts`. What it breaks on ends the thread, and is told there. */
const { name, bytes } = workerData as Asked
parentPort?.postMessage(await readText(name, bytes).then(text => ({ text }) satisfies Came, refused))

function refused(error: unknown): Came {
  if (error instanceof Refusal) return { refused: error.message, isScan: error instanceof Scan }
  throw isNativeError(error) ? error : likeOne(error as Error)
}

/** The errors of a library may be of its own making, of which no more comes over than of any other object. */
function likeOne({ name, message }: Error): Error {
  return Object.assign(new Error(message), { name })
}
