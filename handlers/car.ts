import type { Command, Feature } from '../src/bot/feature.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { EXAMPLE } from '../src/office/car/trip.ts'
import { drawFleet, fleetActions, fleetCommands } from './car/garage.ts'
import { fleetFile, fleetTables } from './car/import.ts'
import { FEATURE } from './car/setting.ts'
import {
  fleetAwaited,
  fleetDigest,
  fleetDue,
  fleetFind,
  fleetTodo,
  nextFleetDue,
  recalibrateFleet,
  sealsUncalibrated,
} from './car/sweep.ts'

export const car: Feature = {
  name: FEATURE,
  title: '用车',
  words: ['用车', 'car', 'yc'],
  about: '公务用车:申请、审批、派车、出车回场和核算',
  commands: {
    '': { usage: EXAMPLE, about: '申请用车;也可写编号,如 /用车 派〔2026〕86号', run },
    ...fleetCommands,
  },
  actions: { ...fleetActions },
  draw: (look, matter, viewer) => drawFleet(look, matter, viewer),
  files: fleetTables,
  print: async (_look, order) => fleetFile(order) ?? [],
  todo: look => fleetTodo(look, look.who.id),
  find: (look, words) => fleetFind(look, look.who.id, words),
  due: fleetDue,
  nextDue: nextFleetDue,
  recalibrate: recalibrateFleet,
  uncalibrated: sealsUncalibrated,
  digest: async (look, reader) => ('person' in reader ? fleetDigest(look, reader.person) : []),
  awaited: fleetAwaited,
}

async function run(...[, { text }]: Parameters<Command['run']>): Promise<never> {
  throw new Refusal(`未能识别“${text.slice(0, 20)}”`, EXAMPLE)
}
