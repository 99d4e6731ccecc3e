import { setting } from '../db/settings.ts'
import type { Beat } from '../src/bot/feature.ts'
import { hoursOf } from '../src/kit/hours.ts'
import type { OfficeHours } from '../src/kit/time.ts'

/** The office's hours: as settled in the chat (/设置), else as the operator configured them. */
export async function officeHours({ db, office }: Pick<Beat, 'db' | 'office'>): Promise<OfficeHours> {
  return hoursOf(await hoursText({ db, office }))
}

export async function hoursText({ db, office }: Pick<Beat, 'db' | 'office'>): Promise<string> {
  return (await setting<string>(db, 'office.hours')) ?? office.officeHours
}
