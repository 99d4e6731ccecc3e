import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../db/client.ts'
import { features } from '../handlers/index.ts'
import { byPress } from './authority-table.ts'
import { kinds } from './harness/databases.ts'
import { EVERYBODY, everybodyIn, type Who } from './harness/everybody.ts'
import { type Carried, carriedBy, mattersIn } from './harness/matters.ts'
import { TestOffice } from './harness/office.ts'
import { rows } from './harness/traces.ts'
import { Trial } from './harness/trial.ts'

const ACTIONS: string[] = features.flatMap(({ name, actions }) => Object.keys(actions).map(move => `${name}.${move}`))
const PRESSERS = byPress(who =>
  EVERYBODY.find(one => one !== 'frozen' && (who === 'all' || who.split(' ').includes(one))),
)

/** Where a matter, a role or a rule of the house stands; not what is told, counted or on its way, or how somebody took a message. */
const MATTERS = `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'
  and table_name not like 'audit%' and table_name not in
  ('inbox', 'outbox', 'events', 'copies', 'calls', 'tallies', 'held_lines', 'people', 'settings', 'calendar_busy', 'calendar_reads',
   'task_batches', 'car_batches', 'meeting_materials', 'meeting_servings', 'occurrences', 'reminder_refusals')`

describe.each(kinds)('变更前后的摘要 on %s', kind => {
  let office: TestOffice
  let ids: Record<Who, string>
  const carried = new Map<string, Carried>()
  const actions = ACTIONS.filter((_, i) => kind === kinds.at(-1) || i % 12 === 5)
  beforeAll(async () => {
    office = await TestOffice.open({ kind, wire: 'hasty' })
    ids = await everybodyIn(office)
    const matters = await mattersIn(office.database.db, ids)
    for (const action of actions) carried.set(action, await carriedBy(office.database.db, ids, matters, action))
  })
  afterAll(() => office.close())

  async function dump(db: Db): Promise<Record<string, string>> {
    const tables = await rows<{ name: string }>(db, MATTERS)
    const [kept] = await rows<Record<string, string>>(
      db,
      `select ${tables.map(({ name }) => `(select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from "${name}" t) as "${name}"`).join(', ')}`,
    )
    return { ...kept }
  }

  it('每个改变事项的按钮,都记下变更前后的摘要', async () => {
    const strays: string[] = []
    let changes = 0
    for (const action of actions) {
      const who = PRESSERS.get(action)
      if (!who) continue
      const { changed, hashes } = await new Trial(office).apart(async trial => {
        const before = await dump(trial.db)
        const [last] = await rows<{ id: string }>(trial.db, 'select coalesce(max(id), 0) as id from events')
        await trial.presses({ ...(carried.get(action) ?? { value: {}, form: {} }), who: ids[who], action })
        const after = await dump(trial.db)
        const found = await rows(trial.db, `select from events where id > ${last?.id} and data ? 'hashes'`)
        return { changed: Object.keys(after).filter(name => after[name] !== before[name]), hashes: found.length }
      })
      changes += changed.length
      if (changed.length && !hashes) strays.push(`${action}: ${changed}`)
    }
    expect(strays).toEqual([])
    expect(changes).toBeGreaterThan(actions.length / 4)
  }, 900_000)
})
