import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../db/client.ts'
import { withMemory } from '../db/memory.ts'
import { dismiss, keepPeople, peopleById } from '../db/people.ts'
import { grantRole, holdersAmong, rolesHeldBy, withdrawRole } from '../db/role.ts'
import { keepFirstOnce, keepSetting, setting, takeSetting } from '../db/settings.ts'
import { customs } from '../handlers/customs.ts'
import { kinds } from './harness/databases.ts'
import { TestOffice } from './harness/office.ts'

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
      await keepSetting(db, 'x', 'a', now)
      expect(await setting(db, 'x')).toBe('a')
      expect(await takeSetting(db, 'x', 'a')).toBe(true)
      expect(await setting(db, 'x')).toBeUndefined()
    }))
})
