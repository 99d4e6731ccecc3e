import { boardRuns, boardVehicles, countWaiting, freeCounts } from '../../db/car-board.ts'
import type { Action, Answer, Look, Turn } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { periodOfBoard, readBoardView } from '../../src/office/car/board.ts'
import { boardCard, freeCard } from '../../src/office/car/board-cards.ts'
import { type LedgerSight, ledgerSight, seesLedger } from '../../src/office/car/ledger-sight.ts'
import { may } from '../../src/office/role/role.ts'
import { actorIn } from './setting.ts'

const DAY_MS = 86_400_000

/** `/用车 看板`: what becomes of each car today; whoever may not see that hears how many are free. */
export async function board(turn: Turn): Promise<Answer> {
  const sight = ledgerSight(actorIn(turn), may)
  if (!seesBoard(sight)) return { say: { card: await free(turn) }, privately: true }
  return { say: { card: await drawn(turn, sight, {}, {}) } }
}

/** Another day or week, a category, a page. */
export const boardPress: Action = async (turn, { value, form }) => {
  const sight = ledgerSight(actorIn(turn), may)
  if (!seesBoard(sight)) throw new Refusal('用车看板仅限领导、办公室主任、车管员和驾驶员使用')
  return { fresh: { card: await drawn(turn, sight, value, form) } }
}

const seesBoard = (sight: LedgerSight): boolean => seesLedger(sight) || sight.own

async function drawn(
  { db, now }: Look,
  sight: LedgerSight,
  value: Record<string, unknown>,
  form: Record<string, unknown>,
): Promise<Card> {
  const view = readBoardView(value, form, now)
  const span = periodOfBoard(view)
  const { lines, all } = await boardVehicles(db, sight, view, span)
  const [runs, waiting] = await Promise.all([
    boardRuns(
      db,
      sight,
      lines.map(({ id }) => id),
      span,
    ),
    seesLedger(sight) ? countWaiting(db, span) : 0,
  ])
  return boardCard(lines, runs, view, { vehicles: all, waiting }, now)
}

async function free({ db, now }: Look): Promise<Card> {
  const { from } = periodOfBoard(readBoardView({}, {}, now))
  return freeCard(await freeCounts(db, now, new Date(from.getTime() + DAY_MS)), now)
}

export const boardActions = { board: boardPress }
