import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { features } from '../handlers/index.ts'
import { byCommand, byPress } from './authority-table.ts'
import { kinds } from './harness/databases.ts'
import { EVERYBODY, everybodyIn, type Who } from './harness/everybody.ts'
import { type Carried, carriedBy, mattersIn } from './harness/matters.ts'
import { TestOffice } from './harness/office.ts'
import { rows } from './harness/traces.ts'
import { Trial, type Tried } from './harness/trial.ts'

/** One who may, by the table; nobody where there is none. */
const oneOf = (who: string): Who | undefined =>
  EVERYBODY.find(one => one !== 'frozen' && (who === 'all' || who.split(' ').includes(one)))
const PRESSERS = byPress(oneOf)
const SPEAKERS = byCommand(oneOf)
const ACTIONS = features.flatMap(({ name, actions }) =>
  Object.keys(actions).map(move => ({ feature: name, action: `${name}.${move}` })),
)
const COMMANDS = features.flatMap(({ name, words, commands }) =>
  Object.entries(commands).map(([sub, { usage }]) => ({
    feature: name,
    command: `/${words[0]}${sub && ` ${sub}`}`,
    usage,
  })),
)

/** It does what a command does, and is recorded as that. */
const RUNS_COMMAND = 'help.run'

/** Whoever has no part in anything. */
const STRANGER: Who = 'nobody'

interface Trace {
  who: string
  feature: string
  outcome: string
}

/** domain.md 9.4: reading, exporting and being refused are recorded as well as what changes something. */
describe.each(kinds)('每次使用都留下审计记录 on %s', kind => {
  let office: TestOffice
  let ids: Record<Who, string>
  const carried = new Map<string, Carried>()
  const sampled = <T>(all: readonly T[]) => all.filter((_, i) => kind === kinds.at(-1) || i % 12 === 5)

  beforeAll(async () => {
    office = await TestOffice.open({ kind, wire: 'hasty' })
    ids = await everybodyIn(office)
    const matters = await mattersIn(office.database.db, ids)
    for (const { action } of sampled(ACTIONS))
      carried.set(action, await carriedBy(office.database.db, ids, matters, action))
  }, 240_000)
  afterAll(() => office.close())

  /** What is wrong with what is left of a turn; undefined: nothing. Without a `feature`, that of any will do. */
  async function fault(
    who: Who,
    feature: string | undefined,
    run: (trial: Trial) => Promise<Tried>,
  ): Promise<{ outcome: string; why: string | undefined }> {
    return new Trial(office).apart(async trial => {
      const [last] = await rows<{ id: string }>(trial.db, 'select coalesce(max(id), 0) as id from events')
      const { outcome } = await run(trial)
      const left = await rows<Trace>(trial.db, `select who, feature, outcome from events where id > ${last?.id}`)
      const wanted = outcome === 'refused' ? 'refused' : 'ok'
      const isLeft = left.some(
        one => one.who === ids[who] && one.feature === (feature ?? one.feature) && one.outcome === wanted,
      )
      return { outcome, why: isLeft ? undefined : `${outcome}: ${JSON.stringify(left)}` }
    })
  }

  it('每条命令,办理的和未办理的', async () => {
    const strays: string[] = []
    const outcomes = new Set<string>()
    for (const { feature, command, usage } of sampled(COMMANDS))
      for (const who of new Set([SPEAKERS.get(command) ?? STRANGER, STRANGER])) {
        const { outcome, why } = await fault(who, feature, trial => trial.says(ids[who], usage))
        outcomes.add(outcome)
        if (why) strays.push(`${who} ${command}: ${why}`)
      }
    expect(strays).toEqual([])
    expect([...outcomes].sort()).toEqual(['done', 'refused'])
  }, 600_000)

  it('每个按钮,办理的和未办理的', async () => {
    const strays: string[] = []
    const outcomes = new Set<string>()
    for (const { feature, action } of sampled(ACTIONS))
      for (const who of new Set([PRESSERS.get(action) ?? STRANGER, STRANGER])) {
        const press = { ...(carried.get(action) ?? { value: {}, form: {} }), who: ids[who], action }
        const { outcome, why } = await fault(who, action === RUNS_COMMAND ? undefined : feature, trial =>
          trial.presses(press),
        )
        outcomes.add(outcome)
        if (why) strays.push(`${who} ${action}: ${why}`)
      }
    expect(strays).toEqual([])
    expect([...outcomes].sort()).toEqual(['done', 'refused'])
  }, 900_000)
})
