import { holdLines, mutedAmong, tell, toldToday } from '../db/calm.ts'
import { chatById, peopleById } from '../db/people.ts'
import { setting } from '../db/settings.ts'
import type { Beat, Look } from '../src/bot/feature.ts'
import { card, note, text } from '../src/kit/card.ts'
import { type Customs, isOpen } from '../src/kit/customs.ts'
import { dayIn } from '../src/kit/time.ts'
import { customs } from './customs.ts'

export const USUAL_DAILY = 20
const MOST_LINES = 20

/** How many unasked messages a person gets in a day at most (GEN-07), as settled in /设置. */
export async function dailyMost({ db }: Pick<Beat, 'db'>): Promise<number> {
  return (await setting<number>(db, 'remind.daily')) ?? USUAL_DAILY
}

/** The day whose morning cards have been composed. */
export const MORNINGS_DONE = 'digest.done'

/** Whether this morning's cards are sent and still to be composed, so that what is due now can stand in them. */
export async function isMorningAhead({ db, now }: Look): Promise<boolean> {
  const [mornings, done] = await Promise.all([
    setting<boolean>(db, 'digest.morning'),
    setting<string>(db, MORNINGS_DONE),
  ])
  return mornings !== false && done !== undefined && done < dayIn(now)
}

/** Whether what is not urgent waits for the next morning's card (GEN-07): outside office hours, where such cards are sent. */
export async function waitsForMorning(look: Look, known?: Customs): Promise<boolean> {
  const [inForce, mornings] = await Promise.all([known ?? customs(look), setting<boolean>(look.db, 'digest.morning')])
  return mornings !== false && !isOpen(look.now, inForce)
}

/**
 * Tells people something that nobody asked for: one message each, in office hours, to who does not want quiet and within the
 * day's measure; whoever cannot be told now reads it in the next morning's card.
 */
export async function tellCalmly(beat: Beat, title: string, lines: ReadonlyMap<string, string[]>): Promise<void> {
  if (!lines.size) return
  const known = await peopleById(beat.db, [...lines.keys()])
  const ids = known.filter(person => person.active).map(person => person.id)
  const day = dayIn(beat.now)
  const [inForce, muted, told, most] = await Promise.all([
    customs(beat),
    mutedAmong(beat.db, ids, beat.now),
    toldToday(beat.db, ids, day),
    dailyMost(beat),
  ])
  const now = isOpen(beat.now, inForce) ? ids.filter(id => !muted.has(id) && (told.get(id) ?? 0) < most) : []
  for (const person of now) {
    const said = lines.get(person) ?? []
    beat.send({ to: { person }, body: { card: linesCard(title, said) }, plain: linesWords(title, said) })
  }
  await tell(beat.db, now, day)
  const later = ids.filter(id => !now.includes(id))
  await holdLines(
    beat.db,
    later.flatMap(person => (lines.get(person) ?? []).map(line => ({ person, line, at: beat.now }))),
  )
}

/** Tells groups something that nobody asked for: at once while the office is open, else when it opens. */
export async function tellGroupsCalmly(beat: Beat, title: string, lines: ReadonlyMap<string, string[]>): Promise<void> {
  if (!lines.size) return
  const open = isOpen(beat.now, await customs(beat))
  for (const [chat, said] of lines) {
    if (!(await chatById(beat.db, chat))?.present) continue
    if (open) beat.send({ to: { chat }, body: { card: linesCard(title, said) } })
    else
      await holdLines(
        beat.db,
        said.map(line => ({ person: chat, line, at: beat.now })),
      )
  }
}

const linesWords = (title: string, lines: readonly string[]): string =>
  [`【${title}】`, ...lines.slice(0, MOST_LINES), ...moreWords(lines)].join('\n')

const moreWords = ({ length }: readonly string[]): string[] =>
  length > MOST_LINES ? [`另有${length - MOST_LINES}项,请发送 /待办 查看`] : []

function linesCard(title: string, lines: readonly string[]) {
  return {
    ...card(
      title,
      'yellow',
      ...lines.slice(0, MOST_LINES).map(line => text(`· ${line}`)),
      ...moreWords(lines).map(line => note(line)),
    ),
    summary: `${title}:${lines.length}项`,
  }
}
