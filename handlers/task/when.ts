import type { Turn } from '../../src/bot/feature.ts'
import { deadlineOf, proposalFor, readTime as readSaid } from '../../src/kit/customs.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { bareTitle } from '../../src/kit/text.ts'
import type { Parsed } from '../../src/kit/time.ts'
import { customs } from '../customs.ts'

export interface ReadTime {
  kind: Parsed['kind']
  dueAt: Date | undefined
  /** What the text says beside the time. */
  rest: string
  /** Where the deadline falls on a day off (CAL-15). */
  proposal: ReturnType<typeof proposalFor>
}

/** What a text says about its deadline, by the office's days and hours. */
export async function readTime(turn: Pick<Turn, 'db' | 'now' | 'office'>, text: string): Promise<ReadTime> {
  const inForce = await customs(turn)
  const read = readSaid(text, turn.now, inForce)
  const dueAt = deadlineOf(read, inForce)
  return {
    kind: read.kind,
    dueAt,
    rest: dueAt ? bareTitle(read.rest) : text,
    proposal: dueAt && proposalFor(dueAt, turn.now, inForce),
  }
}

/** @throws Refusal when the text is anything else than a deadline to come. */
export async function readDeadline(turn: Turn, text: string): Promise<Date> {
  const { kind, dueAt, rest } = await readTime(turn, text)
  if (!dueAt || rest) throw new Refusal(doubtAboutTime(kind) ?? `未能识别时限“${text.slice(0, 60)}”,例如:12月7日下班前`)
  return dueAt
}

export function doubtAboutTime(kind: Parsed['kind']): string | undefined {
  if (kind === 'invalid') return '所写的时间不存在,或不止一个,请重新填写完成时限,例如:12月7日下班前。'
  if (kind === 'past') return '所写的时间已经过去,请重新填写完成时限,例如:明天下班前。'
  if (kind === 'recurrence') return '督办事项只能有一个完成时限,例如:12月7日下班前;定期反馈请选择反馈频次。'
  return undefined
}
