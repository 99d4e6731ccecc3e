type Nullable<T> = { [K in keyof T]: undefined extends T[K] ? Exclude<T[K], undefined> | null : T[K] }

/** What is to be kept, with null where there is nothing. */
export const nulled = <T extends object>(some: T): Nullable<T> =>
  Object.fromEntries(Object.entries(some).map(([key, value]) => [key, value ?? null])) as Nullable<T>

/** What was kept, with undefined where there is nothing. */
export const defined = <T extends object>(row: T) =>
  Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value ?? undefined])) as {
    [K in keyof T]: null extends T[K] ? Exclude<T[K], null> | undefined : T[K]
  }
