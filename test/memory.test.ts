import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askedBy, type Db } from '../db/client.ts'
import { deputyshipsOf, endDeputy, nameDeputy, principalsOf } from '../db/deputy.ts'
import { jointly } from '../db/joint.ts'
import { recallEach, withMemory } from '../db/memory.ts'
import { copyToDraw } from '../db/outbox.ts'
import { chatById, dismiss, keepPeople, peopleById } from '../db/people.ts'
import { grantRole, holdersAmong, rolesHeldBy, withdrawRole } from '../db/role.ts'
import { keepFirstOnce, keepSetting, setting, takeSetting } from '../db/settings.ts'
import { customs } from '../handlers/customs.ts'
import { redrawCopy } from '../src/bot/deliver.ts'
import { type Cast, giveOut, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { TestOffice } from './harness/office.ts'
import { rows } from './harness/traces.ts'

describe.each(kinds)('what a turn has read of the directory, roles and settings, on %s', kind => {
  let office: TestOffice
  let zheng: string
  beforeAll(async () => {
    office = await TestOffice.open({ kind })
    zheng = office.idOf('郑洁')
  })
  afterAll(() => office.close())

  const now = new Date('2026-11-24T09:00:00+08:00')
  const today = '2026-11-24'
  const UNDONE = new Error('undone')
  /** In a turn of its own, which leaves nothing behind. */
  const inTurn = (run: (db: Db, tx: Db) => Promise<void>) =>
    office.database.db
      .transaction(async tx => {
        await run(withMemory(tx), tx)
        throw UNDONE
      })
      .catch((error: unknown) => {
        if (error !== UNDONE) throw error
      })

  it('is asked for once', () =>
    inTurn(async (db, tx) => {
      const read = async () => [
        await peopleById(db, [zheng]),
        await rolesHeldBy(db, zheng, today),
        await holdersAmong(db, ['DB'], today),
        await setting(db, 'x'),
        (await customs({ db, office: office.bot.house.office.facts })).hours,
      ]
      const first = await read()
      // behind its back, as nobody in the program does
      await dismiss(tx, zheng)
      await grantRole(tx, { person: zheng, role: 'DB', unit: undefined, until: undefined }, '', now, today)
      await keepSetting(tx, 'x', 1, now)
      await keepSetting(tx, 'office.hours', '09:00-12:00', now)
      expect(await read()).toEqual(first)
      expect(await peopleById(withMemory(tx), [zheng])).toEqual([expect.objectContaining({ active: false })])
    }))

  const CHANGES: Array<[what: string, change: (db: Db) => Promise<unknown>, read: (db: Db) => Promise<unknown>]> = [
    ['a person who leaves', db => dismiss(db, zheng), async db => (await peopleById(db, [zheng]))[0]?.active],
    [
      'a person who is read anew',
      db =>
        keepPeople(
          db,
          [{ id: zheng, name: '郑洁洁', departments: [], leader: undefined, active: true, title: undefined }],
          [],
        ),
      async db => (await peopleById(db, [zheng]))[0]?.name,
    ],
    [
      'a person who was not there',
      db =>
        keepPeople(
          db,
          [{ id: 'ou_new', name: '新人', departments: [], leader: undefined, active: true, title: undefined }],
          [],
        ),
      db => peopleById(db, ['ou_new', zheng, zheng]),
    ],
    [
      'a role that is given',
      db => grantRole(db, { person: zheng, role: 'DB', unit: undefined, until: undefined }, '', now, today),
      async db => [await rolesHeldBy(db, zheng, today), await holdersAmong(db, ['LD', 'DB'], today)],
    ],
    [
      'a deputy who is named',
      db => nameDeputy(db, { principal: office.idOf('冯军'), deputy: zheng, from: today, until: today, namedAt: now }),
      db => principalsOf(db, zheng, today),
    ],
    ['a setting', db => keepSetting(db, 'x', crypto.randomUUID(), now), db => setting(db, 'x')],
    ['what is noted once', db => keepFirstOnce(db, 'y', now), db => setting(db, 'y')],
    [
      'the hours',
      db => keepSetting(db, 'office.hours', '09:00-11:00', now),
      async db => (await customs({ db, office: office.bot.house.office.facts })).hours,
    ],
  ]
  it.each(CHANGES)('is asked for anew after a change: %s', (_, change, read) =>
    inTurn(async db => {
      const before = await read(db)
      await change(db)
      expect(await read(db)).not.toEqual(before)
      expect(await read(db)).toEqual(await read(withMemory(Object.create(db) as Db)))
    }),
  )

  it('is asked for anew after what was given is taken away', () =>
    inTurn(async db => {
      await grantRole(db, { person: zheng, role: 'DB', unit: undefined, until: undefined }, '', now, today)
      const held = await rolesHeldBy(db, zheng, today)
      await withdrawRole(db, zheng, 'DB', undefined, now)
      expect((await rolesHeldBy(db, zheng, today)).length).toBe(held.length - 1)
      const stand = { principal: office.idOf('冯军'), deputy: zheng, from: today, until: today, namedAt: now }
      await nameDeputy(db, stand)
      expect(await principalsOf(db, zheng, today)).toHaveLength(1)
      for (const one of await deputyshipsOf(db, zheng, today)) await endDeputy(db, one, '', now)
      expect(await principalsOf(db, zheng, today)).toEqual([])
      await keepSetting(db, 'x', 'a', now)
      expect(await setting(db, 'x')).toBe('a')
      expect(await takeSetting(db, 'x', 'a')).toBe(true)
      expect(await setting(db, 'x')).toBeUndefined()
    }))

  it('is asked for once of all that want some of it at the same moment, and given to each alone', () =>
    inTurn(async db => {
      const asked: string[][] = []
      const wanted = [['a', 'b'], ['b', 'c'], ['c'], []]
      const read = async (ids: string[]) => {
        asked.push(ids)
        return new Map(ids.filter(id => id !== 'c').map(id => [id, id.toUpperCase()]))
      }
      expect(await Promise.all(wanted.map(ids => recallEach(db, 'letter', ids, read)))).toEqual([
        ['A', 'B'],
        ['B'],
        [],
        [],
      ])
      await recallEach(db, 'letter', ['a', 'd'], read)
      expect(asked).toEqual([['a', 'b', 'c'], ['d']])
    }))

  it('is told of each who asked when it cannot be read', () =>
    inTurn(async db => {
      const broken = async () => {
        throw new Error('broken')
      }
      const asked = ['a', 'b'].map(id => recallEach(db, 'letter', [id], broken))
      expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    }))
})

describe.each(kinds)('cards that are read together, on %s', kind => {
  let cast: Cast
  let db: Db
  beforeAll(async () => {
    cast = await openCast({ kind })
    db = cast.office.database.db
  }, 120_000)
  afterAll(() => cast.office.close())

  it('show what each shows by itself, and no statement is asked twice', async () => {
    await giveOut(cast, '@陈晨 @郑洁 报送平安建设半年总结 12月7日下班前')
    await cast.office.settled()
    const { office } = cast.office.bot.house
    const now = office.clock.now()
    const copies = await rows<{ id: string | number }>(db, `select id from copies where feature = 'task' order by id`)
    const drawn = async (seen: Db, id: string | number) => {
      const found = await copyToDraw(seen, Number(id))
      return found && redrawCopy(office, seen, found.copy, now)
    }
    const { heard, asked } = overheard(db)
    const seen = jointly(heard)
    const together = await Promise.all(copies.map(({ id }) => drawn(seen, id)))
    const alone = []
    for (const { id } of copies) alone.push(await drawn(db, id))
    expect(together).toEqual(alone)
    expect(new Set(together.map(card => JSON.stringify(card))).size).toBeGreaterThan(2)
    expect(copies.length).toBeGreaterThan(3)
    expect(asked.length).toBeGreaterThan(5)
    expect(new Set(asked).size).toBe(asked.length)
    // of what differs from reader to reader, all of it is asked at once
    expect(asked.filter(text => text.includes('held_roles')).length).toBeLessThan(copies.length)
  })

  it('are as old as the first who asked; whoever begins later sees what has changed', async () => {
    const group = await cast.office.chatNamed('督查工作群', cast.wang.id)
    const name = async (seen: Db) => (await chatById(seen, group))?.name
    const seen = jointly(db)
    expect(await name(seen)).toBe('督查工作群')
    await rows(db, `update chats set name = '督查' where id = '${group}'`)
    expect(await name(seen)).toBe('督查工作群')
    expect(await name(jointly(db))).toBe('督查')
  })
})

/** A database, and what is asked of it by this name for it: each statement with its values. */
function overheard(db: Db): { heard: Db; asked: string[] } {
  const asked: string[] = []
  const heard = askedBy(db, ask => (text, values, ...how) => {
    asked.push(`${text} ${JSON.stringify(values)}`)
    return ask(text, values, ...how)
  })
  return { heard, asked }
}
