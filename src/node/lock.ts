import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../clock.ts'
import { Told } from './told.ts'

/** Another process has the directory. */
export class DirectoryTaken extends Told {
  constructor(dir: string, pid: number) {
    super(
      `The data directory ${dir} is in use by process ${pid}. The embedded database allows one process at a time: stop that one, or set DATA_DIR or DATABASE_URL.`,
    )
    this.name = 'DirectoryTaken'
  }
}

/**
 * Takes a directory for this process; PGlite does not, and two processes on one directory lose rows without a word.
 * A lock left behind by a process that is gone (kill -9, or a restarted machine) is taken over.
 * @throws DirectoryTaken
 */
export function lockDirectory(dir: string): () => void {
  mkdirSync(dir, { recursive: true })
  const file = join(dir, 'lock')
  for (let attempt = 0; attempt < 5; attempt++) {
    if (create(file)) return () => release(file)
    const holder = holderOf(file)
    if (holder && isSameProcess(holder)) throw new DirectoryTaken(dir, holder.pid)
    clear(file)
  }
  throw new DirectoryTaken(dir, 0)
}

interface Holder {
  pid: number
  started: string
}

function create(file: string): boolean {
  try {
    writeFileSync(file, JSON.stringify({ pid: process.pid, started: startOf(process.pid) } satisfies Holder), {
      flag: 'wx',
    })
    return true
  } catch (error) {
    if (isFault(error, 'EEXIST')) return false
    throw error
  }
}

/** One that says nothing yet is being written. */
const WRITTEN_WITHIN_MS = 2_000

/** Takes away what was left behind; whoever was quicker may hold the directory by now, and keeps it. */
function clear(file: string): void {
  const taken = `${file}.${process.pid}`
  try {
    renameSync(file, taken)
  } catch (error) {
    if (isFault(error, 'ENOENT')) return
    throw error
  }
  const holder = holderOf(taken)
  if (holder ? isSameProcess(holder) : systemClock.wire() - statSync(taken).mtimeMs < WRITTEN_WITHIN_MS)
    renameSync(taken, file)
  else rmSync(taken, { force: true })
}

function release(file: string): void {
  if (holderOf(file)?.pid === process.pid) rmSync(file, { force: true })
}

const isFault = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

function holderOf(file: string): Holder | undefined {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return typeof read === 'object' && read && 'pid' in read ? (read as Holder) : undefined
  } catch {
    return undefined
  }
}

/** A number may have gone to another process since: where the system tells when one began, that must agree too. */
function isSameProcess({ pid, started }: Holder): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    return isFault(error, 'EPERM')
  }
  return started === '' || startOf(pid) === '' || started === startOf(pid)
}

/** When a process began, as the system writes it; '' where it cannot be known. */
function startOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
