import { departmentsLed } from '../../db/department.ts'
import type { MeetingSight } from '../../db/meeting-list.ts'
import type { Look } from '../../src/bot/feature.ts'
import { isApart } from '../../src/kit/person.ts'
import type { Actor } from '../../src/office/meeting/meeting.ts'

const OFFICE = ['LD', 'FG', 'BZ', 'HW']

/** What an actor may see in lists. */
export async function sightOf({ db }: Pick<Look, 'db'>, actor: Actor): Promise<MeetingSight> {
  const selves = isApart(actor) ? [] : [actor, ...actor.standsFor.filter(self => !isApart(self))]
  const office = selves.flatMap(({ held }) => held.filter(({ code }) => OFFICE.includes(code)))
  const led = await Promise.all(selves.map(({ id }) => departmentsLed(db, id)))
  const answered = selves.flatMap(({ departments, held }) =>
    held.filter(({ code }) => code === 'KZ').flatMap(({ unit }) => (unit === undefined ? departments : [unit])),
  )
  return {
    person: actor.id,
    house: office.some(({ unit }) => unit === undefined),
    units: [...new Set([...office.flatMap(({ unit }) => unit ?? []), ...answered, ...led.flat()])],
    standsFor: selves.map(({ id }) => id).filter(id => id !== actor.id),
  }
}
