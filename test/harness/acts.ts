import { TransactionRollbackError } from 'drizzle-orm'
import { claimParcels, markSent } from '../../db/claims.ts'
import { type Db, rowsOf } from '../../db/client.ts'
import { claim } from '../../db/inbox.ts'
import { assureRedraw, copyToDraw, enqueueRedrawsOf, nextParcelMs, withdrawRedraw } from '../../db/outbox.ts'
import { peopleById } from '../../db/people.ts'
import { rolesHeldBy } from '../../db/role.ts'
import { openOfUnit } from '../../db/task-list.ts'
import { takeNumber } from '../../db/task-number.ts'
import type { Sight } from '../../db/task-sight.ts'
import { features } from '../../handlers/index.ts'
import type { Action, Answer, Beat, Body, Feature, Heartbeat, Look, Turn } from '../../src/bot/feature.ts'
import { createKeys } from '../../src/bot/keys.ts'
import { dayIn } from '../../src/kit/time.ts'
import { OF_OFFICE, type Past, unitNo } from './past.ts'

/** Something that is done in the generated office; `round` makes one call differ from the next. */
export interface Act {
  name: string
  run(round: number): Promise<unknown>
}

const SAID = { pieces: [], attachments: [], message: 'om_asked', parent: '' }

const WHOLE = { house: true, offices: [] }
const EVERYTHING: Sight = { person: OF_OFFICE.officer, own: WHOLE, all: WHOLE, units: [], standsFor: [] }

/** `daily` and `beat` are about what is open, whatever lies in the past; `ledger` is about the past. */
type Acts = Record<'daily' | 'ledger' | 'beat', Act[]>

/** Everything that the office asks the database for while people work, by the functions that a turn or a heartbeat calls. */
export function actsIn(db: Db, { ended, open, now }: Pick<Past, 'ended' | 'open' | 'now'>): Acts {
  const look: Look = {
    db,
    now,
    office: { features, officeHours: '08:30-12:00,14:30-17:30', admins: [], keys: createKeys('for tests') },
  }
  // some of what is open has fallen due by then
  const later = new Date(now.getTime() + 90 * 60_000)
  const pulse = { at: now, wireMs: now.getTime(), lastMs: now.getTime() - 60_000, failed: [] }
  const monthAgo = new Date(now.getTime() - 30 * 86_400_000)
  const { minister, leader, director, officer, head, clerk } = OF_OFFICE
  const some = (round: number, from: number, count: number) => from + 1 + ((round * 7_919) % count)
  const says = (name: string, who: string, sub: string, text = ''): Act => ({
    name,
    async run() {
      const [word = ''] = sub.split(' ').slice(-1)
      const subject = feature(sub.split(' ')[0] ?? '')
      const turn = await turnOf(look, who)
      const command = subject.commands[sub.includes(' ') ? word : '']
      return shown(turn, await command?.run(turn, { ...SAID, text }))
    },
  })
  const filters = (
    name: string,
    who: string,
    form: Record<string, string>,
    value: Record<string, string | number> = {},
  ): Act => ({
    name,
    async run() {
      const turn = await turnOf(look, who)
      const { fresh } = await (feature('task').actions.ledger as Action)(turn, {
        value,
        form,
        copy: undefined,
        message: '',
      })
      return fresh
    },
  })
  const draws = (name: string, who: string, matter: (round: number) => string): Act => ({
    name,
    run: round => draw(look, { feature: 'task', id: matter(round) }, who),
  })
  const wireMs = now.getTime()
  const heard = (name: string, of: (round: number) => { message: string; origin: string }): Act => ({
    name,
    run: round =>
      claim(db, {
        ...{ key: crypto.randomUUID(), at: now, who: clerk, today: dayIn(now), chat: 'oc_1' },
        ...of(round),
      }),
  })
  return {
    daily: [
      heard('a press is taken up', round => ({ message: `om_${some(round, 0, ended)}_${officer}`, origin: '' })),
      heard('a reply is taken up', round => ({ message: `om_${round}`, origin: `om_${round}_first` })),
      {
        name: 'the cards of a matter are drawn anew',
        async run(round) {
          const matter = { feature: 'task', matter: String(some(round, ended, open)) }
          await enqueueRedrawsOf(db, { ...matter, pressed: '', priority: 0, sender: clerk, queuedMs: wireMs })
          const [copy = 0] = await copiesOf(db, matter)
          await copyToDraw(db, copy)
          await assureRedraw(db, { copy, sender: clerk, queuedMs: wireMs, dueMs: wireMs + 1 })
          await withdrawRedraw(db, { copy, dueMs: wireMs, sinceMs: wireMs }, wireMs)
        },
      },
      {
        name: 'what waits leaves',
        async run() {
          await nextParcelMs(db)
          const { taken } = await claimParcels(db, wireMs + 1_000, 10_000, ({ heads }) => heads.map(({ id }) => id))
          for (const row of taken) await markSent(db, row, row.api === 'patch' ? '' : `om_${row.id}`, wireMs + 2_000)
        },
      },
      draws('card, ended', officer, round => String(some(round, 0, ended))),
      draws('card, open', director, round => String(some(round, ended, open))),
      draws('card, 回音', leader, round => `${some(round, 0, ended)}/echo`),
      says('/待办, 督办员', officer, 'todo'),
      says('/待办, 分管领导', leader, 'todo'),
      says('/待办, 承办人', clerk, 'todo'),
      says('/今日', clerk, 'today'),
      says('工作早报', clerk, 'digest'),
      says('/督办 列表', officer, 'task 列表'),
      says('/督办 逾期, 全部', director, 'task 逾期'),
      says('/督办 逾期, 科室', head, 'task 逾期'),
      says('/督办 督〔…〕…号', officer, 'task', '督〔2026〕17号'),
      says('/提醒 列表', clerk, 'remind 列表'),
      { name: '相似事项', run: round => openOfUnit(db, EVERYTHING, unitNo(round % 60), monthAgo, 0) },
      { name: '编号', run: () => takeNumber(db, '', '督', 2026) },
    ],
    ledger: [
      says('/交办 列表', clerk, 'assign 列表'),
      says('/督办 我的, 承办人', clerk, 'task 我的'),
      says('/督办 我的, 督办员', officer, 'task 我的'),
      says('台账, 全部', officer, 'task 台账'),
      says('台账, 科室', head, 'task 台账'),
      says('台账, 承办人', clerk, 'task 台账'),
      filters('台账, 全部, 深页', officer, {}, { page: 9_000, before: Math.ceil(ended / 2) }),
      filters('台账, 全部, 上一页', officer, {}, { page: 9_000, after: Math.ceil(ended / 2) }),
      filters('台账, 科室, 深页', head, {}, { page: 90, before: Math.ceil(ended / 2) }),
      filters('台账, 状态 已办结', officer, { state: 'closed' }),
      filters('台账, 状态 已办结, 深页', officer, { state: 'closed' }, { page: 900, before: Math.ceil(ended / 3) }),
      filters('台账, 状态 延期待批', officer, { state: 'extending' }),
      filters('台账, 逾期', officer, { state: 'late' }),
      filters('台账, 单位', officer, { unit: unitNo(11) }),
      filters('台账, 单位, 深页', officer, { unit: unitNo(11) }, { page: 90, before: Math.ceil(ended / 3) }),
      filters('台账, 来源', officer, { source: 'RDYQ' }),
      filters('台账, 来源, 深页', officer, { source: 'RDYQ' }, { page: 90, before: Math.ceil(ended / 3) }),
      filters('台账, 月份', officer, { month: '2019-05' }),
      filters('台账, 状态与月份', officer, { state: 'cancelled', month: '2018-03' }),
      filters('台账, 单位与来源', officer, { unit: unitNo(12), source: 'XFJB' }),
      filters('台账, 单位、来源与月份', minister, { unit: unitNo(12), source: 'XFJB', month: '2020-07' }),
      says('统计, 本月', director, 'task 统计'),
      says('统计, 往月', director, 'task 统计', '2019-05'),
      says('/查 词', officer, 'find', '第888项'),
      says('/查 词, 承办人', clerk, 'find', '第888项'),
      says('/查 编号', officer, 'find', '督〔2019〕77号'),
    ],
    beat: features.flatMap(({ name, due, nextDue, awaited, withheld, uncalibrated, recalibrate, watch }) => [
      ...(uncalibrated ? [{ name: `uncalibrated ${name}`, run: () => uncalibrated(look) }] : []),
      ...(recalibrate
        ? [{ name: `recalibrate ${name}`, run: () => undone(db, tx => recalibrate(beatOf({ ...look, db: tx }))) }]
        : []),
      ...(due ?? []).map(one => ({
        name: `due ${name}`,
        run: () => undone(db, tx => one(heartbeatOf({ ...look, db: tx, now: later }))),
      })),
      ...(watch
        ? [{ name: `watch ${name}`, run: () => undone(db, tx => watch(beatOf({ ...look, db: tx }), pulse)) }]
        : []),
      ...(nextDue ? [{ name: `nextDue ${name}`, run: () => nextDue(look) }] : []),
      ...(awaited ? [{ name: `awaited ${name}`, run: () => awaited(look) }] : []),
      ...(withheld ? [{ name: `withheld ${name}`, run: () => withheld.people(look) }] : []),
    ]),
  }
}

/** What is done in a transaction that does not stay, so that it can be done again. */
async function undone(db: Db, run: (tx: Db) => Promise<unknown>): Promise<void> {
  await db
    .transaction(async tx => {
      await run(tx)
      tx.rollback()
    })
    .catch((error: unknown) => {
      if (!(error instanceof TransactionRollbackError)) throw error
    })
}

const feature = (name: string): Feature => {
  const found = features.find(one => one.name === name)
  if (!found) throw new Error(`no subject ${name}`)
  return found
}

async function turnOf(look: Look, id: string): Promise<Turn> {
  const [[who], roles] = await Promise.all([peopleById(look.db, [id]), rolesHeldBy(look.db, id, dayIn(look.now))])
  if (!who) throw new Error('the office is not filled')
  return { ...beatOf(look), who, roles, standsFor: [], chat: { id: 'oc_private', kind: 'private' } }
}

const beatOf = (look: Look): Beat => ({
  ...look,
  record: () => {},
  send: () => {},
  fetch: () => {},
  redraw: () => {},
  redrawAll: () => {},
  readCalendars: () => {},
  askReaders: () => {},
  schedule: () => {},
})

const heartbeatOf = (look: Look): Heartbeat => ({
  ...beatOf(look),
  take: async (_kind, most, read) => [...(await read(most, []))],
  goOn: by => ({ ...beatOf(look), ...by, standsFor: [], chat: { id: '', kind: 'private' } }),
})

/** An answer that shows a matter is drawn when it leaves. */
async function shown(turn: Turn, answer: Answer | undefined): Promise<unknown> {
  const say: Body | undefined = answer?.say
  return say && 'matter' in say ? draw(turn, say.matter, turn.who.id) : say
}

async function draw(look: Look, { feature: name, id }: { feature: string; id: string }, who: string): Promise<unknown> {
  return feature(name).draw?.(look, id, { kind: 'person', id: who })
}

async function copiesOf(db: Db, { feature, matter }: { feature: string; matter: string }): Promise<number[]> {
  const found = await rowsOf<{ id: string }>(
    db.execute(`select id from copies where feature = '${feature}' and matter = '${matter}' order by id`),
  )
  return found.map(({ id }) => Number(id))
}
