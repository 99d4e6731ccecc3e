import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { dumpEmbedded } from '../../src/node/database.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A file with a migrated, empty embedded database. */
    pgliteSeed: string
  }
}

/** Makes one embedded database for the whole run; each test file begins with a copy of it. */
export default async function setup(project: TestProject): Promise<() => void> {
  const dir = mkdtempSync(join(tmpdir(), 'huiyin-seed-'))
  const file = join(dir, 'seed.tar')
  writeFileSync(file, Buffer.from(await (await dumpEmbedded()).arrayBuffer()))
  project.provide('pgliteSeed', file)
  return () => rmSync(dir, { recursive: true, force: true })
}
