import { holdLines } from '../../db/calm.ts'
import { getTrip, holdTrip, openTrip, saveTrip, takeTripNumber } from '../../db/car.ts'
import { history } from '../../db/events.ts'
import { peopleById } from '../../db/people.ts'
import type { Action, Answer, Press, Said, Turn } from '../../src/bot/feature.ts'
import { actedWords } from '../../src/kit/acted.ts'
import { openingAfter } from '../../src/kit/customs.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { dayIn, formatShort } from '../../src/kit/time.ts'
import { lastLine } from '../../src/office/car/cards.ts'
import { type TripMove, tripFlow } from '../../src/office/car/flow.ts'
import { moved, type TripPress } from '../../src/office/car/moves.ts'
import { splitInto } from '../../src/office/car/split.ts'
import { type Actor, actWord, LIMITS, numberText, type Setting, type Trip } from '../../src/office/car/trip.ts'
import { moveInWords } from '../../src/office/car/words.ts'
import { waitsForMorning } from '../calm.ts'
import { customs } from '../customs.ts'
import { READ_LATER } from '../tell.ts'
import { heardBy } from './recipients.ts'
import { leaveRun } from './run-meant.ts'
import { actorIn, FEATURE, idOf, refuseStrangers, settingOf } from './setting.ts'

/** A button: the move, with the word beside it. */
export function press(move: TripMove): Action {
  return async (turn, pressed) => {
    const after = await decide(turn, pressed.value.id, { move, ...readPress(pressed) })
    return { toast: { kind: 'success', words: await toastOf(turn, after) } }
  }
}

export const readPress = ({ value, form }: Press): Pick<TripPress, 'seenRev' | 'word'> => ({
  seenRev: typeof value.rev === 'number' ? value.rev : undefined,
  word: typeof form.word === 'string' ? form.word : '',
})

/** A trip that somebody presses on: nobody else moves it until the turn ends. @throws Refusal for who may not see it. */
export async function hold(turn: Turn, value: unknown): Promise<{ before: Trip; by: Actor; setting: Setting }> {
  const before = await holdTrip(turn.db, idOf(value))
  const by = actorIn(turn)
  const setting = await settingOf(turn, before)
  refuseStrangers(before, by, setting)
  return { before, by, setting }
}

/** Reads, asks the rules, saves, and lets those know who wait for it; `change`: what the move brings beside its own. */
export async function decide(
  turn: Turn,
  id: unknown,
  asked: Omit<TripPress, 'by'>,
  change: Partial<Trip> = {},
): Promise<Trip> {
  const { before, by, setting } = await hold(turn, id)
  return keep(turn, before, moved(before, { ...asked, by }, setting, change))
}

/** Writes what a move has made of a trip, with all that follows from it. */
export async function keep(turn: Turn, before: Trip, unnumbered: Trip): Promise<Trip> {
  await giveBack(turn, before, unnumbered)
  const heard = await heardBy(turn, before, unnumbered)
  const people = [...new Set([...heard, ...(unnumbered.movedFor ? [unnumbered.movedFor] : [])])]
  await deliver(
    turn,
    unnumbered,
    people.filter(id => id !== turn.who.id),
  )
  // last, because whoever takes the next number waits until this turn has ended
  const after = await numbered(turn, before, unnumbered, people)
  await saveTrip(turn.db, before, after)
  noteMove(turn, before, after)
  turn.redraw(FEATURE, String(after.id))
  return after
}

/** A car that nobody of this trip needs any more is free, unless others ride in it. */
async function giveBack(turn: Turn, before: Trip, after: Trip): Promise<void> {
  const { run } = before
  if (run !== undefined && after.run === undefined) await leaveRun(turn, run, before)
}

/** Given at the last approval, in the same transaction, one for each car, and kept whatever happens later. */
async function numbered(turn: Turn, before: Trip, after: Trip, people: string[]): Promise<Trip> {
  if (after.state !== 'approved' || before.number) return after
  const year = Number(dayIn(turn.now).slice(0, 4))
  const numbers = []
  for (let car = 0; car < after.cars; car++) numbers.push(await takeTripNumber(turn.db, year))
  const { first, others } = splitInto(after, numbers)
  for (const other of others) await openSibling(turn, other, people)
  return first
}

/** Of a car beyond the first everybody hears who hears of the first. */
async function openSibling(turn: Turn, part: Omit<Trip, 'id'>, people: string[]): Promise<void> {
  const trip = await openTrip(turn.db, part)
  turn.record({
    feature: FEATURE,
    act: 'split',
    matter: String(trip.id),
    data: { from: trip.sibling ?? null, ...(trip.number ? { number: numberText(trip.number) } : {}) },
  })
  await deliver(turn, trip, [...new Set([...people, trip.applicant])])
}

/** Every move writes time, actor, from, to and reason. */
function noteMove(turn: Turn, before: Trip, after: Trip): void {
  turn.record({
    feature: FEATURE,
    act: after.lastMove,
    matter: String(after.id),
    ...(after.movedFor ? { actingFor: after.movedFor } : {}),
    data: {
      from: before.state,
      to: after.state,
      reason: after.word,
      ...(after.number && !before.number ? { number: numberText(after.number) } : {}),
      ...(after.urgent?.consentedBy && !before.urgent
        ? { consentedBy: after.urgent.consentedBy, way: after.urgent.way }
        : {}),
      ...(after.run === before.run ? {} : { runBefore: before.run ?? null, runAfter: after.run ?? null }),
    },
  })
}

/** Outside office hours only what presses leaves at once, and the answer to whoever asked; others read a line next morning. */
async function deliver(turn: Turn, after: Trip, people: string[]): Promise<void> {
  const waits = !(await isPressing(turn, after)) && (await waitsForMorning(turn))
  const isHeld = (id: string) => waits && ![after.applicant, after.user].includes(id)
  for (const person of people.filter(id => !isHeld(id)))
    turn.send({ to: { person }, body: { matter: { feature: FEATURE, id: String(after.id) } }, urgent: true })
  const line = lastLine(after, await settingOf(turn, after))
  await holdLines(
    turn.db,
    people
      .filter(isHeld)
      .map(person => ({ person, line, at: turn.now, of: { feature: FEATURE, id: String(after.id) } })),
  )
}

/** What leaves before the office opens again, or went out on a leader's word, does not wait for the morning (GEN-07). */
async function isPressing(turn: Turn, { urgent, startsAt }: Trip): Promise<boolean> {
  if (urgent) return true
  return startsAt <= openingAfter(turn.now, await customs(turn))
}

/** At night whoever presses knows that the others read it in the morning. */
export async function toastOf(turn: Turn, after: Trip): Promise<string> {
  const words = after.lastMove ? actWord(after.lastMove) : '已保存'
  const waits = FOR_OTHERS.includes(after.lastMove) && !(await isPressing(turn, after)) && (await waitsForMorning(turn))
  return waits ? words + READ_LATER : words
}

const FOR_OTHERS: Array<Trip['lastMove']> = ['submit', 'edit', 'approve', 'endorse']

/** A reply in the card's thread: the words of a button do what the button does, anything else is kept as a word on it. */
export async function heard(turn: Turn, matter: string, said: Said): Promise<Answer> {
  const trip = await getTrip(turn.db, idOf(matter))
  refuseStrangers(trip, actorIn(turn), await settingOf(turn, trip))
  if (!said.text) throw new Refusal('用车事项请用文字说明')
  const spoken = moveInWords(said.text, trip)
  if ('move' in spoken) {
    const after = await decide(turn, trip.id, { ...spoken, seenRev: undefined })
    return { say: { text: await toastOf(turn, after) } }
  }
  if (spoken.remark.length > LIMITS.word) throw new Refusal(`说明请控制在${LIMITS.word}字以内`)
  turn.record({ feature: FEATURE, act: 'remark', matter, data: { reason: spoken.remark } })
  turn.redraw(FEATURE, matter)
  return { say: { text: '已记录' } }
}

const ACTS: Record<string, string> = {
  draft: '已拟单',
  split: '已按车辆拆分',
  remark: '说明',
  ladder: '已提醒补办',
  undecided: '已提醒审批',
  unanswered: '已告知到时未批',
}

/** The history in words, oldest first. */
export async function historyOf({ db, now }: Pick<Turn, 'db' | 'now'>, id: number): Promise<string[]> {
  const events = await history(db, FEATURE, String(id))
  const told = events.flatMap(({ who, actingFor: other }) => (other ? [who, other] : [who]))
  const people = await peopleById(db, [...new Set(told)])
  const names = new Map(people.map(person => [person.id, person.name]))
  return events
    .filter(({ act }) => Object.hasOwn(tripFlow.moves, act) || Object.hasOwn(ACTS, act))
    .map(({ act, at, who, actingFor: other, data }) => {
      const words = ACTS[act] ?? actWord(act as TripMove)
      const reason = typeof data.reason === 'string' && data.reason ? ` · ${data.reason.slice(0, LIMITS.word)}` : ''
      return `${formatShort(at, now)} ${actedWords(words, who, other ?? undefined, names)}${reason}`
    })
}
