import type { Press } from '../src/bot/feature.ts'
import { Refusal } from '../src/kit/refusal.ts'

/** An id from outside: anything but a positive whole number is one that never was. */
export function wholeId(value: unknown, missing: string): number {
  const id = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) throw new Refusal(missing)
  return id
}

export const wordIn = (form: Record<string, unknown>, name: string, max: number): string => {
  const word = form[name]
  return typeof word === 'string' ? word.trim().slice(0, max) : ''
}

/** What a form says, by the names of the columns. */
export const cellsIn = <Name extends string>(
  form: Record<string, unknown>,
  columns: Readonly<Record<Name, readonly string[]>>,
): Partial<Record<Name, string>> =>
  Object.fromEntries((Object.keys(columns) as Name[]).map(name => [name, wordIn(form, name, 300)])) as Partial<
    Record<Name, string>
  >

/** @throws Refusal that names everything that is wrong. */
export function refuseFaults(faults: readonly string[], example?: string): void {
  if (faults.length) throw new Refusal(faults.slice(0, 5).join(';'), example)
}

/** @throws Refusal unless the pressed card showed what is kept now. */
export const refuseOutdated = ({ rev }: { rev: number }, { value }: Pick<Press, 'value'>): void => {
  if (value.rev !== rev) throw new Refusal('卡片已过期,请以最新卡片为准')
}
