import { driverOptions, type LedgerFilter, ledgerPage, ledgerSums } from '../../db/car-account.ts'
import { allDepartments, departmentsById } from '../../db/department.ts'
import { peopleById } from '../../db/people.ts'
import type { Action, Answer, Look, Said, Turn } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { spanOfMonth } from '../../src/kit/time.ts'
import { LEDGER_ROWS, type LedgerRow, type LedgerView, readLedgerView } from '../../src/office/car/ledger.ts'
import { ledgerCard, type Naming } from '../../src/office/car/ledger-cards.ts'
import { keepsLedgerOf, type LedgerSight, ledgerSight, seesLedger } from '../../src/office/car/ledger-sight.ts'
import type { Actor } from '../../src/office/car/trip.ts'
import { may } from '../../src/office/role/role.ts'
import { monthTyped } from '../period.ts'
import { actorIn } from './setting.ts'
import { vehiclesToChoose, withVehicle } from './vehicle-meant.ts'

const EXAMPLE = '/用车 台账 2026-10'
/** As many as a card holds beside a full page. */
const MOST_OPTIONS = 60

/** `/用车 台账`, `/用车 台账 2026-10`: 派车单 of a month. */
export async function ledger(turn: Turn, { text }: Said): Promise<Answer> {
  const month = monthTyped(text, turn.now, EXAMPLE)
  return { say: { card: await drawn(turn, readLedgerView({ month }, {}, turn.now)) }, privately: true }
}

/** A filter or a turn of the page. */
const ledgerPress: Action = async (turn, { value, form }) => {
  const chosen = await withVehicle(turn, ledgerSight(actorIn(turn), may), form)
  return { fresh: { card: await drawn(turn, readLedgerView(value, chosen, turn.now)) } }
}

async function drawn(turn: Turn, view: LedgerView): Promise<Card> {
  const actor = actorIn(turn)
  const sight = sightFor(actor)
  const filter = filterOf(view)
  const [rows, sums, choices] = await Promise.all([
    ledgerPage(turn.db, sight, filter, { limit: LEDGER_ROWS, offset: view.page * LEDGER_ROWS }),
    ledgerSums(turn.db, sight, filter),
    choicesFor(turn, sight),
  ])
  const viewer = { keeps: keepsLedgerOf(actor, may) !== undefined, exports: seesLedger(sight) }
  return ledgerCard(rows, sums, view, choices, viewer, await namingOf(turn, rows))
}

/** @throws Refusal for whoever has no part in it. */
export function sightFor(actor: Actor): LedgerSight {
  const sight = ledgerSight(actor, may)
  if (!seesLedger(sight) && !sight.own) throw new Refusal('车辆台账仅限领导、办公室主任、车管员和驾驶员(本人出车)查看')
  return sight
}

export function filterOf({ month, vehicle, driver, state, unit }: LedgerView): LedgerFilter {
  return {
    ...spanOfMonth(month),
    ...(vehicle ? { vehicle } : {}),
    ...(driver ? { driver } : {}),
    ...(state ? { state } : {}),
    ...(unit ? { unit } : {}),
  }
}

async function choicesFor({ db }: Look, sight: LedgerSight) {
  const [vehicles, drivers, units] = await Promise.all([
    vehiclesToChoose({ db }, sight),
    seesLedger(sight) ? driverOptions(db, MOST_OPTIONS) : [],
    allDepartments(db, MOST_OPTIONS),
  ])
  return {
    vehicles,
    drivers: drivers.map(({ id, name }) => ({ value: String(id), label: name })),
    units: units.map(({ id, name }) => ({ value: id, label: name })),
  }
}

/** Names of the people and units in some rows; those known already are not asked for again. */
export async function namingOf(
  { db, now }: Pick<Look, 'db' | 'now'>,
  rows: LedgerRow[],
  before: Pick<Naming, 'names' | 'units'> = { names: new Map(), units: new Map() },
): Promise<Naming> {
  const ids = rows.flatMap(({ user, applicant, run }) => [user, applicant, ...(run?.pilot ? [run.pilot] : [])])
  const [people, units] = await Promise.all([
    peopleById(
      db,
      [...new Set(ids)].filter(id => !before.names.has(id)),
    ),
    departmentsById(
      db,
      [...new Set(rows.map(({ unit }) => unit))].filter(id => id !== '' && !before.units.has(id)),
    ),
  ])
  return {
    now,
    names: new Map([...before.names, ...people.map(({ id, name }) => [id, name] as const)]),
    units: new Map([...before.units, ...units.map(({ id, name }) => [id, name] as const)]),
  }
}

export const ledgerActions = { ledger: ledgerPress }
