import { type CallLog, makeCallLog } from './calls.ts'
import { type DeliveryBook, makeDeliveryBook } from './deliveries.ts'
import { noFaults } from './faults.ts'
import { type GapBook, makeGapBook } from './gaps.ts'
import { type Limits, makeLimits } from './limits.ts'
import { type Lines, makeLines } from './line/lines.ts'
import { type Logins, makeLogins } from './logins.ts'
import type { Faults, Notice } from './protocol.ts'
import { makeRecorder, type Recorder } from './recorder.ts'
import type { Settings } from './settings.ts'
import { freshState, type State, type StoredMessage } from './state.ts'
import { openStore, type Store } from './store.ts'
import { makeStream, type Stream } from './stream.ts'
import { makeTokens, type Tokens } from './tokens.ts'

/** What a click gives the bot to change the card with later. */
export interface CardToken {
  message_id: string
  at: number
  uses: number
  /** False until the callback was answered (or given up). */
  answered: boolean
}

/** Everything one simulator holds. Handed around as an argument; there is nothing global. */
export interface World {
  settings: Settings
  store: Store
  readonly state: State
  faults: Faults
  limits: Limits
  tokens: Tokens
  lines: Lines
  cardTokens: Map<string, CardToken>
  logins: Logins
  /** Cards for one person's eyes; a restart forgets them like a reload does. */
  ephemerals: Map<string, StoredMessage>
  deliveries: DeliveryBook
  calls: CallLog
  gaps: GapBook
  stream: Stream
  recorder: Recorder
  /** message_id → how many clicks on this card are in flight. */
  busy: Map<string, number>
  clockMovable: boolean
  /** The set-up lines are being said. */
  scripted: boolean
  closed: boolean
}

export function makeWorld(settings: Settings): World {
  const store = openStore(settings.office, settings.dataFile)
  const world: World = {
    settings,
    store,
    get state() {
      return store.state
    },
    faults: noFaults(),
    limits: makeLimits(settings.wire),
    tokens: makeTokens(settings.speed),
    lines: makeLines(() => world.faults),
    cardTokens: new Map(),
    logins: makeLogins(),
    ephemerals: new Map(),
    deliveries: makeDeliveryBook(),
    calls: makeCallLog(),
    gaps: makeGapBook(),
    stream: makeStream(open_id => forgetEphemerals(world, open_id)),
    recorder: makeRecorder(),
    busy: new Map(),
    clockMovable: false,
    scripted: false,
    closed: false,
  }
  return world
}

/** Somebody's last page closed or was loaded anew. */
function forgetEphemerals(world: World, open_id: string) {
  for (const message of world.ephemerals.values())
    if (message.ephemeral_for === open_id) world.ephemerals.delete(message.message_id)
}

/** The simulator's time: real time moved by what POST /sim/clock asked for. */
export const nowOf = (world: World) => Date.now() + world.state.offset_ms

/** How long ago that was, as the platform's time limits see it. */
export const ageOf = (world: World, at: number) => (nowOf(world) - at) * world.settings.speed

/** Something that people can see changed: count it, keep it, tell them. */
export function changed(world: World, notice: (version: number) => Notice, audience?: readonly string[]) {
  world.state.version += 1
  world.store.touch()
  world.stream.tell(notice(world.state.version), audience)
}

export const chatsChanged = (world: World, audience?: readonly string[]) =>
  changed(world, version => ({ kind: 'chats', version }), audience)

/** Forgets messages, chats and what was configured; faults, granted scopes and tokens go too. */
export function reset(world: World) {
  const version = world.state.version
  for (const push of world.deliveries.all()) world.deliveries.giveUp(push.id)
  world.store.replace({ ...freshState(world.settings.office, Date.now()), version, script_line: null })
  world.faults = noFaults()
  world.limits = makeLimits(world.settings.wire)
  world.gaps = makeGapBook()
  world.cardTokens.clear()
  world.logins = makeLogins()
  world.ephemerals.clear()
  chatsChanged(world)
}
