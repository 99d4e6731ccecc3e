import { withdrawRedraw } from '../db/outbox.ts'
import { isInAnswerAlone, tellLate } from './bot/apology.ts'
import { redrawMessage } from './bot/desk.ts'
import { dispatch } from './bot/dispatch.ts'
import type { Office } from './bot/office.ts'
import type { Outcome } from './bot/outcome.ts'
import { printCard } from './feishu/card.ts'
import type { Incoming } from './feishu/incoming.ts'
import { readIncoming } from './feishu/read.ts'
import { arrivalOf, type Envelope, isPress, type Opened } from './feishu/verify.ts'
import type { Kind } from './kit/arrivals.ts'
import { shorten } from './kit/text.ts'

/** The platform waits 3 s; what has not ended by then is answered while it goes on. */
const LONGEST_TURN_MS = 2_600
/** An answer that took longer may have come too late on its way. */
const SURELY_IN_TIME_MS = 1_500

export interface Received {
  /** Absent: not kept, so that the platform has to send it again. */
  answer: object | undefined
  /** Too many wait: it is to come again, though not at once. */
  isBusy: boolean
  /** To be run when the answer has left, or cannot any more, so that no update overtakes it; ends with the turn. */
  afterwards(isSent: boolean): Promise<void>
}

export type NotReceived = 'unauthorised' | 'malformed'

/** Checks and remembers which tenant is ours; false for another. */
export type TenantCheck = (tenant: string) => Promise<boolean>

/**
 * Takes up what came, whichever way it did. Everything that is not authentic reads the same. `expected`: what comes to that address, as
 * far as is known.
 */
export async function receive(
  office: Office,
  opened: Exclude<Opened, { kind: 'challenge' }>,
  isOurTenant: TenantCheck,
  expected: Kind = 'event',
): Promise<Received | NotReceived> {
  const { arrivals, clock } = office
  if (opened.kind === 'refused') {
    const { genuine } = opened
    if (genuine) arrivals.refuse(genuine.kind ?? expected, genuine.cause, clock.wire())
    office.metrics.count('huiyin_turns_total', { what: 'delivery', outcome: 'refused' })
    office.log('warn', 'delivery refused', { why: opened.why })
    return 'unauthorised'
  }
  const kind = arrivalOf(opened.envelope)
  if (!(await isOurTenant(opened.envelope.tenant))) {
    arrivals.refuse(kind, 'app', clock.wire())
    return 'unauthorised'
  }
  arrivals.accept(kind, clock.wire(), expected)
  if (isTurnedAway(office, opened.envelope)) return turnedAway(office, opened.envelope)
  const incoming = readIncoming(opened.envelope)
  if (!incoming) return 'malformed'
  const began = performance.now()
  const turn = dispatch(office, incoming)
  const outcome = await inTime(turn)
  return {
    answer: answer(incoming, outcome),
    isBusy: outcome.kind === 'busy',
    async afterwards(isSent) {
      if (outcome.kind === 'busy') return
      const isShown = isSent && performance.now() - began < SURELY_IN_TIME_MS
      const ended = await turn
      let isSettled = false
      try {
        isSettled = await afterwards(office, incoming, outcome, ended, isShown)
      } finally {
        send(office, ended, isSettled)
      }
    },
  }
}

/**
 * Turns away what comes to this address without reading it, where it can only be an event, which may come again: opening it would be half
 * of what a refusal costs. False: it is to be opened.
 */
export function turnAwayUnread(office: Office, expected: Kind): boolean {
  if (expected !== 'event' || !office.arrivals.isApart() || !isFullForEvents(office)) return false
  countBusy(office)
  return true
}

/** Told by its envelope alone: a refusal is to cost next to nothing, so that it is one at once. */
const isTurnedAway = (office: Office, envelope: Envelope): boolean =>
  isPress(envelope) ? office.turns.isFull('press') : isFullForEvents(office)

const isFullForEvents = ({ turns }: Office): boolean => turns.isFull('event') && turns.isFull('quick')

function turnedAway(office: Office, envelope: Envelope): Received {
  countBusy(office)
  return { answer: isPress(envelope) ? BUSY : undefined, isBusy: true, afterwards: async () => {} }
}

const countBusy = ({ metrics }: Office): void =>
  metrics.count('huiyin_turns_total', { what: 'delivery', outcome: 'busy' })

/**
 * A press whose answer came too late to carry the new card has it drawn like every other copy; what a card does not show is said.
 * Answers whether nothing of it is left to be drawn.
 */
async function afterwards(
  office: Office,
  incoming: Incoming,
  outcome: Timed,
  ended: Outcome,
  isShown: boolean,
): Promise<boolean> {
  const { kind } = outcome
  if (kind === 'late' && incoming.kind === 'pressed') {
    await tellLate(office, incoming, ended)
    // a form or a page that is asked for again by then would go with the card it stands on
    if (!isInAnswerAlone(ended) && !isToBeCorrected(incoming, ended)) await redrawMessage(office, incoming.message)
  }
  if (!('assured' in outcome) || !outcome.assured) return kind !== 'late'
  return isShown && (await withdrawRedraw(office.db, outcome.assured, office.clock.wire()))
}

/** What somebody has filled in stays for them, where it is not done: a card drawn anew would empty it. */
const isToBeCorrected = ({ form }: Extract<Incoming, { kind: 'pressed' }>, ended: Outcome): boolean =>
  Object.keys(form).length > 0 &&
  (ended.kind === 'failed' || (ended.kind === 'refused' && ended.toast?.kind !== 'info'))

/** What the turn has put in the outbox. `isSettled`: what was assured is not to come. */
function send({ carry, wake, sealSoon = wake }: Office, ended: Outcome, isSettled: boolean): void {
  if (carry && 'taken' in ended && ended.taken) carry(ended.taken)
  else if (isSettled && 'isQuiet' in ended && ended.isQuiet) sealSoon()
  else wake()
}

type Timed = Outcome | { kind: 'late' }

async function inTime(turn: Promise<Outcome>): Promise<Timed> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<Timed>(done => {
    timer = setTimeout(() => done({ kind: 'late' }), LONGEST_TURN_MS)
  })
  const outcome = await Promise.race([turn, late])
  clearTimeout(timer)
  return outcome
}

const UNKEPT: Array<Timed['kind']> = ['failed', 'late', 'busy']

/** An event is acknowledged only once it is kept; a press always gets words, because the platform never sends it again. */
export function answer(incoming: Incoming, outcome: Timed): object | undefined {
  if (incoming.kind !== 'pressed') return UNKEPT.includes(outcome.kind) ? undefined : {}
  if (outcome.kind === 'busy') return BUSY
  if (outcome.kind === 'failed') return toast('error', `系统处理出错,请稍后再试(编号 ${outcome.id})`)
  if (outcome.kind === 'late') return toast('warning', '处理时间较长,请稍后查看结果')
  if (outcome.kind !== 'done' && outcome.kind !== 'refused') return {}
  return {
    ...(outcome.toast ? toast(outcome.toast.kind, outcome.toast.words) : {}),
    ...(outcome.card ? { card: { type: 'raw', data: printCard(outcome.card) } } : {}),
  }
}

/** What floats by is not read at length. */
const LONGEST_TOAST = 300

const toast = (type: 'success' | 'info' | 'warning' | 'error', content: string) => ({
  toast: { type, content: shorten(content, LONGEST_TOAST) },
})

const BUSY = toast('warning', '系统繁忙,请稍后再试')
