import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAssignment } from '../db/assign.ts'
import { openTrip } from '../db/car.ts'
import type { Db } from '../db/client.ts'
import { keepBroadcast } from '../db/digest.ts'
import { openTask } from '../db/task.ts'
import { EVERYBODY, everybodyIn, type Who } from './harness/everybody.ts'
import { meetingsIn } from './harness/meetings.ts'
import { MORNING, TestOffice } from './harness/office.ts'
import { aTask } from './harness/task.ts'
import { Trial } from './harness/trial.ts'
import { aTrip } from './harness/trip.ts'

/** Everything that lists, counts or finds. */
const ASKED = [
  ...['/督办 列表', '/督办 我的', '/督办 逾期', '/督办 台账', '/督办 统计 2026-11', '/督办 通报 2026-11'],
  ...['/督办 导出 2026-11', '/会议 列表', '/会议 统计 2026-11', '/会议 导出 2026-11', '/用车 我的', '/用车 待派'],
  ...['/用车 看板', '/用车 台账 2026-11', '/交办 列表', '/待办', '/今日', '/播报'],
]
const SECTION = 'od-2838becd0aa98f6741eb8d4da3a9fbf5'
const at = new Date('2026-11-24T08:40:00+08:00')

let office: TestOffice
let ids: Record<Who, string>
let group: string
beforeAll(async () => {
  office = await TestOffice.open({ kind: 'PGlite', wire: 'hasty' })
  ids = await everybodyIn(office)
  group = await office.chatNamed('督查工作群', ids.DB)
})
afterAll(() => office.close())

const person = (who: Who): string => ids[who]

/** A task that is late, given by 张明 to 陈晨; with a 知悉范围 only they, its maker and 孙丽 may know of it. */
async function task(db: Db, title: string, scope: Who[] = [], seq = 71): Promise<undefined> {
  const sample = aTask('underway')
  await openTask(db, {
    ...sample,
    ...{
      number: { word: '督', year: 2026, seq },
      title,
      maker: person('DB'),
      givenBy: person('FG'),
      lead: person('CB'),
    },
    ...{
      leadUnit: SECTION,
      scope: scope.map(person),
      dueAt: at,
      originalDueAt: at,
      movedBy: person('DB'),
      leader: undefined,
    },
    ...{ assists: sample.assists.map(one => ({ ...one, person: person('XB') })), petition: undefined },
  })
}

async function meeting(db: Db, title: string): Promise<undefined> {
  const all = { title, convener: person('FG'), presider: person('FG'), contact: person('HW'), numberSeq: 72 }
  const id = await meetingsIn(db).meeting(person('HW'), { ...all, people: [person('HW'), person('FG')] })
  await meetingsIn(db).ask(id, { person: person('CB') })
}

async function trip(db: Db, purpose: string, category: 'other' | 'confidential'): Promise<string> {
  const sample = aTrip('section')
  const people: Record<string, string> = { KZ: person('KZ'), BZ: person('BZ'), FG: person('FG') }
  const { id } = await openTrip(db, {
    ...sample,
    ...{
      applicant: person('GB'),
      user: person('GB'),
      passengers: [],
      unit: SECTION,
      movedBy: person('GB'),
      purpose,
      category,
    },
    ...{ submittedAt: at, createdAt: at },
    steps: sample.steps.map(step => ({ ...step, people: step.people.map(id => people[id] ?? id) })),
  })
  return String(id)
}

async function assignment(db: Db, title: string): Promise<undefined> {
  await openAssignment(db, {
    assignment: { giver: person('DB'), title, chat: '', dueAt: at, createdAt: at },
    shares: [
      {
        ...{ assignee: person('CB'), place: 0, state: 'underway', rev: 1, word: '', result: '' },
        movedBy: person('CB'),
        movedAt: at,
      },
    ] as never,
  })
}

const WORD = '甲乙丙丁'

/** What of everything that somebody can ask for shows the word. */
const channelsOf = (trial: Trial, who: Who, word: string): Promise<string[]> =>
  [...ASKED, `/查 ${word}`].reduce<Promise<string[]>>(async (before, asked) => {
    const found = await before
    // what was asked for is not what is found
    const shown = (await trial.apart(one => one.shows(ids[who], asked))).replaceAll(`“${word}”`, '')
    return shown.includes(word) ? [...found, asked] : found
  }, Promise.resolve([]))

/** Whether the card of a trip tells somebody the word; to an account that is frozen none is sent. */
const isTold = async (trial: Trial, who: Who, matter: string, word: string): Promise<boolean> =>
  who !== 'frozen' &&
  JSON.stringify((await trial.draws({ feature: 'car', matter, viewer: ids[who] })) ?? '').includes(word)

async function seers(open: Open): Promise<Who[]> {
  return new Trial(office).apart(async trial => {
    const card = await open(trial.db)
    const seeing: Who[] = []
    for (const who of EVERYBODY)
      if ((card && (await isTold(trial, who, card, WORD))) || (await channelsOf(trial, who, WORD)).length)
        seeing.push(who)
    return seeing
  })
}

/** Puts a matter on file; answers which card tells of it where no list does. */
type Open = (db: Db) => Promise<string | undefined>

/** Who sees what, in whatever list, count, search, morning card or day of theirs. */
const SEEN: Array<[what: string, open: Open, who: string]> = [
  ['督办', db => task(db, WORD), 'LD FG BZ DB KZ CB XB deputy'],
  ['督办,设知悉范围', db => task(db, WORD, ['XX']), 'FG DB CB XB XX'],
  ['会议', db => meeting(db, WORD), 'LD FG BZ CB HW deputy'],
  ['用车事由', db => trip(db, WORD, 'other'), 'LD FG BZ KZ CD GB deputy'],
  ['用车事由,机要', db => trip(db, WORD, 'confidential'), 'LD FG BZ KZ GB deputy'],
  ['交办', db => assignment(db, WORD), 'DB CB'],
]

describe('谁看得到什么', () => {
  it.each(SEEN)(
    '%s',
    async (_what, open, who) => {
      expect((await seers(open)).join(' ')).toBe(who)
    },
    120_000,
  )
})

/** Numbers of messages differ from turn to turn. */
const steady = (shown: string): string => shown.replaceAll(/om_said\d+/g, 'om')

describe('知悉范围以外', () => {
  it('列表、统计、查找、早报、导出和群播报,有没有该事项都一个样', async () => {
    const inside: Who[] = ['FG', 'DB', 'CB', 'XB', 'XX']
    await new Trial(office).apart(async trial => {
      await task(trial.db, '公开事项')
      const all = [...ASKED, `/查 ${WORD}`, '/督办 督〔2026〕72号']
      const seenBy = async (who: Who) => {
        const shown: Record<string, string> = {}
        // what is told by the minute is asked for in the same one
        office.clock.set(new Date(MORNING))
        for (const asked of all) shown[asked] = steady(await trial.apart(one => one.shows(ids[who], asked)))
        return shown
      }
      const ordered = { said: '每个工作日 8:30', saidAt: at, calendarId: '', nextAt: undefined }
      await keepBroadcast(trial.db, { chat: group, by: ids.DB, ...ordered })
      const digest = () => trial.draws({ feature: 'digest', matter: `g ${group} 2026-11-24`, viewer: '' })
      const outside = EVERYBODY.filter(who => !inside.includes(who))
      const before = new Map<Who, Record<string, string>>()
      for (const who of outside) before.set(who, await seenBy(who))
      const groupBefore = await digest()
      expect(JSON.stringify(groupBefore)).toContain('督〔2026〕71号')
      await task(trial.db, WORD, ['XX'], 72)
      for (const who of outside) expect(await seenBy(who), who).toEqual(before.get(who))
      expect(await digest()).toEqual(groupBefore)
    })
  }, 240_000)
})

describe('系统管理员、安全审计员', () => {
  it('即使另有业务角色,由配置指定,或受人代理,都看不到业务内容', async () => {
    await new Trial(office).apart(async trial => {
      const { db } = trial
      for (const who of ['SY', 'SJ'] as const)
        for (const role of ['LD', 'BZ', 'DB', 'HW', 'CD', 'KZ'])
          await db.execute(
            `insert into held_roles (person, role, from_on, granted_by, granted_at) values ('${ids[who]}', '${role}', '2026-11-20', '', '2026-11-20')`,
          )
      await db.execute(
        `insert into deputies (principal, deputy, from_on, until_on, named_at) values ('${ids.LD}', '${ids.SJ}', '2026-11-20', '2026-11-30', '2026-11-20')`,
      )
      for (const [, open] of SEEN)
        await trial.apart(async one => {
          await open(one.db)
          for (const who of ['SY', 'SJ'] as const) expect(await channelsOf(one, who, WORD), who).toEqual([])
        })
    })
  }, 120_000)
})
