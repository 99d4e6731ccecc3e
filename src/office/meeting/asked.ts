import type { Invitation, Meeting } from './meeting.ts'
import type { PartIn } from './terms.ts'

/** What of a meeting says whom it asks. */
export type Asking = Pick<Meeting, 'id' | 'noticeRev' | 'guests' | 'presider' | 'convener'>

/** Whoever presides over a meeting or convenes it comes by their office: they count as coming, and no reply is asked of them. */
export const hosts = ({ presider, convener }: Pick<Meeting, 'presider' | 'convener'>, person: string | undefined) =>
  person !== undefined && (person === presider || person === convener)

/** Whether somebody is counted as coming who has answered nothing. */
export const comesByOffice = ({ state, repliedAt, person }: Invitation): boolean =>
  person !== undefined && state === 'attending' && repliedAt === undefined

/** Who is meant by what a maker put down, as the directory has it now. */
export interface Meant {
  /** Those named one by one who are there, with their unit. */
  named: ReadonlyMap<string, string>
  under: ReadonlyArray<{ person: string; unit: string; under: string }>
  inChats: ReadonlyArray<{ person: string; unit: string; chat: string }>
}

/**
 * Everybody who is asked, each once: whoever is named stands so, also where their department or group is asked besides. Whoever
 * presides comes, asked or not.
 */
export function asked(meeting: Asking, { named, under, inChats }: Meant): Array<Omit<Invitation, 'id'>> {
  const { people, listeners, units, departments } = meeting.guests
  const found = new Map<string, Omit<Invitation, 'id'>>()
  const stateFor = (person: string) => (hosts(meeting, person) ? 'attending' : 'pending')
  const put = (person: string, unit: string, part: PartIn, via: string) => {
    if (!found.has(person))
      found.set(person, { ...unanswered(meeting, { person, unit, part, via, places: 1 }), state: stateFor(person) })
  }
  const host = named.get(meeting.presider)
  if (host !== undefined) put(meeting.presider, host, 'attend', '')
  for (const [part, ids] of [
    ['attend', people],
    ['listen', listeners],
  ] as const)
    for (const id of ids) if (named.has(id)) put(id, named.get(id) ?? '', part, '')
  const place = ({ under: root }: { under: string }) => departments.indexOf(root)
  for (const one of [...under].sort((a, b) => place(a) - place(b))) put(one.person, one.unit, 'attend', one.under)
  for (const one of inChats) put(one.person, one.unit, 'attend', one.chat)
  return [
    ...found.values(),
    ...units.map(({ unit, places }) =>
      unanswered(meeting, { person: undefined, unit, part: 'attend', via: '', places }),
    ),
  ]
}

/** An invitation that nobody has answered yet. */
export const unanswered = (
  { id, noticeRev }: Pick<Meeting, 'id' | 'noticeRev'>,
  who: Pick<Invitation, 'person' | 'unit' | 'part' | 'via' | 'places'>,
): Omit<Invitation, 'id'> => ({
  ...who,
  ...{ rev: 1, meeting: id, name: '', title: '', phone: '', state: 'pending', word: '', companions: '', plate: '' },
  ...{ repliedAt: undefined, repliedBy: undefined, decidedBy: undefined, decidedFor: undefined, decidedAt: undefined },
  ...{
    decision: '',
    standsInFor: undefined,
    namedBy: undefined,
    noticeRev,
    nudgedAt: undefined,
    checkedInAt: undefined,
  },
  ...{ checkedInBy: undefined, servedAt: undefined, lastMove: '' },
})

/** Somebody who comes for another: in their place, or named by their unit; they answer nothing of their own. */
export const comingFor = (
  meeting: Pick<Meeting, 'id' | 'noticeRev'>,
  who: Partial<Invitation> & Pick<Invitation, 'unit' | 'part'>,
): Omit<Invitation, 'id'> => ({
  ...unanswered(meeting, { person: undefined, via: '', places: 1, ...who }),
  state: 'attending',
  ...who,
})
