import { isMember, peopleById } from '../../db/people.ts'
import { holdReminder, passOn, saveReminder } from '../../db/remind.ts'
import { groupRemindersOf, remindersAbout } from '../../db/remind-list.ts'
import { type Feature, MOST_READ } from '../../src/bot/feature.ts'
import { shorten } from '../../src/kit/text.ts'
import { handedOver, isOfGroup } from '../../src/office/remind/reminder.ts'
import { redrawReminder } from './next.ts'

/** What somebody is reminded of is their own affair, and while they are there stays theirs; what a group hears it knows. */
export const held: NonNullable<Feature['held']> = async ({ db }, id) => {
  const [person] = await peopleById(db, [id])
  const standing = person?.active ? await groupRemindersOf(db, id, MOST_READ) : await remindersAbout(db, id, MOST_READ)
  return standing.map(reminder =>
    isOfGroup(reminder) ? `群内定期提醒 ${shorten(reminder.text, 40)}` : '个人提醒(移交时结束)',
  )
}

export const handOver: NonNullable<Feature['handOver']> = async (turn, from, to, most) => {
  const standing = from.active
    ? await groupRemindersOf(turn.db, from.id, most, to.id)
    : await remindersAbout(turn.db, from.id, most)
  for (const { id } of standing) {
    const before = await holdReminder(turn.db, id)
    const sits = before.chat !== '' && (await isMember(turn.db, before.chat, to.id))
    const after = handedOver(before, from, to.id, sits)
    if (after.owner !== before.owner) await passOn(turn.db, id, after.owner)
    await saveReminder(turn.db, before, after)
    const data = { from: from.id, owner: after.owner, state: after.state }
    turn.record({ feature: 'remind', act: 'handOver', matter: `r${id}`, data })
    await redrawReminder(turn, id)
  }
  return standing.length
}
