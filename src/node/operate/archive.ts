import { createHash } from 'node:crypto'
import { createReadStream, existsSync, openAsBlob } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { Told } from '../told.ts'

/**
 * A backup is a tar of two: the database as its own tools dump it, and `manifest.json`. So `tar x` and `pg_restore` get at the data
 * without this program.
 */

const manifestSchema = z.object({
  format: z.literal('huiyin-backup-1'),
  /** Of the program that made it. */
  program: z.string(),
  engine: z.enum(['PGlite', 'Postgres']),
  /** Major version of the engine. */
  version: z.number(),
  takenAt: z.iso.datetime({ offset: true }),
  /** The last migration that the database went through. */
  migration: z.object({ tag: z.string(), when: z.number() }),
  counts: z.record(z.string(), z.number().int().nonnegative()),
  /** Of the dump. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().nonnegative(),
})
export type Manifest = z.infer<typeof manifestSchema>

const BLOCK = 512
const MANIFEST = 'manifest.json'

/** The name of the dump inside. */
export const DUMPS = { PGlite: 'pglite.tar.gz', Postgres: 'postgres.dump' } as const

/**
 * Writes a backup whole or not at all: beside its place first, onto the disk, then under its name, which must be free.
 * @throws Told when the name is taken.
 */
export async function writeArchive(
  file: string,
  dump: AsyncIterable<Uint8Array>,
  about: () => Omit<Manifest, 'sha256' | 'bytes' | 'format'>,
  engine: Manifest['engine'],
): Promise<Manifest> {
  if (existsSync(file)) throw taken(file)
  if (!existsSync(dirname(file))) throw new Told(`There is no folder ${dirname(file)}.`)
  const part = `${file}.part-${process.pid}`
  try {
    const handle = await open(part, 'wx', 0o600)
    const manifest = await fill(handle, dump, about, engine).finally(() => handle.close())
    await settle(part, file)
    return manifest
  } finally {
    await rm(part, { force: true })
  }
}

const taken = (file: string) =>
  new Told(`${file} is there already, and a backup overwrites nothing. Name another file.`)

async function fill(
  handle: FileHandle,
  dump: AsyncIterable<Uint8Array>,
  about: () => Omit<Manifest, 'sha256' | 'bytes' | 'format'>,
  engine: Manifest['engine'],
): Promise<Manifest> {
  await handle.write(header(DUMPS[engine], 0))
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of dump) {
    hash.update(chunk)
    bytes += chunk.length
    await handle.writeFile(chunk)
  }
  const manifest: Manifest = { format: 'huiyin-backup-1', ...about(), sha256: hash.digest('hex'), bytes }
  const text = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)
  await handle.writeFile(
    Buffer.concat([padding(bytes), header(MANIFEST, text.length), text, padding(text.length), Buffer.alloc(2 * BLOCK)]),
  )
  // only now is it known how long the dump is
  await handle.write(header(DUMPS[engine], bytes), 0, BLOCK, 0)
  await handle.sync()
  return manifest
}

/** Takes the name, which fails where somebody has it, and puts the whole file in its place. */
async function settle(part: string, file: string): Promise<void> {
  const place = await open(file, 'wx', 0o600).catch((error: unknown) => {
    throw error instanceof Error && 'code' in error && error.code === 'EEXIST' ? taken(file) : error
  })
  await place.close()
  await rename(part, file)
  // the name is on the disk only when its folder is; Windows knows no such thing
  if (process.platform === 'win32') return
  const folder = await open(dirname(file), 'r')
  await folder.sync().finally(() => folder.close())
}

const padding = (bytes: number): Buffer => Buffer.alloc((BLOCK - (bytes % BLOCK)) % BLOCK)

/** A header of tar (ustar). Sizes beyond eleven octal digits are written in base 256, as GNU tar does. */
function header(name: string, bytes: number): Buffer {
  const block = Buffer.alloc(BLOCK)
  block.write(name, 0)
  block.write('0000600\0', 100)
  block.write('0000000\0', 108)
  block.write('0000000\0', 116)
  if (bytes < 8 ** 11) block.write(`${bytes.toString(8).padStart(11, '0')}\0`, 124)
  else {
    block.writeUInt8(0x80, 124)
    block.writeBigUInt64BE(BigInt(bytes), 128)
  }
  block.write('00000000000\0', 136)
  block.write('        0', 148)
  block.write('ustar\x0000', 257)
  const sum = block.reduce((all, byte) => all + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

export interface Archive {
  manifest: Manifest
  /** The dump, to be read from its beginning. */
  stream(): AsyncIterable<Uint8Array> & NodeJS.ReadableStream
  blob(): Promise<Blob>
}

/**
 * Opens a backup and holds the dump in it against its SHA-256.
 * @throws Told when it is no backup, or not the one that was written.
 */
export async function openArchive(file: string): Promise<Archive> {
  if (!existsSync(file)) throw new Told(`There is no file ${file}.`)
  const handle = await open(file, 'r')
  const found = await members(handle).finally(() => handle.close())
  const manifest = manifestOf(file, found.get(MANIFEST)?.text)
  const dump = found.get(DUMPS[manifest.engine])
  if (!dump?.bytes || dump.bytes !== manifest.bytes) throw damaged(file)
  const range = { start: dump.start, end: dump.start + dump.bytes - 1 }
  const stream = () => createReadStream(file, range)
  const hash = createHash('sha256')
  for await (const chunk of stream()) hash.update(chunk as Uint8Array)
  if (hash.digest('hex') !== manifest.sha256) throw damaged(file)
  return { manifest, stream, blob: async () => (await openAsBlob(file)).slice(range.start, range.end + 1) }
}

const damaged = (file: string) => new Told(`${file} is damaged: what it holds is not what was written into it.`)

interface Member {
  start: number
  bytes: number
  /** Of the manifest alone. */
  text: string
}

const LONGEST_MANIFEST = 1_048_576

async function members(handle: FileHandle): Promise<Map<string, Member>> {
  const found = new Map<string, Member>()
  for (let at = 0; found.size < 2; ) {
    const block = Buffer.alloc(BLOCK)
    const { bytesRead } = await handle.read(block, 0, BLOCK, at)
    if (bytesRead < BLOCK || block.toString('latin1', 257, 262) !== 'ustar') break
    const name = block.toString('utf8', 0, 100).replace(/\0.*$/s, '')
    const bytes =
      block[124] === 0x80 ? Number(block.readBigUInt64BE(128)) : Number.parseInt(block.toString('latin1', 124, 135), 8)
    if (!Number.isSafeInteger(bytes)) break
    const start = at + BLOCK
    found.set(name, { start, bytes, text: name === MANIFEST ? await textAt(handle, start, bytes) : '' })
    at = start + Math.ceil(bytes / BLOCK) * BLOCK
  }
  return found
}

async function textAt(handle: FileHandle, start: number, bytes: number): Promise<string> {
  const buffer = Buffer.alloc(Math.min(bytes, LONGEST_MANIFEST))
  await handle.read(buffer, 0, buffer.length, start)
  return buffer.toString('utf8')
}

function manifestOf(file: string, text: string | undefined): Manifest {
  const refused = new Told(`${file} is no backup that this program made, or it is cut off.`)
  if (!text) throw refused
  try {
    return manifestSchema.parse(JSON.parse(text))
  } catch {
    throw refused
  }
}
