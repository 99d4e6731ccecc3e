import { deputiesOf } from '../../db/deputy.ts'
import { peopleById } from '../../db/people.ts'
import { holdersAmong } from '../../db/role.ts'
import type { Look } from '../../src/bot/feature.ts'
import { dayIn } from '../../src/kit/time.ts'
import { type Publication, publicationApprover } from '../../src/office/car/publication.ts'
import { may } from '../../src/office/role/role.ts'
import { actorOf } from './setting.ts'

/** Who has to decide, and their deputies: 办公室主任, else, or where all of them are away, 分管领导 too; never who wrote it. */
export async function approversOf(look: Look, of: Publication): Promise<string[]> {
  const holders = await holdersAmong(look.db, ['BZ', 'FG'], dayIn(look.now))
  const people = await peopleById(look.db, [...new Set(holders.map(({ person }) => person))])
  const active = new Set(people.filter(person => person.active).map(({ id }) => id))
  const approvers: string[] = []
  for (const code of ['BZ', 'FG']) {
    const ids = [...new Set(holders.filter(one => one.code === code && active.has(one.person)).map(one => one.person))]
    const able: string[] = []
    for (const id of ids) {
      const actor = await actorOf(look, id)
      if (publicationApprover(of, { ...actor, standsFor: [] }, may)) able.push(id)
    }
    const away = await deputiesOf(look.db, able, dayIn(look.now))
    const deputies = [...away.values()].flat()
    const actors = await Promise.all(deputies.map(id => actorOf(look, id)))
    const deciding = actors.filter(actor => publicationApprover(of, actor, may))
    approvers.push(...able, ...deciding.map(({ id }) => id))
    if (deciding.length || able.some(id => !away.has(id))) break
  }
  return [...new Set(approvers)]
}
