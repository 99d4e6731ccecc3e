import type { CostKind, Fuel } from './terms.ts'

/** 单车核算 (domain.md 4.6): a vehicle over a period. */
export interface Account {
  vehicle: number
  plate: string
  fuel: Fuel
  /** 出车次数. */
  runs: number
  /** Of the runs that are back. */
  km: number
  cents: Partial<Record<CostKind, number>>
  /** Hundredths of a litre, of a kilowatt-hour. */
  litres: number
  kwh: number
}

/** Columns of 4.6, each with what it sums up. */
export const GROUPS = {
  加油: ['fuel'],
  充电: ['charge'],
  维修保养: ['repair', 'service'],
  保险: ['insurance'],
  过路停车: ['toll', 'parking'],
  洗车: ['wash'],
  违章: ['fine'],
  其他: ['other'],
} as const satisfies Record<string, readonly CostKind[]>
export type CostGroup = keyof typeof GROUPS

export const centsIn = ({ cents }: Pick<Account, 'cents'>, group: CostGroup): number =>
  GROUPS[group].reduce((sum, kind) => sum + (cents[kind] ?? 0), 0)

export const totalCents = ({ cents }: Pick<Account, 'cents'>): number =>
  Object.values(cents).reduce((sum, one) => sum + one, 0)

/** Litres or kilowatt-hours for a hundred kilometres; undefined where nothing was driven or filled. */
export function consumption(hundredths: number, km: number): number | undefined {
  return km > 0 && hundredths > 0 ? hundredths / km : undefined
}

/** `1234.50`. */
export const yuan = (cents: number): string => (cents / 100).toFixed(2)
/** `40.25` of hundredths. */
export const hundredths = (amount: number): string => (amount / 100).toFixed(2)

export const perKilometre = (account: Account): number | undefined =>
  account.km > 0 ? totalCents(account) / 100 / account.km : undefined

/** Of several vehicles together. */
export function summed(accounts: readonly Account[]): Account {
  const sum = (of: (account: Account) => number) => accounts.reduce((all, one) => all + of(one), 0)
  return {
    ...{ vehicle: 0, plate: '合计', fuel: 'petrol' },
    runs: sum(one => one.runs),
    km: sum(one => one.km),
    litres: sum(one => one.litres),
    kwh: sum(one => one.kwh),
    cents: accounts.reduce((all, one) => added(all, one.cents), {}),
  }
}

function added(a: Account['cents'], b: Account['cents']): Account['cents'] {
  const kinds = [...new Set([...Object.keys(a), ...Object.keys(b)])] as CostKind[]
  return Object.fromEntries(kinds.map(kind => [kind, (a[kind] ?? 0) + (b[kind] ?? 0)]))
}

export interface Outlier {
  plate: string
  unit: '升' | '度'
  /** For a hundred kilometres. */
  now: number
  usual: number
}

/** CAR-36: those that used more than `most` percent of their mean of the months before. */
export function outliers(accounts: readonly Account[], before: readonly Account[], most: number): Outlier[] {
  const known = new Map(before.map(account => [account.vehicle, account]))
  return accounts.flatMap(account => {
    const earlier = known.get(account.vehicle)
    return earlier
      ? [...beyond('升', 'litres', account, earlier, most), ...beyond('度', 'kwh', account, earlier, most)]
      : []
  })
}

function beyond(
  unit: Outlier['unit'],
  of: 'litres' | 'kwh',
  account: Account,
  earlier: Account,
  most: number,
): Outlier[] {
  const now = consumption(account[of], account.km)
  const usual = consumption(earlier[of], earlier.km)
  if (now === undefined || usual === undefined || now * 100 <= usual * most) return []
  return [{ plate: account.plate, unit, now, usual }]
}
