/** How a matter is called before 系统管理员, who are not told what it says: by its number; `of`: the person or group whose it is. */
export interface Called {
  words: string
  of?: string | undefined
}

/** Where it has no number of its own. */
export const calledBy = (id: number, sort: string): Called => ({ words: `${sort}(内部编号${id})` })

/** A matter of a feature that falls due, by the kind and the id under which it is taken. */
export interface Matter extends Called {
  feature: string
  kind: string
  id: string
}

/** A matter that failed by itself while others were done. Instants are the office's. */
export interface Aside extends Matter {
  since: string
  tries: number
  /** When it is tried once more. */
  nextAt: string
}

/** With so many at once it is no longer single matters that fail. */
export const MOST_ASIDE = 200

const MINUTE_MS = 60_000
const LONGEST_MINUTES = 60
/** What has failed so often is not over within the day. */
const OFTEN = 30
const DAY_MS = 86_400_000
/** A heartbeat that comes a moment before the full minute is meant for it. */
const EARLY_MS = 900

const waitMs = (tries: number): number =>
  tries < OFTEN ? Math.min(2 ** (tries - 1), LONGEST_MINUTES) * MINUTE_MS : DAY_MS

export const isSame = (one: Matter, other: Matter): boolean => isAlike(one, other) && one.id === other.id

export const isResting = ({ nextAt }: Aside, now: Date): boolean => Date.parse(nextAt) > now.getTime() + EARLY_MS

/** With a matter that has failed, maybe once more; one that another process tried just now stays as that one left it. */
export function withFailed(all: readonly Aside[], failed: Matter, now: Date): readonly Aside[] {
  const before = all.find(one => isSame(one, failed))
  if (before && isResting(before, now)) return all
  const tries = (before?.tries ?? 0) + 1
  const { feature, kind, id, words, of } = failed
  const nextAt = new Date(now.getTime() + waitMs(tries)).toISOString()
  const since = before?.since ?? now.toISOString()
  return [...all.filter(one => one !== before), { feature, kind, id, words, ...(of && { of }), since, tries, nextAt }]
}

/** What kept these from being done may have kept others of their kind, which do not wait any longer. */
export const withoutThose = (all: readonly Aside[], over: readonly Aside[], now: Date): Aside[] =>
  all
    .filter(one => !over.some(other => isSame(one, other)))
    .map(one => (over.some(other => isAlike(one, other)) ? { ...one, nextAt: now.toISOString() } : one))

const isAlike = (one: Matter, other: Matter): boolean => one.feature === other.feature && one.kind === other.kind
