import { accountsOf } from '../../db/car-account.ts'
import type { Action, Answer, Look, Said, Turn } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { monthsFrom, spanOfMonth } from '../../src/kit/time.ts'
import type { Account } from '../../src/office/car/accounts.ts'
import { type AccountsView, accountsCard } from '../../src/office/car/accounts-cards.ts'
import { readLedgerView } from '../../src/office/car/ledger.ts'
import { type LedgerSight, ledgerSight, seesLedger } from '../../src/office/car/ledger-sight.ts'
import type { Actor } from '../../src/office/car/trip.ts'
import { may } from '../../src/office/role/role.ts'
import { monthTyped } from '../period.ts'
import { ruleSetting } from './rules.ts'
import { actorIn } from './setting.ts'
import { vehiclesToChoose, withVehicle } from './vehicle-meant.ts'

const EXAMPLE = '/用车 核算 2026-10'
/** CAR-36 looks at so many months before. */
const MONTHS_BEFORE = 3

/** `/用车 核算 2026-10`. */
export async function accounts(turn: Turn, { text }: Said): Promise<Answer> {
  const month = monthTyped(text, turn.now, EXAMPLE)
  return { say: { card: await drawn(turn, { month, vehicle: 0, page: 0 }) }, privately: true }
}

const accountsPress: Action = async (turn, { value, form }) => {
  const chosen = await withVehicle(turn, ledgerSight(actorIn(turn), may), form)
  const { month, vehicle, page } = readLedgerView(value, chosen, turn.now)
  const isNew = Object.keys(form).length > 0
  return { fresh: { card: await drawn(turn, { month, vehicle, page: isNew ? 0 : page }) } }
}

async function drawn(turn: Turn, view: AccountsView): Promise<Card> {
  const sight = wholeSightFor(actorIn(turn))
  const [now, before, vehicles, { thresholds }] = await Promise.all([
    accountsIn(turn, sight, view.month),
    accountsIn(turn, sight, monthsFrom(view.month, -MONTHS_BEFORE), MONTHS_BEFORE),
    vehiclesToChoose(turn, sight),
    ruleSetting(turn),
  ])
  return accountsCard(now, before, view, {
    vehicles,
    threshold: thresholds.consumption,
    now: turn.now,
  })
}

/** @throws Refusal for whoever only sees what they drove: a car's accounts are those of all its drivers. */
export function wholeSightFor(actor: Actor): LedgerSight {
  const sight = ledgerSight(actor, may)
  if (!seesLedger(sight)) throw new Refusal('单车核算仅限领导、办公室主任和车管员查看')
  return sight
}

/** Of some months from one on, of all vehicles or one. */
export async function accountsIn(
  { db }: Pick<Look, 'db'>,
  sight: LedgerSight,
  month: string,
  months = 1,
  vehicle?: number,
): Promise<Account[]> {
  const next = monthsFrom(month, months)
  const span = {
    from: spanOfMonth(month).from,
    until: spanOfMonth(next).from,
    firstDay: `${month}-01`,
    nextDay: `${next}-01`,
  }
  return accountsOf(db, sight, span, vehicle)
}

export const accountsActions = { accounts: accountsPress }
