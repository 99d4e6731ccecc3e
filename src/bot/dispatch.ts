import { type Db, isUnreachable, sqlFault } from '../../db/client.ts'
import { type Claim, claim } from '../../db/inbox.ts'
import { withMemory } from '../../db/memory.ts'
import { chatById, meetPeople } from '../../db/people.ts'
import type { Incoming, Place, Taken } from '../feishu/incoming.ts'
import type { Card } from '../kit/card.ts'
import type { Person } from '../kit/person.ts'
import { AlreadySo, Refusal } from '../kit/refusal.ts'
import { dayIn } from '../kit/time.ts'
import { apologise } from './apology.ts'
import { noteBroken } from './breakdown.ts'
import { redrawCopy } from './deliver.ts'
import { answerAddress, Desk } from './desk.ts'
import type { Answer, Turn } from './feature.ts'
import type { Caught } from './gate.ts'
import { describe } from './log.ts'
import type { Office } from './office.ts'
import type { Assured, Outcome } from './outcome.ts'
import { mayBeQuick, quickly } from './quick.ts'
import { type Act, Excess, isElsewhere, isHeavy, RUNNERS, type Run, refused, Stopping } from './run.ts'
import { caughtIn, isAdvised, isStopping, keptOf, type Screened, screen } from './screen.ts'
import { stopped, withAdvice, withoutContent } from './stopped.ts'

/**
 * One turn: claim the delivery, run, write, commit. A Refusal undoes what was written and is answered as the turn's outcome;
 * anything else undoes the claim too, so that the platform's redelivery gets another chance.
 */
export async function dispatch(office: Office, incoming: Incoming): Promise<Outcome> {
  const started = performance.now()
  const id = incoming.key.slice(-8)
  const act: Act = { feature: '', act: incoming.kind }
  const outcome = await attempt(office, incoming, act).catch(async (error: unknown): Promise<Outcome> => {
    office.log('error', 'turn failed', { id, key: incoming.key, ...describe(error) })
    await noteBroken(office, incoming, { id, act: nameOf(act), error }).catch((fault: unknown) =>
      office.log('error', 'breakdown not noted', { id, ...describe(fault) }),
    )
    if (incoming.kind === 'said' && !isUnreachable(error)) await apologise(office, incoming, id)
    return { kind: 'failed', id }
  })
  const ms = performance.now() - started
  const what = nameOf(act)
  office.metrics.count('huiyin_turns_total', { what, outcome: outcome.kind })
  office.metrics.observe(ms)
  const { who, chat } = idsOf(incoming)
  const { key } = incoming
  office.log('info', 'turn', { id, act: what, outcome: outcome.kind, ms: Math.round(ms * 10) / 10, key, who, chat })
  return outcome
}

const BUSY = { kind: 'busy' } as const

const nameOf = ({ feature, act }: Act): string => (feature ? `${feature}.${act}` : act)

async function attempt(office: Office, incoming: Incoming, act: Act): Promise<Outcome> {
  if (incoming.kind === 'ignored') return { kind: 'ignored' }
  const weighed = weigh(office, incoming)
  if (weighed !== 'fine') return slowDown(office, incoming, act, weighed)
  let screened: Screened<Taken> | undefined
  // once its turn has come: whoever is turned away is not looked through
  const look = () => (screened ??= screen(office.gate, incoming))
  const quick = mayBeQuick(office, incoming) ? await takeQuickly(office, look, act) : undefined
  if (quick) return quick
  return office.turns.run(kindOf(incoming), async () => take(office, incoming, look(), act), BUSY)
}

const kindOf = ({ kind }: Taken) => (kind === 'pressed' ? 'press' : 'event')

/** Undefined: it is to be run in full. */
async function takeQuickly(office: Office, look: () => Screened<Taken>, act: Act): Promise<Outcome | undefined> {
  const turn = async () => {
    const { action, passes } = look()
    return action === 'pass' && mayBeQuick(office, passes) ? quickly(office, passes, act) : undefined
  }
  const quick = await office.turns.run('quick', turn, BUSY)
  if (!quick || quick.kind === 'busy') return quick
  return { kind: quick.kind, taken: quick.taken, toast: undefined, card: undefined }
}

async function take(office: Office, incoming: Taken, screened: Screened<Taken>, act: Act): Promise<Outcome> {
  const caught = await caughtIn(office, screened, sourceOf(incoming))
  return caught ? stop(office, incoming, act, caught) : admit(office, screened, act)
}

/** Runs what has passed the gate. */
async function admit(office: Office, screened: Screened<Taken>, act: Act): Promise<Outcome> {
  const incoming = screened.passes
  try {
    const advised = isAdvised(screened) ? screened : undefined
    return await persistently(
      () => office.db.transaction(tx => inTurn(office, tx, incoming, act, { advised })),
      isPatient(office, incoming) ? [...IN_THE_WAY, ...WAITED] : IN_THE_WAY,
    )
  } catch (error) {
    const caught = error instanceof Stopping && (await keptOf(office, error.found, sourceOf(incoming)))
    if (caught) return await stop(office, incoming, act, caught)
    if (!(error instanceof Refusal)) throw error
    const looks = !(error instanceof Excess)
    return await office.db.transaction(tx => inTurn(office, tx, incoming, act, { refusal: error, looks }))
  }
}

/** What did not pass: no subject hears of it, and only what `caught` says is kept. A group stays known, without its name. */
async function stop(office: Office, incoming: Taken, act: Act, caught: Caught): Promise<Outcome> {
  Object.assign(act, { feature: '', act: 'stopped' })
  await note(office, incoming, caught)
  const rest = withoutContent(incoming)
  return persistently(() => office.db.transaction(tx => inTurn(office, tx, rest, act, { caught })))
}

/** Once, by a claim of its own: also where its sender has taken it back before it came to its turn, or is not heard any more. */
async function note(office: Office, incoming: Taken, caught: Caught): Promise<void> {
  const now = office.clock.now()
  const { key } = incoming
  const { who, chat } = originOf(incoming)
  await persistently(() =>
    office.db.transaction(async tx => {
      const db = withMemory(tx)
      const delivery = { ...NOWHERE, key: `${key}:caught`, at: now, who, today: dayIn(now) }
      const claimed = await claim(db, delivery)
      if (!claimed) return
      const desk = new Desk(office, db, now, { who, chat, delivery: key })
      const { roles, standsFor } = claimed
      const person = await personOf(db, desk, who, claimed)
      const turn = desk.turn({ who: person, roles, standsFor, chat: { id: chat, kind: 'private' } })
      await office.gate.stopped(turn, caught)
      await desk.close('', undefined)
    }),
  )
}

/** Two turns got in each other's way (serialization, deadlock) and this one was undone: the other has ended by now. */
const IN_THE_WAY = ['40001', '40P01']
/** It waited too long for others, as when many press at once what takes a number. */
const WAITED = ['55P03', '57014']
const ATTEMPTS = 3

/** An event comes again; a press does not, and is tried again unless it is what it asks for that takes so long. */
const isPatient = ({ features }: Office, incoming: Taken): boolean =>
  incoming.kind === 'pressed' && !isHeavy(features, incoming.action)

async function persistently<T>(run: () => Promise<T>, undone = IN_THE_WAY): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      if (attempt === ATTEMPTS || !undone.includes(sqlFault(error)?.code ?? '')) throw error
    }
  }
}

const weigh = ({ throttle, clock }: Office, incoming: Taken) =>
  incoming.kind === 'said' || incoming.kind === 'pressed'
    ? throttle.weigh(incoming.who, clock.wire(), incoming.kind)
    : 'fine'

const TOO_FAST = '您的操作过于频繁,刚才的部分操作未办理,请稍后再按'

/** What somebody says too fast is said to be too fast, once; over a press, each time. */
async function slowDown(office: Office, incoming: Taken, act: Act, weighed: 'told' | 'silent'): Promise<Outcome> {
  act.act = 'throttled'
  const isBusy = await noteUnheard(office, incoming)
  if (isBusy) return BUSY
  // a press never comes again, and always gets words: these cost nothing
  if (incoming.kind === 'pressed')
    return { kind: 'refused', toast: { kind: 'error', words: TOO_FAST }, card: undefined }
  if (weighed === 'silent') return { kind: 'ignored' }
  const refusal = new Refusal('您的操作过于频繁,刚才的部分消息未办理,请稍后再发')
  return office.db.transaction(tx => inTurn(office, tx, incoming, act, { refusal }))
}

/** What is not heard is looked through nevertheless. Answers whether too many wait, so that it has to come again. */
async function noteUnheard(office: Office, incoming: Taken): Promise<boolean> {
  const screened = screen(office.gate, incoming)
  const from = sourceOf(incoming)
  if (!isStopping(screened.action)) return false
  // whoever goes on has a card that says so
  if (office.throttle.take(from.sender, office.clock.wire(), 'caught') === 'often') return false
  const noted = await office.turns.run(
    kindOf(incoming),
    async () => {
      const caught = await caughtIn(office, screened, from)
      if (caught) await note(office, incoming, caught)
    },
    BUSY,
  )
  return noted === BUSY
}

/**
 * How a turn goes. `refusal`: what the first run, since undone, ended with; this run only claims the delivery again and says so.
 * `caught`: what the gate stopped. `advised`: what it let pass masked or with a warning.
 */
interface Going {
  refusal?: Refusal
  /** Whether files that came with what was refused are looked through all the same. */
  looks?: boolean
  caught?: Caught
  advised?: Screened<unknown> | undefined
}

async function inTurn(
  office: Office,
  tx: Db,
  incoming: Taken,
  act: Act,
  { refusal, looks, caught, advised }: Going,
): Promise<Outcome> {
  const db = withMemory(tx)
  const now = office.clock.now()
  const { who, chat, message, origin } = originOf(incoming)
  const claimed = await claim(db, { key: incoming.key, at: now, who, today: dayIn(now), chat, message, origin })
  if (!claimed) return { kind: 'repeated' }
  remember(office, who, dayIn(now), claimed)
  const desk = new Desk(office, db, now, { who, chat, delivery: incoming.key })
  const place = await placeOf(db, incoming, claimed)
  const { roles, standsFor } = claimed
  const turn = desk.turn({ who: await personOf(db, desk, who, claimed), roles, standsFor, chat: place })
  const name = (feature: string, what: string) => Object.assign(act, { feature, act: what })
  const goes = () => run({ office, turn, incoming, copy: claimed.copy, outside: claimed.external, desk, name })
  const answer = caught
    ? await stopped(office, turn, incoming, caught, goes)
    : refusal
      ? refused(refusal, incoming)
      : advised
        ? withAdvice(office, turn, advised, await goes())
        : await goes()
  if (looks && incoming.kind === 'said') office.host.unheard(turn, incoming.attachments)
  if (who && act.feature)
    desk.asked(act.feature, act.act, refusal ? 'refused' : 'ok', aboutOf(office, act, incoming, claimed))
  const isKept =
    caught !== undefined ||
    (refusal !== undefined && (keepsForm(refusal, incoming) || !mayShow(incoming, claimed, turn)))
  const { card, assured } = await settle(office, db, desk, incoming, claimed, place, answer, isKept)
  const isOwn = answer?.fresh !== undefined && 'card' in answer.fresh && !(claimed.copy && answer.toast)
  const isFleeting = advised !== undefined || isOwn
  const kind = refusal || caught ? 'refused' : 'done'
  // of what was caught, `note` has put its alert in the outbox in a transaction of its own
  return { kind, toast: answer?.toast, card, isFleeting, assured, isQuiet: !caught && !desk.leaves }
}

/** The matter of the card that was pressed or replied to; of a card that shows several, the matter or person that the button named, as far as it can be one. */
function aboutOf({ features }: Office, { feature, act }: Act, incoming: Taken, { copy }: Claim): string | undefined {
  const value = incoming.kind === 'pressed' ? incoming.value : {}
  const isOfPerson = features.find(({ name }) => name === feature)?.aboutPerson?.includes(act)
  if (copy?.feature === feature && !isOfPerson) return copy.matter
  const id = isOfPerson ? value.person : (value.id ?? value.person)
  return (typeof id === 'number' || typeof id === 'string') && MATTER.test(String(id)) ? String(id) : undefined
}

const MATTER = /^[\w./-]{1,40}$/

/** Whether whoever was refused may be shown how the pressed card stands now: where it was sent to them, and no outsider reads along. */
const mayShow = (
  incoming: Taken,
  { copy, external }: Claim,
  { who, standsFor }: Pick<Turn, 'who' | 'standsFor'>,
): boolean =>
  who.active &&
  (copy?.viewer ? external !== true : external === false) &&
  !(copy && incoming.kind === 'pressed' && isElsewhere(copy, incoming, standsFor))

/** What somebody has filled in stays for them to correct; a card drawn anew would empty it. */
const keepsForm = (refusal: Refusal, incoming: Taken): boolean =>
  incoming.kind === 'pressed' && Object.keys(incoming.form).length > 0 && !(refusal instanceof AlreadySo)

function sourceOf(incoming: Taken): Pick<Caught, 'sender' | 'chat' | 'message'> {
  const { who, chat } = originOf(incoming)
  return { sender: who, chat, message: 'message' in incoming ? incoming.message : '' }
}

function run(of: Run): Promise<Answer | undefined> {
  const runner = RUNNERS[of.incoming.kind] as (run: Run) => Promise<Answer | undefined>
  return runner(of)
}

/** Writes the turn's effects and its answer; for a press, draws the card that the answer carries, and assures it. */
async function settle(
  office: Office,
  db: Db,
  desk: Desk,
  incoming: Incoming,
  { copy }: Claim,
  place: Place,
  answer: Answer | undefined,
  isKept: boolean,
): Promise<{ card?: Card | undefined; assured?: Assured }> {
  const { who, message } = originOf(incoming)
  const pressed = incoming.kind === 'pressed' ? message : ''
  // a card that we did not know yet as it was pressed is not in the answer, though we may know it by now
  const redrawn = copy || answer?.fresh ? pressed : ''
  const answered = incoming.kind === 'said' ? incoming.message : ''
  const say = answer?.say && {
    body: answer.say,
    address: answerAddress(place, who, answered, answer.privately === true),
  }
  const fresh = answer?.fresh
  const stays = pressed && !isKept && !(fresh && ('card' in fresh || 'matter' in fresh)) ? copy : undefined
  // what does not wait for each other shares a round trip; a group's card, which many press at once, is not held while it is drawn
  const assuring = stays?.viewer ? () => desk.assure(stays.id) : async () => undefined
  const [, assuredFirst] = await Promise.all([desk.close(redrawn, say), assuring()])
  if (!pressed || isKept) return {}
  if (fresh && 'card' in fresh) return { card: fresh.card }
  const address = answerAddress(place, who, '', false)
  const shown = fresh && 'matter' in fresh ? await desk.rebind(pressed, fresh.matter, address) : stays
  if (!shown) return {}
  const card = await redrawCopy(office, db, shown, office.clock.now())
  return { card, assured: assuredFirst ?? (await desk.assure(shown.id)) }
}

/** A deputy's row does not tell when a role of somebody they stand in for has changed: deputies are asked for anew each time. */
function remember({ regulars }: Office, id: string, day: string, { person, roles, version, standsFor }: Claim): void {
  if (person && version && !standsFor.length) regulars.keep(id, { person, roles, version, day })
}

async function personOf(db: Db, desk: Desk, id: string, { person }: Claim): Promise<Person> {
  if (person || !id) return person ?? { id, name: '', departments: [], leader: undefined, active: true }
  await meetPeople(db, [{ id, name: '' }])
  await desk.learn(id)
  return { id, name: '', departments: [], leader: undefined, active: true }
}

/** A press does not say what kind of chat it comes from: the card tells, or the chat if we know it as a group. */
async function placeOf(db: Db, incoming: Incoming, { copy }: Claim): Promise<Place> {
  if (incoming.kind === 'said') return incoming.chat
  const id = 'chat' in incoming ? incoming.chat : ''
  if (incoming.kind === 'entered') return { id, kind: 'private' }
  if (incoming.kind !== 'pressed') return { id, kind: 'group' }
  if (copy) return { id, kind: copy.viewer ? 'private' : 'group' }
  return { id, kind: (await chatById(db, id))?.kind ?? 'private' }
}

function originOf(incoming: Incoming): { who: string; chat: string; message: string; origin: string } {
  const who = 'who' in incoming ? incoming.who : ''
  if (incoming.kind === 'said')
    return { who, chat: incoming.chat.id, message: incoming.parent || incoming.root, origin: incoming.root }
  if (incoming.kind === 'pressed') return { who, chat: incoming.chat, message: incoming.message, origin: '' }
  return { who, chat: 'chat' in incoming ? incoming.chat : '', message: '', origin: '' }
}

function idsOf(incoming: Incoming): { who: string; chat: string } {
  const { who, chat } = originOf(incoming)
  return { who, chat }
}

const NOWHERE = { chat: '', message: '', origin: '' }
