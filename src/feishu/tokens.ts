/** The SDK's cache, of this client alone (its own is one for the whole process and never forgets a refused token). */
export function tokenCache(wire: () => number) {
  const kept = new Map<string, { value: unknown; until: number }>()
  return {
    get: async (key: string | symbol, options?: { namespace?: string }) => {
      const found = kept.get(name(key, options))
      return found && found.until > wire() ? found.value : undefined
    },
    set: async (key: string | symbol, value: unknown, until?: number, options?: { namespace?: string }) => {
      kept.set(name(key, options), { value, until: until ?? Number.POSITIVE_INFINITY })
      return true
    },
    /** The one that is still good. */
    held: (): string | undefined => {
      for (const { value, until } of kept.values()) if (typeof value === 'string' && until > wire()) return value
      return undefined
    },
    /** Of many calls that were refused with one token, the first drops it; the next finds a fresh one already there. */
    drop: (used: unknown) => {
      for (const [key, { value }] of kept) if (value === used) kept.delete(key)
    },
  }
}

const name = (key: string | symbol, options?: { namespace?: string }) => `${options?.namespace ?? ''}/${String(key)}`
