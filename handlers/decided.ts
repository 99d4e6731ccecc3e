import { holdDecision, originOf, outdateMinutes, saveDecision } from '../db/meeting-after.ts'
import type { Turn } from '../src/bot/feature.ts'
import { pagesOf } from '../src/kit/pages.ts'
import { DECISION_LIMITS } from '../src/office/meeting/decision.ts'
import type { Task } from '../src/office/task/task.ts'

/** The decisions of a meeting, page by page: `12/decisions`, `12/decisions/2`. */
export const decisionsMatter = (meeting: number, page = 1): string =>
  `${meeting}/decisions${page > 1 ? `/${page}` : ''}`

/** A meeting's card, its minutes and the pages of its decisions; `count`: how many there are. */
export function redrawDecisions(turn: Pick<Turn, 'redraw'>, meeting: number, count: number): void {
  turn.redraw('meeting', String(meeting))
  // whoever signs them reads what was settled last
  turn.redraw('meeting', `${meeting}/minutes`)
  const pages = pagesOf(count, DECISION_LIMITS.page)
  for (let page = 1; page <= pages; page++) turn.redraw('meeting', decisionsMatter(meeting, page))
}

/** What was settled is not what it was: minutes that wait to be signed are to be read once more. */
export async function settledAnew(turn: Pick<Turn, 'db' | 'record'>, meeting: number): Promise<void> {
  if (await outdateMinutes(turn.db, meeting))
    turn.record({ feature: 'meeting', act: 'minutes.outdated', matter: `${meeting}/minutes` })
}

/**
 * A task that came of a meeting's decision has moved: the meeting shows how far it is. Of a draft that was dropped it is free again, so
 * that it can become another.
 */
export async function followOrigin(
  turn: Pick<Turn, 'db' | 'redraw' | 'record'>,
  { id, source, number, lastMove }: Task,
): Promise<void> {
  const origin = source === 'HYYD' ? await originOf(turn.db, id) : undefined
  if (!origin) return
  redrawDecisions(turn, origin.meeting, DECISION_LIMITS.each)
  if (lastMove !== 'cancel' || number) return
  const decision = await holdDecision(turn.db, origin.decision)
  await saveDecision(turn.db, decision, { ...decision, task: undefined, handedBy: undefined, handedAt: undefined })
  turn.record({
    feature: 'meeting',
    act: 'decision.free',
    matter: String(origin.meeting),
    data: { decision: decision.id, task: id },
  })
}
