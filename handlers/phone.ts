import { keepSetting, setting } from '../db/settings.ts'
import type { Turn } from '../src/bot/feature.ts'

const nameFor = (person: string): string => `phone.${person}`

/** How somebody is reached, as last written: asked once and offered from then on (GEN-05). '' = not known. */
export const phoneOf = async ({ db }: Pick<Turn, 'db'>, person: string): Promise<string> =>
  (await setting<{ phone: string }>(db, nameFor(person)))?.phone ?? ''

export async function keepPhone({ db, now }: Pick<Turn, 'db' | 'now'>, person: string, phone: string): Promise<void> {
  if (phone) await keepSetting(db, nameFor(person), { phone }, now)
}
