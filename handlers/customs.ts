import { customsOf } from '../db/holiday.ts'
import type { Look } from '../src/bot/feature.ts'
import type { Customs } from '../src/kit/customs.ts'

/** By what the office reckons its time: its calendar, and its hours as settled in the chat (/设置) or else as configured. */
export const customs = ({ db, office }: Pick<Look, 'db' | 'office'>): Promise<Customs> =>
  customsOf(db, office.officeHours)
