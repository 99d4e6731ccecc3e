import { readdirSync, readFileSync } from 'node:fs'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { countUnsealed } from '../db/audit.ts'
import { canonical, entryHash, headAndLast, headText } from '../db/audit-chain.ts'
import { type Db, openPostgres, rowsOf } from '../db/client.ts'
import { record } from '../db/events.ts'
import { getTask } from '../db/task.ts'
import { exportFile } from '../handlers/audit/export.ts'
import { features } from '../handlers/index.ts'
import { syncDirectory } from '../src/bot/directory.ts'
import { createKeys, type Keys } from '../src/bot/keys.ts'
import { pack } from '../src/bot/pack.ts'
import { seal } from '../src/bot/seal.ts'
import { verifyExport } from '../src/bot/verify-export.ts'
import type { DirectoryDepartment } from '../src/feishu/contact.ts'
import { prepareHouse } from '../src/house.ts'
import { type Flow, moveNames } from '../src/kit/flow.ts'
import { stateHash } from '../src/kit/state.ts'
import { assignFlow } from '../src/office/assign/flow.ts'
import { NOTHING_ASKED, readAsked, readSpan } from '../src/office/audit/asked.ts'
import { actWords } from '../src/office/audit/words.ts'
import { tripFlow } from '../src/office/car/flow.ts'
import { publicationFlow } from '../src/office/car/publication.ts'
import { repairFlow } from '../src/office/car/repair.ts'
import { meetingFlow, replyFlow } from '../src/office/meeting/flow.ts'
import { minutesFlow } from '../src/office/meeting/minutes.ts'
import { seriesFlow } from '../src/office/meeting/series.ts'
import { alertFlow } from '../src/office/secrecy/alert.ts'
import { bulletinFlow } from '../src/office/task/bulletin.ts'
import { assistFlow, taskFlow } from '../src/office/task/flow.ts'
import { type Cast, giveOut, openCast } from './harness/cast.ts'
import { freshDatabase, hasPostgres, kinds } from './harness/databases.ts'
import { filesOf } from './harness/files.ts'
import { feishuOf, TestOffice, type TestPerson } from './harness/office.ts'
import { removal } from './harness/removal.ts'
import { secondBot, urlOf } from './harness/second.ts'
import { count, rows } from './harness/traces.ts'
import { unzip } from './harness/zip.ts'

const NOW = new Date('2026-11-24T09:00:00+08:00')

/** What an operator does who owns the database: with the triggers off, and on again. */
async function behindTheBack(db: Db, ...statements: string[]): Promise<void> {
  for (const table of ['events', 'audit_chain']) await rows(db, `alter table ${table} disable trigger all`)
  for (const statement of statements) await rows(db, statement)
  for (const table of ['events', 'audit_chain']) await rows(db, `alter table ${table} enable trigger all`)
}

const sealAll = async (office: Parameters<typeof seal>[0]): Promise<void> => {
  while (await seal(office));
}

/** The same export with its records changed, and everything else as it was. */
async function repacked(bytes: Uint8Array, change: (records: string) => string): Promise<Uint8Array> {
  const files = [...unzip(Buffer.from(bytes))].map(([path, text]) => ({
    path,
    text: [path === 'records.jsonl' ? change(text) : text],
  }))
  return pack(files)
}

describe.each(kinds)('审计 on %s', kind => {
  let cast: Cast
  let auditor: TestPerson
  let keeper: TestPerson
  beforeAll(async () => {
    cast = await openCast({ kind, wire: 'hasty' })
    auditor = cast.office.person('郑洁')
    keeper = cast.office.person('曹颖')
    const admin = cast.office.person('刘芳')
    await admin.says('/角色 @郑洁 安全审计员')
    await admin.says('/角色 @曹颖 保密员')
    await giveOut(cast, '@陈晨 整理会议材料 11月27日前')
  })
  afterAll(() => cast.office.close())

  const db = () => cast.office.database.db
  const house = () => cast.office.bot.house.office
  const verify = async () => {
    await sealAll(house())
    await auditor.says('/审计 校验')
    return (await auditor.seesCard()).card
  }

  it('每条记录都入链一次,链条完整,各批有本应用签名', async () => {
    const { title, text } = await verify()
    expect(title).toBe('审计链校验 · 完整')
    await sealAll(house())
    expect(await count(db(), 'audit_chain')).toBe(await count(db(), 'events'))
    expect(await count(db(), 'audit_unsealed')).toBe(0)
    expect(text).toContain('自第1条起')
    expect(text).toContain(await house().facts.keys.publicKey())
  })

  it('按人员、编号、时间、功能、结果查询,最新的在前,不显示内容', async () => {
    await auditor.says('/审计 督〔2026〕1号')
    const { text } = (await auditor.seesCard()).card
    expect(text).toMatch(/李静\(办公室主任\) 同意交办 督〔2026〕1号/)
    expect(text).toMatch(/王强\(督办员\) 拟办 督〔2026〕1号/)
    expect(text.indexOf('同意交办')).toBeLessThan(text.indexOf('拟办'))
    expect(text).not.toContain('整理会议材料')
    await auditor.says('/审计 @王强 11月 督办')
    const his = (await auditor.seesCard()).card.text
    expect(his).toContain('送审')
    expect(his).not.toContain('李静')
  })

  it('没有编号的事项,按记录中所写的内部序号查询', async () => {
    await cast.wang.says('/交办 @郑洁 送文件')
    await cast.wang.says('/交办 @陈晨 取文件')
    await cast.wang.presses('取消')
    await auditor.says('/审计 @王强 交办 今天')
    const shown = (await auditor.seesCard()).card.text
    const [, ordinal = ''] = /取消 未编号事项\(内部序号(\d+)\)/.exec(shown) ?? []
    expect(Number(ordinal)).toBeGreaterThan(1)
    for (const said of [
      `交办 序号${ordinal}`,
      `交办 未编号事项（内部序号${ordinal}）`,
      `今天 序号 ${ordinal} @王强 交办`,
    ]) {
      await auditor.says(`/审计 ${said}`)
      const { text } = (await auditor.seesCard()).card
      expect(text).toContain(`取消 未编号事项(内部序号${ordinal})`)
      expect(text).not.toContain(`内部序号${Number(ordinal) - 1})`)
    }
    await auditor.says('/审计')
    await auditor.presses('查询', { form: { number: `内部序号${ordinal}`, feature: 'assign' } })
    expect((await auditor.seesCard()).card.text).toContain(`取消 未编号事项(内部序号${ordinal})`)
    await sealAll(house())
    await auditor.says(`/审计 导出 交办 序号${ordinal}`)
    const [file] = (await filesOf(cast.office, auditor)).slice(-1)
    expect(unzip(Buffer.from(file?.bytes ?? [])).get('records.jsonl')).toContain(`内部序号${ordinal}`)
  })

  it('每次变更都记下前后全部内容的摘要:首尾相接,与现状一致,查询和导出可见', async () => {
    const changes = await rows<{ act: string; hashes: { before: string | null; after: string | null } }>(
      db(),
      `select act, data -> 'hashes' as hashes from events where feature = 'task' and matter = '1' and data ? 'hashes' order by id`,
    )
    expect(changes.map(({ act }) => act)).toEqual(['draft', 'submit', 'approve'])
    expect(changes[0]?.hashes.before).toBeNull()
    for (const [i, { hashes }] of changes.entries()) {
      expect(hashes.after).toMatch(/^[0-9a-f]{64}$/)
      expect(hashes.after).not.toBe(hashes.before)
      if (i) expect(hashes.before).toBe(changes[i - 1]?.hashes.after)
    }
    const now = changes.at(-1)?.hashes.after ?? ''
    expect(now).toBe(stateHash({ '': await getTask(db(), 1) }))
    await auditor.says('/审计 督〔2026〕1号')
    expect((await auditor.seesCard()).card.text).toContain(
      `变更 ${changes.at(-1)?.hashes.before?.slice(0, 8)}→${now.slice(0, 8)}`,
    )
    await sealAll(house())
    await auditor.says('/审计 导出 督〔2026〕1号')
    const [file] = (await filesOf(cast.office, auditor)).slice(-1)
    const records = unzip(Buffer.from(file?.bytes ?? [])).get('records.jsonl') ?? ''
    expect(records).toContain(`"变更后摘要":"${now}"`)
    expect(records).not.toContain('整理会议材料')
  })

  it('角色和设置的变更也有前后摘要;只是看看的没有', async () => {
    const admin = cast.office.person('刘芳')
    const hashes = async (where: string) =>
      (
        await rows<{ hashes: { before: string | null; after: string | null } | null }>(
          db(),
          `select data -> 'hashes' as hashes from events where ${where} order by id desc limit 1`,
        )
      )[0]?.hashes
    await admin.says('/角色 @秦岚 信息员')
    expect(await hashes(`feature = 'role' and act = 'grant'`)).toMatchObject({ before: null })
    await admin.says('/角色 撤销 @秦岚 信息员')
    const withdrawn = await hashes(`feature = 'role' and act = 'withdraw'`)
    expect(withdrawn?.before).toMatch(/^[0-9a-f]{64}$/)
    expect(withdrawn?.after).not.toBe(withdrawn?.before)
    await admin.says('/设置')
    await admin.presses('保存', { form: { hours: '09:00-12:00,14:00-17:00' } })
    expect((await hashes(`feature = 'settings' and act = 'hours'`))?.after).toMatch(/^[0-9a-f]{64}$/)
    await cast.wang.says('/督办 台账')
    expect(await hashes(`feature = 'task' and who = '${cast.wang.id}'`)).toBeNull()
  })

  it('被拒绝的查看也有记录,说明是谁、按什么身份', async () => {
    await cast.chen.says('/审计 今天')
    await auditor.says('/审计 今天 拒绝 审计')
    const { text } = (await auditor.seesCard()).card
    expect(text).toContain('陈晨')
    expect(text).toContain('被拒绝')
  })

  it.each(['刘芳', '李静', '周正', '张明', '王强', '冯军', '陈晨'])('%s不能查看、校验和导出', async name => {
    const person = cast.office.person(name)
    for (const line of ['/审计', '/审计 今天', '/审计 校验', '/审计 导出']) {
      await person.says(line)
      expect((await person.sees()).words).toContain('审计记录仅限安全审计员查看')
    }
  })

  it('保密员只能看到与保密有关的记录,不能校验和导出', async () => {
    await record(db(), {
      ...{ at: NOW, who: cast.chen.id, feature: 'secrecy', act: 'block', outcome: 'refused', chat: '', delivery: 'd' },
      data: { rules: ['SEC-01'] },
    })
    await keeper.says('/审计 本月')
    const { text } = (await keeper.seesCard()).card
    expect(text).toContain('SEC-01')
    expect(text).not.toContain('李静')
    await keeper.says('/审计 督办')
    expect((await keeper.seesCard()).card.text).toContain('没有符合条件的审计记录')
    // nor does a number tell whether it has been given
    for (const number of ['督〔2026〕1号', '督〔2026〕999号']) {
      await keeper.says(`/审计 ${number}`)
      expect((await keeper.seesCard()).card.text, number).toContain('没有符合条件的审计记录')
    }
    for (const line of ['/审计 校验', '/审计 导出']) {
      await keeper.says(line)
      expect((await keeper.sees()).words).toContain('仅限安全审计员')
    }
  })

  it('只任一个单位的保密员的,不看全单位的记录', async () => {
    await cast.office.person('刘芳').says('/角色 @吴刚 保密员 综治科')
    const wu = cast.office.person('吴刚')
    await wu.says('/审计 本月')
    expect((await wu.sees()).words).toContain('审计记录仅限安全审计员查看')
  })

  it('什么都不写时给出表单,填写后查询;一页放不下时翻页', async () => {
    await auditor.says('/审计')
    expect((await auditor.seesCard()).card.title).toBe('审计记录')
    await auditor.presses('查询', { form: { days: '本月' } })
    const first = (await auditor.seesCard()).card
    expect(first.text).toMatch(/查询条件:(\d{4}年\d{1,2}月)1日至\1(28|29|30|31)日/)
    expect(first.text).toContain('第1页')
    await auditor.presses('更早记录')
    const second = (await auditor.seesCard()).card
    expect(second.text).toContain('第2页')
    expect(second.text).not.toBe(first.text)
    await auditor.presses('回到最新')
    expect((await auditor.seesCard()).card.text).toContain('第1页')
  })

  it('查看审计记录本身有记录', async () => {
    const before = await count(db(), `events where feature = 'audit' and act = 'search'`)
    await auditor.says('/审计 昨天')
    expect((await auditor.seesCard()).card.text).toMatch(/查询条件:\d{4}年\d{1,2}月\d{1,2}日\n/)
    expect(await count(db(), `events where feature = 'audit' and act = 'search'`)).toBe(before + 1)
  })

  it.each([
    ['@不存在的人 昨天', '未能识别“不存在的人”'],
    ['督〔2026〕999号', '没有编号为督〔2026〕999号的事项'],
    ['13月', '未能识别“13月”'],
    ['序号12', '内部序号请与功能一起写'],
    ['用车 船只(内部序号3)', '未能识别编号“船只(内部序号3)”'],
  ])('/审计 %s:%s', async (said, words) => {
    await auditor.says(`/审计 ${said}`)
    expect((await auditor.sees()).words).toContain(words)
  })

  it('导出的文件能脱离本程序验证,改动一处即被发现', async () => {
    await sealAll(house())
    await auditor.says('/审计 导出')
    const [file] = (await filesOf(cast.office, auditor)).slice(-1)
    expect(file?.name).toBe('审计记录_20261124.zip')
    const bytes = new Uint8Array(file?.bytes ?? [])
    const { fault, manifest, key } = await verifyExport(bytes)
    const forged = await repacked(bytes, text => text.replace('陈晨', '李静'))
    expect((await verifyExport(forged)).fault).toBe('the records are not those that were signed')
    expect(fault).toBeUndefined()
    expect(manifest?.records).toBeGreaterThan(20)
    expect(manifest?.by).toBe('郑洁')
    expect(key).toBe(await house().facts.keys.publicKey())
    await cast.office.settled()
    await auditor.says('/审计 审计')
    expect((await auditor.seesCard()).card.text).toContain('发出文件 发给郑洁')
  })

  it('导出的只到下令时的链尾,写明有几条尚未入链;生成时已不是安全审计员的,不签发', async () => {
    await sealAll(house())
    const { head } = await headAndLast(db())
    await cast.chen.says('/督办 列表')
    await sealAll(house())
    const look = { db: db(), now: NOW, office: house().facts }
    const ordered = { ...NOTHING_ASKED, by: auditor.id, upTo: head.seq, unsealed: 2 }
    const exported = async (order: typeof ordered) => verifyExport(await pack(await exportFile(look, order)))
    expect(await exported(ordered)).toMatchObject({
      fault: undefined,
      manifest: { upTo: head.seq, records: head.seq, unsealed: 2 },
    })
    expect((await exported({ ...ordered, upTo: head.seq + 1 })).manifest?.records).toBe(head.seq + 1)
    expect(await exportFile(look, { ...ordered, by: cast.chen.id })).toEqual([
      { path: '说明.txt', text: [expect.stringContaining('已不是安全审计员')] },
    ])
    const waiting = db().transaction(async tx => {
      await tx.execute(sql`insert into audit_unsealed (event) select max(event) from audit_chain`)
      const later = new Date('2027-01-01T00:00:00+08:00')
      expect(await countUnsealed(tx, {}, later)).toBe(1)
      expect(await countUnsealed(tx, { features: ['car'] }, later)).toBe(0)
      // nor are those of before the chain sealed at once
      await tx.execute(sql`update audit_head set old_until = 4, old_done = 1`)
      expect(await countUnsealed(tx, {}, later)).toBe(4)
      throw new Error('undone')
    })
    await expect(waiting).rejects.toThrow('undone')
  })

  it('导出的台账何时发给了谁,有记录', async () => {
    await cast.wang.says('/督办 导出')
    await cast.office.settled()
    const [left] = await rows<{ who: string; data: { to: string } }>(
      db(),
      `select who, data from events where feature = 'task' and act = 'file.left' order by id desc limit 1`,
    )
    expect(left).toMatchObject({ who: cast.wang.id, data: { to: cast.wang.id } })
  })
})

const TABLES = ['events', 'audit_chain', 'audit_head', 'audit_unsealed', 'audit_checks']

/** All that the chain is about, as it is once nothing waits to be sealed: what is noted after an answer has left belongs to it. */
async function keep({ office }: Cast): Promise<void> {
  const { db } = office.database
  for (const table of TABLES) await rows(db, `create table kept_${table} as select * from ${table} where false`)
  do {
    await office.settled()
    await sealAll(office.bot.house.office)
    await db.transaction(async tx => {
      await rows(tx, 'lock table events in share mode')
      for (const table of TABLES)
        await rows(tx, `with none as (delete from kept_${table}) insert into kept_${table} select * from ${table}`)
    })
  } while (await count(db, 'kept_audit_unsealed'))
}

async function putBack(db: Db): Promise<void> {
  await db.transaction(async tx => {
    await rows(tx, 'lock table audit_head in access exclusive mode')
    for (const table of TABLES) {
      await rows(tx, `alter table ${table} disable trigger all`)
      await rows(tx, `delete from ${table}`)
      await rows(tx, `insert into ${table} overriding system value select * from kept_${table}`)
      await rows(tx, `alter table ${table} enable trigger all`)
    }
  })
}

/** Reckons the chain anew from one entry on, as somebody may who knows the rules; and signs it as they can. */
async function rewrite(db: Db, from: number, keys: Keys | undefined): Promise<void> {
  const [before] = await rows<{ hash: string }>(db, `select hash from audit_chain where seq = ${from - 1}`)
  let hash = before?.hash ?? '0'.repeat(64)
  const rest = await rows<{ seq: string | number; text: string; signed: boolean }>(
    db,
    `select c.seq, c.signature is not null as signed, (select jsonb_build_array(e.id, to_jsonb(e.at at time zone 'UTC'), e.who,
       e.acting_for, e.roles, e.feature, e.matter, e.act, e.outcome, e.chat, e.delivery,
       encode(sha256(convert_to(e.data::text, 'UTF8')), 'hex'))::text) as text
     from audit_chain c join events e on e.id = c.event where c.seq >= ${from} order by c.seq`,
  )
  const statements: string[] = []
  for (const { seq, text, signed } of rest) {
    hash = entryHash(hash, Number(seq), text)
    const signature = await keys?.sign(new TextEncoder().encode(headText({ seq: Number(seq), hash })))
    const sets = `hash = '${hash}'${signature && signed ? `, signature = '${signature}'` : ''}`
    statements.push(`update audit_chain set ${sets} where seq = ${seq}`)
    if (signature) statements.push(`update audit_head set hash = '${hash}', signature = '${signature}'`)
  }
  await behindTheBack(db, ...statements)
}

describe.each(kinds)('被改动的审计链 on %s', kind => {
  let cast: Cast
  let auditor: TestPerson
  /** An entry in the middle, right after a signed one, with its event; and the last. */
  let middle: { seq: number; event: number }
  let last: number
  const db = () => cast.office.database.db
  const house = () => cast.office.bot.house.office
  beforeAll(async () => {
    cast = await openCast({ kind, wire: 'hasty' })
    auditor = cast.office.person('郑洁')
    await cast.office.person('刘芳').says('/角色 @郑洁 安全审计员')
    await sealAll(house())
    for (let i = 0; i < 4; i++) {
      await cast.wang.says('/督办 列表')
      await sealAll(house())
    }
    await auditor.says('/审计 校验')
    await keep(cast)
    last = await count(db(), 'kept_audit_chain')
    const [row] = await rows<{ seq: string | number; event: string | number }>(
      db(),
      `select seq, event from audit_chain where seq =
         (select max(seq) + 1 from audit_chain where signature is not null and seq < ${last - 4})`,
    )
    middle = { seq: Number(row?.seq), event: Number(row?.event) }
  })
  afterEach(async () => {
    // what is noted once an answer has left goes with it
    await cast.office.settled()
    await putBack(db())
  })
  afterAll(() => cast.office.close())

  const told = async (): Promise<string> => {
    // an event that comes first may be sealed meanwhile, and then stands where the chain breaks
    await auditor.says('/审计 校验', { isOpen: true })
    const { card } = await auditor.seesCard()
    return `${card.title}\n${card.text}`
  }

  const CASES: Array<[string, () => Promise<void>, () => string]> = [
    [
      '记录被改',
      () => behindTheBack(db(), `update events set who = 'ou_x' where id = ${middle.event}`),
      () => `审计链第${middle.seq}条与记录${middle.event}不符`,
    ],
    [
      '记录的附加数据被改',
      () => behindTheBack(db(), `update events set data = data || '{"x": 1}' where id = ${middle.event}`),
      () => `审计链第${middle.seq}条与记录${middle.event}不符`,
    ],
    [
      '记录被删',
      () => behindTheBack(db(), `delete from events where id = ${middle.event}`),
      () => `审计链第${middle.seq}条对应的记录${middle.event}已被删除`,
    ],
    [
      '两条记录对调',
      () =>
        behindTheBack(
          db(),
          `update events a set (at, who, act, delivery) = (select at, who, 'swapped', delivery from events b where b.id = ${middle.event} + 1) where id = ${middle.event}`,
        ),
      () => `审计链第${middle.seq}条与记录${middle.event}不符`,
    ],
    [
      '链条对调',
      () =>
        behindTheBack(
          db(),
          `update audit_chain set event = -event where seq in (${middle.seq}, ${middle.seq + 1})`,
          `update audit_chain set event = case seq when ${middle.seq} then ${middle.event} + 1 else ${middle.event} end where seq in (${middle.seq}, ${middle.seq + 1})`,
        ),
      () => `审计链第${middle.seq}条`,
    ],
    [
      '插入记录',
      () =>
        behindTheBack(
          db(),
          `insert into events (at, who, feature, act, outcome, chat, delivery, data) values (now(), 'x', 'task', 'approve', 'ok', '', '', '{}')`,
        ),
      () => '不在审计链中',
    ],
    [
      '链上摘要被改',
      () => behindTheBack(db(), `update audit_chain set hash = repeat('a', 64) where seq = ${middle.seq}`),
      () => `审计链第${middle.seq}条与记录${middle.event}不符`,
    ],
    [
      '链条缺一条',
      () => behindTheBack(db(), `delete from audit_chain where seq = ${middle.seq}`),
      () => `审计链第${middle.seq}条缺失`,
    ],
    [
      '连同链尾被截去',
      () =>
        behindTheBack(
          db(),
          `delete from events where id in (select event from audit_chain where seq > ${middle.seq - 1})`,
          `delete from audit_chain where seq > ${middle.seq - 1}`,
          `update audit_head set (seq, hash, signature) = (select seq, hash, signature from audit_chain where seq = ${middle.seq - 1})`,
          'delete from audit_unsealed',
        ),
      () => '审计链末尾被截去',
    ],
    [
      '链头之后多出一条',
      () =>
        behindTheBack(
          db(),
          `insert into audit_chain (seq, event, hash) values ((select max(seq) + 7 from audit_chain), 0, repeat('a', 64))`,
        ),
      () => '审计链在链头之后多出',
    ],
    [
      '记录被改,其后的链条全部重算,链头未动',
      async () => {
        await behindTheBack(db(), `update events set who = 'ou_x' where id = ${middle.event}`)
        await rewrite(db(), middle.seq, undefined)
      },
      () => `链尾与已签名的链头不符,最早自第${middle.seq}条起被改写`,
    ],
    [
      '全链重算,以别的密钥签名',
      async () => {
        await behindTheBack(db(), `update events set who = 'ou_x' where id = ${middle.event}`)
        await rewrite(db(), middle.seq, createKeys('another secret'))
      },
      () => `链头签名与本应用密钥不符,最早自第${middle.seq}条起`,
    ],
  ]

  it.each(CASES)('%s:被发现,并指出位置', async (_, tamper, words) => {
    await tamper()
    expect(await told()).toContain(words())
    await putBack(db())
    expect(await told()).toContain('审计链校验 · 完整')
  })

  it('别人签的链头之上不再添加,新记录等着;安全审计员确认更换密钥后继续', async () => {
    await rewrite(db(), 1, createKeys('the secret of before'))
    await cast.chen.says('/督办 列表')
    await sealAll(house())
    expect(await count(db(), 'audit_chain')).toBe(last)
    expect(await told()).toContain('最早自第1条起')
    await auditor.presses('确认更换密钥')
    await sealAll(house())
    expect(await count(db(), 'audit_unsealed')).toBe(0)
    expect(await told()).toContain('审计链校验 · 完整')
  })

  it('每夜自动校验新增部分,发现异常时告知安全审计员;周日夜间从头校验', async () => {
    const alarms = async () => (await auditor.messages()).filter(one => one.card?.title === '审计告警')
    await cast.office.moveTo('2026-11-25T03:00:00+08:00')
    expect(await count(db(), `audit_checks where asked_by = '' and state = 'whole'`)).toBe(1)
    await cast.chen.says('/督办 列表')
    await sealAll(house())
    const [newest] = await rows<{ id: string }>(db(), 'select max(event) as id from audit_chain')
    await behindTheBack(db(), `update events set act = 'x' where id = ${newest?.id}`)
    await cast.office.moveTo('2026-11-25T04:00:00+08:00')
    expect(await alarms()).toHaveLength(0)
    await cast.office.moveTo('2026-11-26T03:00:00+08:00')
    expect((await alarms()).at(-1)?.card?.text).toContain(`与记录${newest?.id}不符`)
    await putBack(db())
    await behindTheBack(db(), `update events set act = 'x' where id = ${middle.event}`)
    await cast.office.moveTo('2026-11-28T03:00:00+08:00')
    expect(await alarms()).toHaveLength(1)
    await cast.office.moveTo('2026-11-29T03:00:00+08:00')
    expect((await alarms()).at(-1)?.card?.text).toContain(`与记录${middle.event}不符`)
    expect(await alarms()).toHaveLength(2)
  })

  it('安全审计员已离岗的,审计告警发给系统管理员', async () => {
    await behindTheBack(db(), `update events set act = 'x' where id = ${middle.event}`)
    await rows(db(), `update people set active = false where id = '${auditor.id}'`)
    const admin = cast.office.person('刘芳')
    await cast.office.moveTo('2026-12-06T03:00:00+08:00')
    const alarms = (await admin.messages()).filter(one => one.card?.title === '审计告警')
    expect(alarms.at(-1)?.card?.text).toContain('审计链校验发现异常,但尚未设置安全审计员')
    await rows(db(), `update people set active = true where id = '${auditor.id}'`)
  })

  it('时钟曾经走快的,改正后每夜照常校验', async () => {
    const nightly = () => count(db(), `audit_checks where asked_by = ''`)
    await rows(db(), `update audit_checks set at = at + interval '400 days' where asked_by = ''`)
    const before = await nightly()
    await cast.office.moveTo('2026-12-07T03:00:00+08:00')
    await cast.office.moveTo('2026-12-07T04:00:00+08:00')
    expect(await nightly()).toBe(before + 1)
  })

  it('按钮代发的命令,与键入的命令一样留下审计记录', async () => {
    const wang = cast.office.person('王强')
    await wang.says('/督板 台账')
    await wang.presses('/督办 台账')
    const [last] = await rows<{ feature: string; act: string }>(
      db(),
      `select feature, act from events where who = '${wang.id}' order by id desc limit 1`,
    )
    expect(last).toEqual({ feature: 'task', act: '台账' })
  })

  it.each(['events', 'audit_chain'])('%s 不能改、不能删、不能清空', async table => {
    await expect(rows(db(), `update ${table} set ${table === 'events' ? 'who' : 'hash'} = 'x'`)).rejects.toThrow()
    await expect(rows(db(), `delete from ${table}`)).rejects.toThrow()
    await expect(rows(db(), `truncate ${table}`)).rejects.toThrow()
  })

  it('没有两条不同的记录得出同样的文本', async () => {
    const text = fc.option(
      fc.oneof(fc.constantFrom('', 'a', 'b', 'null', '"', ', ', '["'), fc.string({ maxLength: 4 })),
      { nil: null },
    )
    const texts = fc.array(text, { minLength: 9, maxLength: 9 })
    const row = fc.record({ id: fc.integer({ min: 1, max: 2 }), texts, data: fc.jsonValue() })
    await fc.assert(
      fc.asyncProperty(row, row, async (one, other) => {
        // most pairs differ in one place only, or in none
        const near = { ...one, texts: one.texts.with(other.id, other.texts[other.id] ?? null) }
        for (const pair of [other, near, one]) {
          const { same, alike } = await compared(db(), one, pair)
          expect(alike).toBe(same)
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe.each(kinds)('按保存期限清除之后的审计链 on %s', kind => {
  let cast: Cast
  let auditor: TestPerson
  /** The last entry of the first year, the first that is younger than a year, and the last of all. */
  let [old, young, last] = [0, 0, 0]
  const db = () => cast.office.database.db
  const house = () => cast.office.bot.house.office
  const remove = (change: (statement: string) => string = said => said) =>
    rows(db(), change(removal(cast.office.clock.now())))
  const entry = async (which: string): Promise<number> =>
    Number((await rows<{ n: string | number }>(db(), `select ${which} as n`))[0]?.n)
  /** The entry of which only the hash is kept. */
  const start = () => entry('(select min(seq) from audit_chain)')
  beforeAll(async () => {
    cast = await openCast({ kind, wire: 'hasty', now: '2023-11-22T09:00:00+08:00' })
    auditor = cast.office.person('郑洁')
    await cast.office.person('刘芳').says('/角色 @郑洁 安全审计员')
    await sealAll(house())
    old = await count(db(), 'audit_chain')
    await cast.office.moveTo('2023-11-22T09:01:00+08:00')
    for (const now of ['2025-06-11', '2026-11-24']) {
      await cast.office.moveTo(`${now}T09:00:00+08:00`)
      for (let i = 0; i < 2; i++) {
        await cast.wang.says('/督办 列表')
        await cast.chen.says('/督办 列表')
        await sealAll(house())
      }
    }
    young = await entry(
      `(select min(seq) from audit_chain c join events e on e.id = c.event where e.at > '2026-01-01')`,
    )
    await auditor.privateChat()
    await keep(cast)
    last = await count(db(), 'kept_audit_chain')
  })
  afterEach(async () => {
    // what is noted once an answer has left goes with it
    await cast.office.settled()
    await putBack(db())
  })
  afterAll(() => cast.office.close())

  const told = async (): Promise<string> => {
    await sealAll(house())
    // an event that comes first may be sealed meanwhile, and then stands where the chain breaks
    await auditor.says('/审计 校验', { isOpen: true })
    const { card } = await auditor.seesCard()
    return `${card.title}\n${card.text}`
  }

  it('按说明清除的,仍为完整,说明自第几条、何日起;此后照常校验、导出,清除前的记录不再列出', async () => {
    const whole = await told()
    expect(whole).toContain('自第1条起')
    const events = await count(db(), 'events')
    const over = await count(db(), `events where at < '2025-11-23'`)
    expect(over).toBeGreaterThan(old)
    await remove()
    // the last record that is over stays, and shows that whatever stood before it was so too
    expect(await count(db(), 'events')).toBe(events - over + 1)
    const text = await told()
    expect(text).toContain('审计链校验 · 完整')
    expect(text).toContain(`自第${over}条(2025年6月11日)起,此前记录已按保存期限清除`)
    await auditor.says('/审计 2023年')
    expect((await auditor.seesCard()).card.text).toContain('没有符合条件的审计记录')
    await sealAll(house())
    await auditor.says('/审计 导出')
    const [file] = (await filesOf(cast.office, auditor)).slice(-1)
    const { fault, manifest } = await verifyExport(new Uint8Array(file?.bytes ?? []))
    expect(fault).toBeUndefined()
    expect(manifest?.records).toBeGreaterThanOrEqual(events - over)
    await expect(rows(db(), 'delete from events')).rejects.toThrow()
    await expect(rows(db(), 'delete from audit_chain')).rejects.toThrow()
  })

  it('再次清除,无可清除', async () => {
    await remove()
    const kept = await count(db(), 'events')
    await remove()
    expect(await count(db(), 'events')).toBe(kept)
    expect(await told()).toContain('审计链校验 · 完整')
  })

  it('文件发给过谁,三年内不清除,连同其后的', async () => {
    // a chain that knows such a past, and is signed by us
    const newest = `(select max(id) from events where at < '2024-01-01')`
    await behindTheBack(db(), `update events set act = 'file.left' where id = ${newest}`)
    await rewrite(db(), 1, house().facts.keys)
    expect(await told()).toContain('审计链校验 · 完整')
    await remove(statement => statement.replace("interval '3 years'", "interval '4 years'"))
    expect(await count(db(), `events where act = 'file.left' and at < '2024-01-01'`)).toBe(1)
    const left = await entry(`(select c.seq from audit_chain c join events e on e.id = c.event where e.id = ${newest})`)
    expect(await told()).toContain(`自第${left - 1}条(2023年11月22日)起,此前记录已按保存期限清除`)
  })

  it('清除之后更换密钥的,确认后照常', async () => {
    await remove()
    await rewrite(db(), (await start()) + 1, createKeys('the secret of before'))
    expect(await told()).toContain('链头签名与本应用密钥不符')
    await auditor.presses('确认更换密钥')
    expect(await told()).toContain('审计链校验 · 完整')
  })

  /** Whatever stands up to an entry is taken away, whether it is over or not. */
  const cut = (entry: number, ...statements: string[]) =>
    behindTheBack(
      db(),
      `delete from events where id in (select event from audit_chain where seq <= ${entry})`,
      `delete from audit_chain where seq < ${entry}`,
      ...statements,
    )
  const CASES: Array<[string, () => Promise<unknown>, () => string]> = [
    [
      '现存最早的一条不足一年',
      () => cut(young - 1),
      () => `不足一年的审计记录被清除:第${young - 1}条及以前\n校验范围 自第${young}条(2026年11月24日)起,此前记录已清除`,
    ],
    ['不足一年的被清除', () => cut(young), () => `不足一年的审计记录被清除:第${young}条及以前`],
    ['一条不留', () => cut(last), () => `不足一年的审计记录被清除:第${last}条及以前`],
    [
      '不足一年的被清除,现存第一条的时间改早',
      () =>
        cut(
          young,
          `update events set at = '2024-01-01' where id = (select event from audit_chain where seq = ${young + 1})`,
        ),
      () => `审计链第${young + 1}条与记录`,
    ],
    [
      '起点的摘要被改',
      () => cut(old, `update audit_chain set hash = repeat('a', 64) where seq = ${old}`),
      () => `审计链第${old + 1}条与记录`,
    ],
    [
      '起点以后全部重算',
      async () => {
        await cut(old, `update audit_chain set hash = repeat('a', 64) where seq = ${old}`)
        await rewrite(db(), old + 1, undefined)
      },
      () => '链尾与已签名的链头不符',
    ],
    [
      '起点以后全部重算,以别的密钥签名',
      async () => {
        await cut(old, `update audit_chain set hash = repeat('a', 64) where seq = ${old}`)
        await rewrite(db(), old + 1, createKeys('another secret'))
      },
      () => '链头签名与本应用密钥不符',
    ],
    [
      '起点的记录还在,无从核对',
      () =>
        behindTheBack(
          db(),
          `delete from events where id in (select event from audit_chain where seq < ${old})`,
          `delete from audit_chain where seq < ${old}`,
        ),
      () => '审计链第1条缺失',
    ],
    [
      '记录还在,只删了链条',
      () =>
        cut(
          old,
          `insert into events overriding system value select * from kept_events where at < '2024-01-01' limit 1`,
        ),
      () => '不在审计链中',
    ],
    [
      '此后又缺一条',
      () => cut(old, `delete from audit_chain where seq = ${old + 2}`),
      () => `审计链第${old + 2}条缺失`,
    ],
    [
      '此后又缺一条记录',
      () => cut(old, `delete from events where id = (select event from audit_chain where seq = ${old + 1})`),
      () => `审计链第${old + 1}条对应的记录`,
    ],
  ]

  it.each(CASES)('%s:被发现', async (_, tamper, words) => {
    await tamper()
    const text = await told()
    expect(text).toContain('审计链校验 · 发现异常')
    expect(text).toContain(words())
  })

  const lastCheck = () =>
    rows(db(), 'select state, from_seq::integer as start from audit_checks order by id desc limit 1')

  it('校验进行到一半时清除的,从现存的第一条继续', async () => {
    await rows(
      db(),
      `insert into audit_checks (asked_by, at, state, from_seq, seq, hash, event)
       select '${auditor.id}', '2026-11-24 09:00+08', 'chain', 0, seq, hash, 0 from audit_chain where seq = 3`,
    )
    await remove()
    await cast.office.moveTo('2026-11-24T09:01:00+08:00')
    expect(await lastCheck()).toEqual([{ state: 'whole', start: await start() }])
  })

  it('每夜接着校验,上次校验到的已清除的,从现存的第一条起;周日也是', async () => {
    const alarms = async () => (await auditor.messages()).filter(one => one.card?.title === '审计告警').length
    const before = await alarms()
    await rows(db(), `delete from audit_checks where at > '2024-01-01'`)
    expect(await count(db(), `audit_checks where state = 'whole' and seq > 0`)).toBeGreaterThan(0)
    await remove()
    for (const night of ['2026-11-25', '2026-11-29']) {
      await cast.office.moveTo(`${night}T03:00:00+08:00`)
      expect(await lastCheck()).toEqual([{ state: 'whole', start: await start() }])
    }
    expect(await alarms()).toBe(before)
  })

  it('一年后又可清除一次', async () => {
    await remove()
    const kept = await count(db(), 'events')
    await cast.office.moveTo('2027-12-01T09:00:00+08:00')
    await cast.wang.says('/督办 列表')
    await sealAll(house())
    await remove()
    expect(await count(db(), 'events')).toBeLessThan(kept)
    expect(await told()).toMatch(/完整[\s\S]*自第\d+条\(2026年11月24日\)起,此前记录已按保存期限清除/)
  })
})

interface Row {
  id: number
  texts: Array<string | null>
  data: unknown
}

const COLUMNS = ['who', 'acting_for', 'roles', 'feature', 'matter', 'act', 'outcome', 'chat', 'delivery']

/** Whether two rows are the same, and whether their texts are. */
async function compared(db: Db, one: Row, other: Row): Promise<{ same: boolean; alike: boolean }> {
  const asRow = ({ id, texts, data }: Row) => sql`(select ${id}::bigint as id, timestamptz '2026-11-24 09:00+08' as at,
    ${sql.join(
      COLUMNS.map((column, i) => sql`${texts[i] ?? null}::text as ${sql.raw(column)}`),
      sql`, `,
    )}, ${JSON.stringify(data)}::jsonb as data)`
  const [row] = await rowsOf<{ same: boolean; alike: boolean }>(
    db.execute(sql`select row(a.*) is not distinct from row(b.*) and a.data::text = b.data::text as same,
      ${canonical('a')} = ${canonical('b')} as alike from ${asRow(one)} a, ${asRow(other)} b`),
  )
  return row ?? { same: false, alike: true }
}

describe.runIf(hasPostgres)('封存与并发的事务', () => {
  it('先取得编号、后提交的记录,也恰好入链一次', async () => {
    const database = await freshDatabase('Postgres')
    const url = await urlOf(database)
    const others = [1, 2].map(() => openPostgres(url, { max: 1 }))
    const office = { db: database.db, facts: { keys: createKeys('s') }, log: () => {} } as never
    const [slow, quick] = others.map(({ db }) => db) as [Db, Db]
    const event = (who: string) => ({
      ...{ at: NOW, who, feature: 'task', act: 'update', outcome: 'ok' as const, chat: '', delivery: '', data: {} },
    })
    let release = () => {}
    const released = new Promise<void>(done => {
      release = done
    })
    let begun = () => {}
    const isBegun = new Promise<void>(done => {
      begun = done
    })
    const late = slow.transaction(async tx => {
      await record(tx, event('slow'))
      begun()
      await released
    })
    const undone = quick.transaction(async tx => {
      await isBegun
      await record(tx, event('undone'))
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    await record(quick, event('quick'))
    await seal(office)
    expect(await sealedBy(database.db)).toEqual(['quick'])
    release()
    await late
    await seal(office)
    expect(await sealedBy(database.db)).toEqual(['quick', 'slow'])
    const [ids] = await rows<{ falling: boolean }>(
      database.db,
      'select (select event from audit_chain where seq = 1) > (select event from audit_chain where seq = 2) as falling',
    )
    expect(ids?.falling).toBe(true)
    await Promise.all(others.map(one => one.close()))
    await database.close()
  })

  it('两个机器人同时封存,期间不断有新记录:每条恰好一次,链条完整', async () => {
    const cast = await openCast({ kind: 'Postgres', wire: 'hasty' })
    const { office, wang, chen, cao } = cast
    const second = await secondBot(office)
    const auditor = office.person('郑洁')
    await office.person('刘芳').says('/角色 @郑洁 安全审计员')
    const houses = [office.bot.house.office, second.bot.house.office]
    let over = false
    const sealing = houses.map(async house => {
      while (!over) {
        await seal(house)
        await new Promise(done => setTimeout(done, 0))
      }
    })
    for (let i = 0; i < 3; i++) await Promise.all([wang, chen, cao].map(person => person.says('/督办 列表')))
    await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        (i % 2 ? office.database.db : second.bot.house.office.db).transaction(async tx => {
          await record(tx, {
            ...{
              at: NOW,
              who: wang.id,
              feature: 'task',
              act: 'update',
              outcome: 'ok',
              chat: '',
              delivery: '',
              data: {},
            },
          })
          await rows(tx, `select pg_sleep(${(i % 7) / 200})`)
        }),
      ),
    )
    over = true
    await Promise.all(sealing)
    await sealAll(office.bot.house.office)
    expect(await count(office.database.db, 'audit_chain')).toBe(await count(office.database.db, 'events'))
    expect(await count(office.database.db, 'audit_unsealed')).toBe(0)
    await auditor.says('/审计 校验')
    expect((await auditor.seesCard()).card.title).toBe('审计链校验 · 完整')
    await second.close()
    await office.close()
  })
})

describe.each(kinds)('不经指令担任的角色 on %s', kind => {
  let office: TestOffice
  let auditor: TestPerson
  beforeEach(async () => {
    office = await TestOffice.open({ kind })
    auditor = office.person('郑洁')
    await office.person('刘芳').says('/角色 @郑洁 安全审计员')
  })
  afterEach(() => office.close())

  const shown = async (of: string) => {
    await auditor.says(`/审计 ${of}`)
    return (await auditor.seesCard()).card.text
  }
  const recorded = () => count(office.database.db, `events where feature = 'role' and who = ''`)

  /** The directory is read while these hold of its departments. */
  const reads = (change: (one: DirectoryDepartment) => DirectoryDepartment[]) => {
    const inside = office.bot.house.office
    const departmentsBelow: typeof inside.feishu.departmentsBelow = async (id, page) => {
      const { items, next } = await inside.feishu.departmentsBelow(id, page)
      return { items: items.flatMap(change), next }
    }
    const range = async () => ({ departments: ['0'], people: [], next: '' })
    const feishu = Object.create(inside.feishu, {
      departmentsBelow: { value: departmentsBelow },
      range: { value: range },
    })
    return syncDirectory({ ...inside, feishu })
  }

  it('按通讯录成为或不再是科室负责人的,有记录,写明单位;没有变动的,不再记录', async () => {
    const { db } = office.database
    expect(await shown('@冯军')).toContain('系统 按通讯录设置角色 冯军 科室负责人 综治科')
    const before = await recorded()
    await syncDirectory(office.bot.house.office)
    expect(await recorded()).toBe(before)

    const led = (leader: string) =>
      reads(one => [one.name === '综治科' ? { ...one, leader: office.idOf(leader) } : one])
    await led('陈晨')
    await led('陈晨')
    expect(await recorded()).toBe(before + 2)
    expect(await shown('@冯军')).toContain('系统 按通讯录撤销角色 冯军 科室负责人 综治科')
    expect(await shown('@陈晨')).toContain('系统 按通讯录设置角色 陈晨 科室负责人 综治科')

    // of a department that is gone it is still known what it was called
    await reads(one => (one.name === '综治科' ? [] : [one]))
    expect(await recorded()).toBe(before + 3)
    expect(await shown('@陈晨')).toContain('系统 按通讯录撤销角色 陈晨 科室负责人 综治科')

    // what cannot be recorded is not changed either
    await rows(db, "create function deaf() returns trigger as $$ begin raise exception 'deaf'; end $$ language plpgsql")
    await rows(db, 'create trigger deaf before insert on events for each row execute function deaf()')
    await expect(led('陈晨')).rejects.toThrow()
    expect(await count(db, `departments where name = '综治科'`)).toBe(0)
  })

  it('按配置成为或不再是系统管理员的,有记录;重新启动不再记录', async () => {
    const starts = (...names: string[]) =>
      prepareHouse({
        config: { admins: names.map(name => office.idOf(name)), officeHours: '08:30-17:30', logLevel: 'error' },
        feishu: feishuOf(office.sim, 'webhook'),
        clock: office.clock,
        write: () => {},
      })(office.database.db).introduce()
    expect(await shown('@刘芳')).toContain('系统 按配置设置角色 刘芳 系统管理员')
    const before = await recorded()
    await starts('刘芳')
    expect(await recorded()).toBe(before)
    await starts('王强')
    await Promise.all([starts('王强'), starts('王强')])
    expect(await recorded()).toBe(before + 2)
    expect(await shown('@刘芳')).toContain('系统 按配置撤销角色 刘芳 系统管理员')
    expect(await shown('@王强')).toContain('系统 按配置设置角色 王强 系统管理员')
    await starts('刘芳')
    const last = await rows<{ act: string; hashes: { before: string | null; after: string | null } }>(
      office.database.db,
      `select act, data -> 'hashes' as hashes from events where feature = 'role' and matter = '${office.idOf('刘芳')}' order by id`,
    )
    expect(last.map(({ act }) => act)).toEqual(['configuredGrant', 'configuredWithdraw', 'configuredGrant'])
    expect(last[1]?.hashes).toEqual({ before: last[0]?.hashes.after, after: null })
  })

  it('由指令设置的角色,查询被设置的人也能看到,写明单位', async () => {
    await office.person('刘芳').says('/角色 @杨帆 区县联络员 东湖区委政法委')
    expect(await shown('@杨帆')).toContain('刘芳(系统管理员) 设置角色 杨帆 区县联络员 东湖区委政法委')
  })

  it.each(['directoryGrant', 'directoryWithdraw', 'configuredGrant', 'configuredWithdraw'])('%s以中文显示', act =>
    expect(actWords('role', act)).toMatch(/^[一-鿿]{2,20}$/),
  )
})

const sealedBy = async (db: Db): Promise<string[]> =>
  (
    await rows<{ who: string }>(db, 'select e.who from audit_chain c join events e on e.id = c.event order by c.seq')
  ).map(({ who }) => who)

describe('审计记录的词', () => {
  const FLOWS: Array<[feature: string, flow: Flow, of: string]> = [
    ['task', taskFlow, ''],
    ['task', assistFlow, 'assist.'],
    ['task', bulletinFlow, 'bulletin.'],
    ['meeting', meetingFlow, ''],
    ['meeting', replyFlow, ''],
    ['meeting', minutesFlow, 'minutes.'],
    ['meeting', seriesFlow, 'series.'],
    ['car', tripFlow, ''],
    ['car', publicationFlow, 'publication.'],
    ['assign', assignFlow, ''],
    ['secrecy', alertFlow, ''],
  ]
  const acts = new Set<string>([
    ...features.flatMap(({ name, actions }) => Object.keys(actions).map(act => `${name} ${act}`)),
    ...FLOWS.flatMap(([feature, flow, of]) => moveNames(flow).map(move => `${feature} ${of}${move}`)),
    ...['block', 'return', 'mask', 'warn'].map(act => `secrecy ${act}`),
    ...Object.keys(repairFlow.states).map(state => `car repair.${state}`),
    ...written(),
  ])

  it.each([...acts])('%s', key => {
    const [feature = '', act = ''] = key.split(/ (.*)/)
    expect(actWords(feature, act)).toMatch(/^[一-鿿]{2,20}$/)
  })
})

/** Acts that handlers write out where they record something. */
function written(): string[] {
  const files = readdirSync(new URL('../handlers', import.meta.url), { recursive: true, encoding: 'utf8' })
  return files
    .filter(name => name.endsWith('.ts'))
    .flatMap(name => {
      const text = readFileSync(new URL(`../handlers/${name}`, import.meta.url), 'utf8')
      const home = /^([a-z]+)[/.]/.exec(name)?.[1] ?? ''
      return [...text.matchAll(/\.record\(\{([\s\S]*?)\}\)/g)].flatMap(([, body = '']) => {
        const act = /\bact: '([^']+)'/.exec(body)?.[1]
        const feature = /\bfeature: '([a-z]+)'/.exec(body)?.[1] ?? home
        return act ? [`${feature} ${act}`] : []
      })
    })
}

describe('查询条件', () => {
  const now = new Date('2026-11-24T09:00:00+08:00')
  it.each([
    ['今天', '2026-11-24', '2026-11-24'],
    ['昨天', '2026-11-23', '2026-11-23'],
    ['前天', '2026-11-22', '2026-11-22'],
    ['本周', '2026-11-23', '2026-11-29'],
    ['上周', '2026-11-16', '2026-11-22'],
    ['本月', '2026-11-01', '2026-11-30'],
    ['上月', '2026-10-01', '2026-10-31'],
    ['今年', '2026-01-01', '2026-12-31'],
    ['11月', '2026-11-01', '2026-11-30'],
    ['12月', '2025-12-01', '2025-12-31'],
    ['2月', '2026-02-01', '2026-02-28'],
    ['2024年2月', '2024-02-01', '2024-02-29'],
    ['2026-11', '2026-11-01', '2026-11-30'],
    ['2026年', '2026-01-01', '2026-12-31'],
    ['11月24日', '2026-11-24', '2026-11-24'],
    ['11月25日', '2025-11-25', '2025-11-25'],
    ['2026-11-05', '2026-11-05', '2026-11-05'],
    ['近7天', '2026-11-18', '2026-11-24'],
    ['11月1日至11月5日', '2026-11-01', '2026-11-05'],
    ['10月至11月', '2026-10-01', '2026-11-30'],
  ])('%s', (word, from, until) => expect(readSpan(word, now)).toEqual({ from, until }))

  it.each(['13月', '2月30日', '11月5日至11月1日', '王强', '', '0月', '2026-11-00'])('不是时间:%s', word =>
    expect(readSpan(word, now)).toBeUndefined(),
  )

  it('可以组合,次序不限', () => {
    const subjects = new Map([['督办', 'task']])
    const { asked, unread } = readAsked('拒绝 督〔2026〕12号 11月 督办 王强', subjects, now)
    expect(asked).toEqual({
      ...{ person: '', number: '督〔2026〕12号', from: '2026-11-01', until: '2026-11-30', feature: 'task' },
      outcome: 'refused',
    })
    expect(unread).toEqual(['王强'])
  })
})
