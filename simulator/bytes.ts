import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The content of uploads, in memory and, if there is a folder, in one file each. */
export interface Bytes {
  save(key: string, content: Uint8Array): void
  load(key: string): Uint8Array | undefined
  clear(): void
}

export function keepBytes(folder?: string): Bytes {
  const kept = new Map<string, Uint8Array>()
  return {
    save(key, content) {
      kept.set(key, content)
      if (!folder) return
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, key), content)
    },
    load(key) {
      const known = kept.get(key)
      if (known || !folder || !existsSync(join(folder, key))) return known
      return readFileSync(join(folder, key))
    },
    clear() {
      kept.clear()
      if (folder) rmSync(folder, { recursive: true, force: true })
    },
  }
}
