import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DIRECTORY_FIRST, keepFirstOnce, keepSetting, PUT_BACK, setting } from '../db/settings.ts'
import { watchedNow } from '../db/watch.ts'
import { seal as sealHistory } from '../src/bot/seal.ts'
import { tick } from '../src/bot/tick.ts'
import { examineRunning } from '../src/node/operate/doctor.ts'
import { lasting } from '../src/office/setup/watch.ts'
import { kinds } from './harness/databases.ts'
import { handIn, pressed, seal, spoken } from './harness/signed.ts'
import { count, rows } from './harness/traces.ts'
import { Watch } from './harness/watch.ts'

const MINUTE_MS = 60_000

describe.each(kinds)('运行告警 on %s', kind => {
  let watch: Watch
  const opens = (admins?: string[]) => {
    beforeAll(async () => {
      watch = await Watch.open(kind, admins && { admins })
    })
    afterAll(() => watch.office.close())
  }

  describe('飞书连不上', () => {
    opens()

    it('消息积压10分钟以上才告警,只告警一次,排在积压的消息前面;消除后同一张卡片写明', async () => {
      await watch.office.faults({ api_5xx: 1 })
      await watch.office.person('王强').says('/帮助')
      await watch.passes(8)
      expect(watch.logged()).toEqual([])
      await watch.passes(12)
      expect(watch.logged()).toEqual(['outbox'])
      await watch.passes(8)
      await watch.feishuReturns()
      const told = await watch.alert()
      expect(told.card.title).toBe('运行告警 · 消息积压')
      expect(told.words).toMatch(
        /消息积压 未恢复[\s\S]*自11月24日\(周二\)\S+起消息未能发出,告警时积压\d+条。[\s\S]*请检查服务器到飞书的网络/,
      )
      await watch.passes(1)
      const after = await watch.alert()
      expect(after.message_id).toBe(told.message_id)
      expect(after.card.title).toBe('运行告警 · 已恢复')
      expect(after.words).toMatch(/消息积压 已恢复[\s\S]*至11月24日\(周二\)\S+积压已消除。/)
      expect(after.card.buttons.map(({ label }) => label)).toEqual(['查看安装检查'])
      expect(watch.logged()).toEqual(['outbox'])
    })
  })

  describe('飞书一直连不上', () => {
    opens()

    it('只剩告警本身没有发出的,不算积压', async () => {
      await watch.office.faults({ api_5xx: 1 })
      await watch.office.person('王强').says('/帮助')
      await watch.passes(20)
      expect(watch.logged()).toEqual(['outbox'])
      await rows(
        watch.db,
        `update outbox set state = 'sent', done_ms = queued_ms where state = 'waiting'
         and (copy is null or copy not in (select id from copies where feature = 'setup'))`,
      )
      await watch.passes(20)
      const alerts = `copy in (select id from copies where feature = 'setup')`
      expect(await count(watch.db, `outbox where state = 'waiting' and api = 'create' and ${alerts}`)).toBe(1)
      expect(lasting(await watchedNow(watch.db))).toEqual([])
      await watch.feishuReturns()
      expect((await watch.alerts()).map(({ card }) => card?.title)).toEqual(['运行告警 · 已恢复'])
    })
  })

  describe('消息未送达', () => {
    opens()

    it('写明条数和原因,不写内容;静音的也告警;同一天不再发,卡片上的条数跟上', async () => {
      await watch.liu.says('/静音 到明天')
      await watch.failsToReach('甲', '机密的话')
      await watch.passes(1)
      const told = await watch.alert()
      expect(told.card.title).toBe('运行告警 · 消息未送达')
      expect(told.words).toMatch(/起1条消息未能送达:\S+\(\d+\)1条。/)
      expect(told.words).not.toContain('机密')
      await watch.failsToReach('乙', '另一句话')
      await watch.passes(4)
      expect((await watch.alerts()).length).toBe(1)
      expect((await watch.alert()).words).toMatch(/起2条消息未能送达/)
      expect(await count(watch.db, `events where feature = 'setup' and act = 'alert'`)).toBe(1)
    })

    it('此后一天没有的,视为恢复', async () => {
      await rows(watch.db, `update outbox set done_ms = done_ms - 90000000 where state = 'failed'`)
      await watch.passes(1)
      expect((await watch.alert()).words).toMatch(
        /运行告警 · 已恢复[\s\S]*2条消息未能送达[\s\S]*此后24小时内未再发生。/,
      )
    })

    it('下班后的留到次日上班', async () => {
      await watch.moves('2026-11-24T20:00:00')
      const before = (await watch.alerts()).length
      await watch.failsToReach('丙', '晚上')
      await watch.passes(4)
      expect(watch.logged().filter(id => id === 'undelivered').length).toBe(2)
      expect((await watch.alerts()).length).toBe(before)
      await watch.moves('2026-11-25T08:31:00')
      expect((await watch.alerts()).length).toBe(before + 1)
      expect((await watch.alert()).words).toContain('自11月24日(周二)20:00起1条')
    })
  })

  describe('节假日安排', () => {
    opens()

    it('12月1日上班起告警,每7天一次,载入后各张卡片都写明', async () => {
      await watch.moves('2026-11-30T10:00:00')
      await watch.moves('2026-12-01T08:20:00')
      expect(await watch.alerts()).toEqual([])
      await watch.moves('2026-12-01T08:31:00')
      expect((await watch.alert()).words).toContain('2027年节假日安排尚未载入')
      await watch.moves('2026-12-04T10:00:00')
      expect((await watch.alerts()).length).toBe(1)
      await watch.moves('2026-12-08T10:00:00')
      expect((await watch.alerts()).length).toBe(2)
      await watch.liu.says('/假期 载入 2027年 元旦 1月1日至3日')
      await watch.liu.presses('确认载入')
      await watch.moves('2026-12-08T10:01:00')
      expect((await watch.alerts()).map(({ card }) => card?.title)).toEqual(['运行告警 · 已恢复', '运行告警 · 已恢复'])
      expect((await watch.alert()).words).toContain('2027年节假日安排已载入。')
    })
  })

  describe('运行中断', () => {
    opens()

    it('停了多久、其间到期的事项已补办;拨动办公时钟的不算', async () => {
      await watch.moves('2026-11-26T09:00:00')
      expect(watch.logged()).toEqual([])
      await watch.office.clock.rest?.(20 * MINUTE_MS)
      await watch.moves('2026-11-26T09:20:00')
      const told = await watch.alert()
      expect(told.card.title).toBe('运行告警 · 已恢复')
      expect(told.words).toMatch(
        /运行中断 已恢复[\s\S]*11月26日\(周四\)0(8:59|9:00)至11月26日\(周四\)09:20未运行。其间到期的事项已补办。/,
      )
      await watch.passes(8)
      expect((await watch.alerts()).length).toBe(1)
      expect(watch.logged()).toEqual(['heartbeat'])
    })

    it('超过一小时的,重新读取通讯录:其间离任、退群的飞书不再说', async () => {
      const readAt = async () =>
        (await rows<{ at: unknown }>(watch.db, `select at::text from settings where name = 'directory.read'`))[0]?.at
      await watch.moves('2026-11-26T10:00:00')
      const before = await readAt()
      await watch.moves('2026-11-26T10:05:00')
      expect(await readAt()).toBe(before)
      await watch.office.clock.rest?.(70 * MINUTE_MS)
      await watch.moves('2026-11-26T11:15:00')
      await expect.poll(readAt).not.toBe(before)
    })
  })

  describe('数据恢复', () => {
    opens()

    it('恢复至何时,只告知一次,下班后的留到上班;备份之后的旧卡片不再管以后的告警', async () => {
      await watch.failsToReach('甲', '一句话')
      await watch.passes(1)
      const old = await watch.alert()
      // as `restore` leaves it: of the alert nothing is known any more
      await watch.moves('2026-11-24T21:00:00')
      const { now, wire } = { now: watch.office.clock.now(), wire: watch.office.clock.wire() }
      await rows(watch.db, `delete from settings where name in ('heartbeat', 'alerts')`)
      await keepSetting(watch.db, PUT_BACK, { takenMs: wire - 60 * MINUTE_MS, atMs: wire }, now)
      await watch.office.clock.rest?.(20 * MINUTE_MS)
      await watch.moves('2026-11-24T21:20:00')
      expect((await watch.alerts()).length).toBe(1)
      await watch.moves('2026-11-25T08:31:00')
      expect((await watch.alerts()).length).toBe(2)
      expect((await watch.alert()).words).toMatch(
        /数据恢复 已恢复[\s\S]*数据已于11月24日\(周二\)2(0:59|1:00)由11月24日\(周二\)(19:59|20:00)的备份恢复,备份后办理的事项请逐项核对。[\s\S]*请以最新卡片为准/,
      )
      expect(watch.logged().filter(id => id === 'restored' || id === 'heartbeat')).toEqual(['restored'])
      const { toast } = await watch.liu.forges('今日不再提醒', old)
      expect(toast?.content).toContain('未找到该告警')
      await watch.passes(8)
      await watch.moves('2026-11-26T09:00:00')
      expect((await watch.alerts()).filter(({ words }) => words.includes('数据恢复')).length).toBe(1)
      expect(await setting(watch.db, PUT_BACK)).toBeUndefined()
    })
  })

  describe('推送被拒收', () => {
    opens()
    const refused = async (what: Parameters<typeof seal>[0], path?: string) =>
      handIn(watch.office.botUrl, seal(what, { encryptKey: 'another', at: watch.office.clock.wire() }), path)
    const words = () => spoken({ who: watch.office.idOf('王强'), chat: 'oc_x', text: '/帮助' })

    it('持续5分钟的才告警,写明是事件还是按钮操作和原因;收到后写明恢复', async () => {
      await watch.office.person('王强').says('/帮助')
      await watch.passes(4)
      await refused(words())
      await watch.passes(8)
      expect(watch.logged()).toEqual([])
      await refused(words())
      await watch.passes(1)
      expect(watch.logged()).toEqual(['deliveries'])
      const told = await watch.alert()
      expect(told.card.title).toBe('运行告警 · 飞书推送被拒收')
      expect(told.words).toMatch(
        /飞书推送被拒收 未恢复[\s\S]*自11月24日\(周二\)09:0\d起拒收飞书推送的:事件\(Encrypt Key不一致\)。/,
      )
      await refused(pressed({ who: 'ou_x', chat: 'oc_x', message: 'om_x' }), '/feishu/cards')
      await watch.passes(8)
      await refused(pressed({ who: 'ou_x', chat: 'oc_x', message: 'om_x' }), '/feishu/cards')
      await watch.passes(1)
      expect((await watch.alert()).words).toContain('事件(Encrypt Key不一致)、按钮操作(Encrypt Key不一致)。')
      await watch.liu.says('/初始化')
      await watch.liu.presses('重新检查')
      await watch.passes(1)
      expect((await watch.alert()).words).toMatch(/飞书推送被拒收 已恢复[\s\S]*起拒收飞书推送的[\s\S]*起正常。/)
    })

    it('时钟拨快后又校准的,不再算作拒收', async () => {
      const { arrivals } = watch.office.bot.house.office
      const day = watch.office.clock.wire() + 86_400_000
      arrivals.refuse('event', 'clock', day)
      arrivals.refuse('event', 'clock', day + 10 * MINUTE_MS)
      await watch.passes(1)
      expect(watch.logged()).toEqual(['deliveries'])
      await refused(words())
      await watch.passes(6)
      await refused(words())
      await watch.passes(1)
      expect(watch.logged()).toEqual(['deliveries', 'deliveries'])
    })
  })

  describe('到期事项和审计', () => {
    opens()

    it('到期事项办不了的,深夜也告警,只告警一次;恢复后写明', async () => {
      await watch.moves('2026-11-24T23:00:00')
      await rows(watch.db, 'alter table broadcasts rename to broadcasts_gone')
      await watch.passes(8)
      expect(await watch.alerts()).toEqual([])
      await watch.passes(8)
      const told = await watch.alert()
      expect(told.card.title).toBe('运行告警 · 到期事项未能处理')
      expect(told.words).toContain('起未能完成:播报到期事项。')
      await watch.passes(8)
      expect((await watch.alerts()).length).toBe(1)
      await rows(watch.db, 'alter table broadcasts_gone rename to broadcasts')
      await watch.passes(1)
      expect((await watch.alert()).words).toMatch(/已恢复[\s\S]*播报到期事项;11月24日\(周二\)23:\d\d起正常/)
    })

    it('审计记录入不了链的,告警', async () => {
      await sealHistory(watch.office.bot.house.office)
      const [head] = await rows<{ signature: string }>(watch.db, 'select signature from audit_head')
      await rows(watch.db, `update audit_head set signature = 'AAAA'`)
      await watch.office.person('王强').says('/帮助')
      await watch.passes(24)
      expect((await watch.alert()).words).toMatch(/审计记录未入链 未恢复[\s\S]*起审计记录未能入链。/)
      await rows(watch.db, `update audit_head set signature = '${head?.signature}'`)
      await watch.passes(2)
      await watch.passes(1)
      expect((await watch.alert()).card.title).toBe('运行告警 · 已恢复')
    })
  })

  describe('通讯录和角色', () => {
    opens()

    it('连续两天没有更新的通讯录、连续三天空缺的角色,一并告警;停机的时间不计,停机前的照计', async () => {
      await watch.passes(1)
      await watch.lastedFor(1)
      await watch.passes(1)
      expect(watch.logged()).toEqual([])
      // seven minutes are lacking, and the machine is shut down for twenty
      await watch.lastedFor(0.995)
      await watch.office.clock.rest?.(20 * MINUTE_MS)
      await watch.passes(1)
      expect(watch.logged()).toEqual(['heartbeat'])
      await watch.lastedFor(1.1)
      await watch.passes(1)
      const told = await watch.alert()
      expect(told.card.title).toBe('运行告警 · 2项未恢复')
      expect(told.words).toMatch(
        /通讯录未更新 未恢复[\s\S]*角色空缺 未恢复[\s\S]*无人担任:办公室主任、督办员、车管员、保密员。/,
      )
      await watch.liu.says('/角色 @李静 办公室主任')
      await watch.liu.says('/初始化')
      await watch.liu.presses('重新读取通讯录')
      await watch.passes(1)
      await watch.passes(1)
      const after = await watch.alert()
      expect(after.card.title).toBe('运行告警 · 1项未恢复')
      expect(after.words).toMatch(/通讯录未更新 已恢复[\s\S]*角色空缺 未恢复[\s\S]*无人担任:督办员、车管员、保密员。/)
    })
  })

  describe('从未读取到的通讯录', () => {
    opens()

    it('同样告警', async () => {
      await rows(watch.db, `delete from settings where name = 'directory.read'`)
      await keepFirstOnce(watch.db, DIRECTORY_FIRST, watch.office.clock.now())
      await watch.passes(1)
      await watch.lastedFor(2.1)
      await watch.passes(1)
      expect((await watch.alert()).words).toMatch(
        /通讯录未更新 未恢复[\s\S]*通讯录自11月24日\(周二\)\d\d:\d\d起未能读取/,
      )
    })
  })

  describe('由系统管理员处理', () => {
    opens()

    it('每名系统管理员各一张;两个进程同时心跳也只告警一次', async () => {
      await watch.liu.says('/角色 @曹颖 系统管理员')
      await watch.failsToReach('甲', '一句话')
      const { office } = watch.office.bot.house
      await Promise.all([tick(office), tick(office)])
      await watch.office.settled()
      expect([(await watch.alerts()).length, (await watch.alerts(watch.cao)).length]).toEqual([1, 1])
    })

    it('安装检查、体检命令和监控指标说的一样', async () => {
      await watch.liu.presses('查看安装检查', { on: await watch.alert() })
      const { card } = await watch.liu.seesCard()
      expect(card.title).toBe('初始化 · 有待完善')
      expect(card.text).toContain('运行告警 待办 消息未送达')
      expect((await watch.alert()).card.title).toBe('运行告警 · 消息未送达')
      const { lines } = await examineRunning(
        watch.office.bot.house.office,
        { transport: 'webhook' },
        watch.office.database,
      )
      expect(lines.join('\n')).toMatch(/· Alerts {9}undelivered, since less than a minute/)
      const metrics = await (await fetch(`${watch.office.botUrl}/metrics`)).text()
      expect(metrics).toContain('huiyin_alert{alert="undelivered"} 1')
      expect(metrics).toContain('huiyin_alert{alert="outbox"} 0')
    })

    it('今日不再提醒:只对按的人、只对这些情况、只到当天', async () => {
      const { toast } = await watch.liu.presses('今日不再提醒', { on: await watch.alert() })
      expect(toast?.content).toBe('今日不再就这些情况提醒您')
      const hushed = await watch.alert()
      expect(hushed.words).toContain('今日不再就以上情况提醒您')
      expect(hushed.card.buttons.map(({ label }) => label)).toEqual(['查看安装检查'])
      expect((await watch.alert(watch.cao)).card.buttons.map(({ label }) => label)).toContain('今日不再提醒')
      // it ends, and begins again
      await rows(watch.db, `update outbox set done_ms = done_ms - 90000000 where state = 'failed'`)
      await watch.passes(1)
      expect((await watch.alert()).card.title).toBe('运行告警 · 已恢复')
      await watch.passes(64)
      await watch.failsToReach('乙', '又一句')
      await watch.passes(1)
      expect([(await watch.alerts()).length, (await watch.alerts(watch.cao)).length]).toEqual([1, 2])
      await watch.moves('2026-11-25T14:00:00')
      expect([(await watch.alerts()).length, (await watch.alerts(watch.cao)).length]).toEqual([2, 3])
    })

    it('旁人按不了;不再是系统管理员的看不到', async () => {
      const told = await watch.alert(watch.cao)
      const wang = watch.office.person('王强')
      for (const label of ['查看安装检查', '今日不再提醒'])
        expect((await wang.forges(label, told)).toast?.content).toContain('仅限系统管理员')
      const stranger = { ...told, card: { ...told.card, buttons: told.card.buttons.map(one => ({ ...one })) } }
      for (const one of stranger.card.buttons) if (one.label === '今日不再提醒') one.value = { ...one.value, card: 999 }
      expect((await watch.cao.forges('今日不再提醒', stranger)).toast?.content).toContain('未找到该告警')
      await watch.liu.says('/角色 撤销 @曹颖 系统管理员')
      expect((await watch.cao.forges('今日不再提醒', told)).toast?.content).toContain('仅限系统管理员')
    })
  })

  describe('没有系统管理员', () => {
    opens([])

    it('只记入日志', async () => {
      const before = (await watch.office.calls()).length
      await watch.office.clock.rest?.(20 * MINUTE_MS)
      await watch.moves('2026-11-24T10:00:00')
      expect(watch.logged()).toEqual(['heartbeat'])
      expect((await watch.office.calls()).length).toBe(before)
    })
  })
})
