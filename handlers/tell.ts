import { holdLines } from '../db/calm.ts'
import type { Beat, Body } from '../src/bot/feature.ts'
import { openingAfter } from '../src/kit/customs.ts'
import { waitsForMorning } from './calm.ts'
import { customs } from './customs.ts'

/** What somebody is told: a message, or at night a line of the next morning's card. */
export interface News {
  body: Body
  line: string
  /** The whole of it in words, by which a crowd may be told at once. */
  plain?: string
  /** Who is told when it cannot be delivered, where that is not whoever acts. */
  from?: string
}

/** Tells each of some people; at night only what comes about before the office opens again, and not what can be seen to 'later' (GEN-07). */
export async function tellOf(
  turn: Beat,
  people: ReadonlyArray<string | undefined>,
  { body, line, plain, from }: News,
  comesAbout: Date | 'later',
): Promise<void> {
  const each = [...new Set(people)].filter((id): id is string => id !== undefined && id !== '')
  if (await waits(turn, comesAbout))
    await holdLines(
      turn.db,
      each.map(person => ({ person, line, at: turn.now, of: 'matter' in body ? body.matter : undefined })),
    )
  else
    for (const person of each)
      turn.send({
        ...{ to: { person }, body },
        ...(plain === undefined ? { urgent: true } : { plain }),
        ...(from ? { from } : {}),
      })
}

/** What is said to who has just asked others: at night, that they learn of it in the morning. */
export async function saidToAsker(turn: Beat, words: string, comesAbout: Date | 'later'): Promise<string> {
  return (await waits(turn, comesAbout)) ? words + READ_LATER : words
}

export const READ_LATER = '。现为下班时间,相关人员上班后得知'

/** Whether what is told now is read next morning. */
export async function waits(turn: Beat, comesAbout: Date | 'later'): Promise<boolean> {
  const inForce = await customs(turn)
  const isFar = comesAbout === 'later' || comesAbout > openingAfter(turn.now, inForce)
  return isFar && (await waitsForMorning(turn, inForce))
}
