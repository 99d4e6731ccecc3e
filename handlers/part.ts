import type { Beat, Feature, Look, Reader, TodoItem, Turn } from '../src/bot/feature.ts'
import type { Value } from '../src/kit/card.ts'
import type { Person } from '../src/kit/person.ts'
import { together as joined } from './waiting.ts'

/** A part of the subject: trips, the fleet and so on, each with its own words, presses and matters. */
export interface Part
  extends Pick<
    Feature,
    | 'commands'
    | 'actions'
    | 'heavy'
    | 'draw'
    | 'appointment'
    | 'heard'
    | 'looked'
    | 'print'
    | 'files'
    | 'seen'
    | 'todo'
    | 'today'
    | 'find'
    | 'greets'
    | 'due'
    | 'nextDue'
    | 'recalibrate'
    | 'uncalibrated'
    | 'digest'
    | 'awaited'
  > {
  /** Whether a matter is this part's; without it everything is that no other part owns. */
  owns?: (matter: string) => boolean
  /** Whether an ordered file is this part's. */
  orders?: (order: Value) => boolean
}

type Asking = Look & { who: Person }

/** Several parts as one subject. */
export function together(...parts: Part[]) {
  const of = (matter: string): Part | undefined =>
    parts.find(part => part.owns?.(matter)) ?? parts.find(part => part.draw && !part.owns)
  const files = parts.find(part => part.files)?.files
  const looked = parts.find(part => part.looked)?.looked
  const seen = parts.find(part => part.seen)?.seen
  const appointment = parts.find(part => part.appointment)?.appointment
  return {
    commands: Object.assign({}, ...parts.map(({ commands }) => commands)) as Feature['commands'],
    actions: Object.assign({}, ...parts.map(({ actions }) => actions)) as Feature['actions'],
    heavy: parts.flatMap(({ heavy }) => heavy ?? []),
    draw: owned(matter => of(matter)?.draw),
    heard: async (...[turn, matter, said]: Parameters<NonNullable<Feature['heard']>>) =>
      required(of(matter)?.heard)(turn, matter, said),
    print: async (look: Look, order: Value) => required(parts.find(part => part.orders?.(order))?.print)(look, order),
    ...(files ? { files } : {}),
    ...(looked ? { looked } : {}),
    ...(seen ? { seen } : {}),
    ...(appointment ? { appointment } : {}),
    todo: async (asking: Asking) => joined((await Promise.all(parts.map(part => part.todo?.(asking) ?? []))).flat()),
    today: async (asking: Asking) => (await Promise.all(parts.map(part => part.today?.(asking) ?? []))).flat(),
    find: async (asking: Asking, words: string): Promise<TodoItem[]> =>
      (await Promise.all(parts.map(part => part.find?.(asking, words) ?? []))).flat(),
    greets: async (turn: Turn) => {
      for (const { greets } of parts) {
        const body = await greets?.(turn)
        if (body) return body
      }
      return undefined
    },
    due: parts.flatMap(({ due }) => due ?? []),
    nextDue: async (look: Look) => {
      const dates = await Promise.all(parts.map(part => part.nextDue?.(look)))
      return dates.filter(date => date !== undefined).sort((a, b) => a.getTime() - b.getTime())[0]
    },
    recalibrate: inTurn(parts.map(({ recalibrate }) => recalibrate)),
    uncalibrated: async (look: Look) =>
      (await Promise.all(parts.map(part => part.uncalibrated?.(look) ?? false))).includes(true),
    digest: async (look: Look, reader: Reader) =>
      (await Promise.all(parts.map(part => part.digest?.(look, reader) ?? []))).flat(),
    awaited: async (look: Look) => [
      ...new Set((await Promise.all(parts.map(part => part.awaited?.(look) ?? []))).flat()),
    ],
  } satisfies Partial<Feature>
}

const owned =
  (drawOf: (matter: string) => Feature['draw']): NonNullable<Feature['draw']> =>
  async (look, matter, viewer) =>
    required(drawOf(matter))(look, matter, viewer)

const inTurn =
  (some: Array<Feature['recalibrate']>) =>
  async (beat: Beat): Promise<'more' | undefined> => {
    let left: 'more' | undefined
    for (const one of some) left = (await one?.(beat)) ?? left
    return left
  }

function required<T>(hook: T | undefined): T {
  if (hook === undefined) throw new Error('a matter or file that no part knows')
  return hook
}
