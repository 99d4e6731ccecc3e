import type { Db } from '../../db/client.ts'
import { calendarInForce } from '../../db/holiday.ts'
import { chatsById, isMember, peopleById } from '../../db/people.ts'
import { getReminder, NO_REMINDER } from '../../db/remind.ts'
import { getOccurrence } from '../../db/remind-occurrence.ts'
import type { Answer, Look, Press, Turn } from '../../src/bot/feature.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import type { Setting } from '../../src/office/remind/cards.ts'
import type { Reminder } from '../../src/office/remind/reminder.ts'

/** Sends the whole card to whoever asks and may see it. */
export async function show(turn: Turn, { value }: Press): Promise<Answer> {
  const occurrence = value.occurrence === undefined ? undefined : await getOccurrence(turn.db, idOf(value.occurrence))
  const reminder = await getReminder(turn.db, occurrence?.reminder ?? idOf(value.id))
  await refuseStrangers(turn, reminder)
  const id = occurrence ? `o${occurrence.id}` : `r${reminder.id}`
  return {
    say: { matter: { feature: 'remind', id } },
    privately: true,
    toast: { kind: 'success', words: '已发送到私聊' },
  }
}

export async function maySee(db: Db, { owner, receivers, chat }: Reminder, person: string): Promise<boolean> {
  if (owner === person || receivers.includes(person)) return true
  return chat !== '' && (await isMember(db, chat, person))
}

/** One that may not be seen reads like one that does not exist. */
export async function refuseStrangers({ db, who }: Turn, reminder: Reminder): Promise<void> {
  if (!(await maySee(db, reminder, who.id))) throw new Refusal(NO_REMINDER)
}

/** The names of people and of groups, '' = none. */
export async function settingFor(
  { db, now }: Pick<Look, 'db' | 'now'>,
  ids: string[],
  groups: string[] = [],
): Promise<Setting> {
  const [people, chats, calendar] = await Promise.all([
    peopleById(db, [...new Set(ids)]),
    chatsById(db, [...new Set(groups)].filter(Boolean)),
    calendarInForce(db),
  ])
  return { now, calendar, names: new Map([...people, ...chats].map(({ id, name }) => [id, name])) }
}

/** The number in `r12` or `o34`. */
export const idIn = (matter: string): number => idOf(matter.slice(1))

/** An id from outside: anything but a positive whole number is an id that never was. */
export function idOf(value: unknown): number {
  const id = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) throw new Refusal(NO_REMINDER)
  return id
}
