/** What a text says about time. Instants look like `2026-11-24T08:30:00+08:00`, dates like `2026-11-24`. */
export type Parsed =
  | { kind: 'instant'; start: string; rest: string }
  | { kind: 'date'; start: string; rest: string }
  | { kind: 'range'; start: string; end: string; rest: string }
  | { kind: 'deadline'; end: string; rest: string }
  | { kind: 'recurrence'; next3: string[]; rest: string }
  | { kind: 'none' | 'invalid' | 'past'; rest: string }

type WithoutRest<T> = T extends unknown ? Omit<T, 'rest'> : never
export type Meaning = WithoutRest<Parsed>
