import type { Turn } from '../../src/bot/feature.ts'
import { deadlineOf, readTime } from '../../src/kit/customs.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { customs } from '../customs.ts'

/** A deadline that somebody typed. @throws Refusal when it is anything else than one to come. */
export async function readDue(turn: Turn, text: string): Promise<Date> {
  const inForce = await customs(turn)
  const read = readTime(text, turn.now, inForce)
  const dueAt = deadlineOf(read, inForce)
  if (read.kind === 'past') throw new Refusal('所写的时间已经过去,请重新填写完成时限', '12月10日前')
  if (!dueAt || dueAt <= turn.now || read.rest.replace(/[\s,\uff0c。、;\uff1b:\uff1a]/g, ''))
    throw new Refusal(`未能识别时限“${text.slice(0, 60)}”`, '12月10日前')
  return dueAt
}
