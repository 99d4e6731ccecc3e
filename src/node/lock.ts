import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
 * What a process left behind that is gone (kill -9, or a restarted machine) is taken over: each holder's file has the number after the
 * last one's, and the last number never goes down, so that of several who find the same left behind one gets the next.
 * @throws DirectoryTaken; Told where that cannot be done
 */
export function lockDirectory(dir: string): () => void {
  mkdirSync(dir, { recursive: true })
  for (let attempt = 0; attempt < 5; attempt++) {
    const last = lastIn(dir)
    const holder = holderOf(join(dir, nameOf(last)))
    if (holder && isSameProcess(holder)) throw new DirectoryTaken(dir, holder.pid)
    const mine = last + 1
    // a number that has been swept away since is free again, and means nothing
    if (claim(dir, mine) && lastIn(dir) === mine) {
      sweep(dir, mine)
      return () => release(join(dir, nameOf(mine)))
    }
  }
  throw new DirectoryTaken(dir, 0)
}

interface Holder {
  pid: number
  started: string
}

/** Without a number, as releases before this one wrote it, it comes before all others. */
const NAME = /^lock(?:\.(\d+))?$/
const nameOf = (number: number): string => (number > 0 ? `lock.${number}` : 'lock')
const numberOf = (name: string): number | undefined => {
  const found = NAME.exec(name)
  return found ? Number(found[1] ?? 0) : undefined
}

const numbersIn = (dir: string): number[] =>
  readdirSync(dir)
    .map(numberOf)
    .filter(number => number !== undefined)

const lastIn = (dir: string): number => Math.max(0, ...numbersIn(dir))

/** What file systems without hard links (exFAT, some network shares) answer. */
const LINKLESS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']

/** Gives this process the number, unless somebody has it. Nobody ever reads half of what is written. */
function claim(dir: string, number: number): boolean {
  const draft = join(dir, `lock.of-${process.pid}`)
  try {
    writeFileSync(draft, JSON.stringify({ pid: process.pid, started: startOf(process.pid) } satisfies Holder))
    linkSync(draft, join(dir, nameOf(number)))
    return true
  } catch (error) {
    if (isFault(error, 'EEXIST')) return false
    if (LINKLESS.some(code => isFault(error, code)))
      throw new Told(
        `The data directory ${dir} lies on a file system without hard links, by which one process takes it: set DATA_DIR to another, or DATABASE_URL.`,
      )
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function sweep(dir: string, mine: number): void {
  for (const number of numbersIn(dir)) if (number < mine) rmSync(join(dir, nameOf(number)), { force: true })
}

/** The number stays, with nobody behind it. */
function release(file: string): void {
  if (holderOf(file)?.pid === process.pid) truncateSync(file)
}

const isFault = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

function holderOf(file: string): Holder | undefined {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return typeof read === 'object' && read && 'pid' in read ? (read as Holder) : undefined
  } catch (error) {
    // what cannot be read may be held
    if (error instanceof SyntaxError || isFault(error, 'ENOENT')) return undefined
    throw error
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
