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
  /** For a hundred kilometres. */
  now: number
  usual: number
}

/** CAR-36: those that used more than `most` percent of their mean of the months before. */
export function outliers(accounts: readonly Account[], before: readonly Account[], most: number): Outlier[] {
  return accounts.flatMap(account => {
    const earlier = before.find(({ vehicle }) => vehicle === account.vehicle)
    const now = consumption(account.litres, account.km)
    const usual = earlier && consumption(earlier.litres, earlier.km)
    return now !== undefined && usual !== undefined && now * 100 > usual * most
      ? [{ plate: account.plate, now, usual }]
      : []
  })
}
