import type { Gap } from './protocol.ts'

/** What the bot called that is not there, for GET /sim/gaps. */
export interface GapBook {
  add(method: string, path: string, at: number): void
  all(): Gap[]
}

const KEPT = 500

export function makeGapBook(): GapBook {
  const gaps = new Map<string, Gap>()
  return {
    add(method, path, at) {
      const asked = { method, path: withoutIds(path) }
      const name = `${asked.method} ${asked.path}`
      const known = gaps.get(name)
      if (known) Object.assign(known, { count: known.count + 1, last_at: at })
      else if (gaps.size < KEPT) gaps.set(name, { ...asked, count: 1, first_at: at, last_at: at })
    },
    all: () => [...gaps.values()].sort((one, other) => other.count - one.count),
  }
}

const ID = /^(?:(?:ou|on|oc|om|omt|omm|od|cli|img|file|bm|c)[-_]\w.*|\d{6,}|[0-9a-f-]{16,})$/i

/** Ids would make a gap of each call; the path as the documentation writes it is one. */
const withoutIds = (path: string): string =>
  path
    .slice(0, 200)
    .split('/')
    .map(part => (ID.test(part) ? ':id' : part))
    .join('/')
