import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Bytes, keepBytes } from './bytes.ts'
import type { OfficePlan } from './settings.ts'
import { freshState, readState, type State, stateToJson } from './state.ts'

/** Keeps the state in one file (written whole, then renamed) and the bytes of files in a folder beside it. */
export interface Store {
  state: State
  /** Something changed: write soon. */
  touch(): void
  /** Writes once more; what is touched later is not kept. */
  close(): void
  replace(state: State): void
  bytes: Bytes
}

const SOON_MS = 200

export function openStore(plan: OfficePlan, file?: string): Store {
  let timer: NodeJS.Timeout | undefined
  let wait = SOON_MS

  let closed = false
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    // A large state must not keep the program busy with writing itself.
    if (file && !closed) wait = Math.max(SOON_MS, 20 * write(file, store.state))
  }

  const store: Store = {
    state: file ? stateOf(file, plan) : freshState(plan, Date.now()),
    touch() {
      if (file && !closed) timer ??= setTimeout(flush, wait)
    },
    close() {
      flush()
      closed = true
    },
    replace(state) {
      store.state = state
      store.bytes.clear()
      store.touch()
    },
    bytes: keepBytes(file && `${file}.files`),
  }
  return store
}

function stateOf(file: string, plan: OfficePlan): State {
  mkdirSync(dirname(file), { recursive: true })
  if (!existsSync(file)) return freshState(plan, Date.now())
  try {
    return readState(file)
  } catch (cause) {
    const aside = `${file}.corrupt-${Date.now()}`
    renameSync(file, aside)
    console.error(`模拟飞书的数据文件无法读取，已移至 ${aside}，演示从头开始。原因：${String(cause)}`)
    return freshState(plan, Date.now())
  }
}

function write(file: string, state: State): number {
  const started = performance.now()
  writeFileSync(`${file}.new`, stateToJson(state))
  renameSync(`${file}.new`, file)
  return performance.now() - started
}
