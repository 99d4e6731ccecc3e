import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examineRunning } from '../src/node/operate/doctor.ts'
import { kinds } from './harness/databases.ts'
import { handIn, hexId, seal, spoken } from './harness/signed.ts'
import { count, rows } from './harness/traces.ts'
import { Watch } from './harness/watch.ts'

const SECRET_WORDS = '核对名单'

describe.each(kinds)('处理出错 on %s', kind => {
  let watch: Watch
  /** Feishu's own retries, within a few seconds. */
  const opens = () => {
    beforeAll(async () => {
      watch = await Watch.open(kind, { speed: 4_000 })
    })
    afterAll(() => watch.office.close())
  }
  const breaks = () => rows(watch.db, 'alter table assignments add constraint shut check (false) not valid')
  const isMended = () => rows(watch.db, 'alter table assignments drop constraint shut')
  const noted = () => count(watch.db, `settings, jsonb_array_elements(value) where name = 'breakdowns'`)
  const checks = async () => {
    await watch.liu.says('/初始化')
    return (await watch.liu.seesCard()).card.text
  }
  const wang = () => watch.office.person('王强')

  describe('每次投递都出错的指令', () => {
    opens()
    let message = ''

    it('飞书重投到最后一次后,告警、安装检查和体检命令写明事项和编号,不写内容', async () => {
      await breaks()
      message = await wang().says(`/交办 @郑洁 ${SECRET_WORDS}`)
      const delivery = (await watch.office.deliveries()).at(-1)
      expect([delivery?.state, delivery?.attempts.length]).toEqual(['given-up', 5])
      await watch.passes(16)
      const id = message.slice(-8)
      const told = await watch.alert()
      expect(told.card.title).toBe('运行告警 · 处理出错')
      expect(told.words).toContain(`起1项因程序出错未能办理:交办(编号${id})。`)
      const text = await checks()
      expect(text).toContain('处理出错 待办 1项')
      expect(text).toMatch(new RegExp(`11月24日\\(周二\\)09:00 交办\\(编号${id}\\)`))
      const { lines } = await examineRunning(
        watch.office.bot.house.office,
        { transport: 'webhook' },
        watch.office.database,
      )
      expect(lines.join('\n')).toContain(`· Breakdowns     1 not done: assign.command (${id})`)
      const kept = await rows<{ value: unknown }>(
        watch.db,
        `select value from settings where name in ('breakdowns', 'alerts')`,
      )
      for (const words of [told.words, text, JSON.stringify(kept)]) expect(words).not.toContain(SECRET_WORDS)
    })

    it('不再重投时告诉发送人一次', async () => {
      const lost = async () => (await wang().messages()).filter(({ words }) => words.includes('未能办理'))
      await watch.passes(4 * 60)
      expect(await lost()).toEqual([])
      await watch.passes(4 * 60)
      await watch.passes(8)
      expect((await lost()).map(({ words }) => words)).toEqual([
        `您11月24日(周二)09:00发来的消息因系统处理出错未能办理,已告知系统管理员(编号${message.slice(-8)})。如仍需办理,请重新发送。`,
      ])
    })

    it('故障排除后重新投递并办成的,不再列出', async () => {
      await isMended()
      const again = (await watch.office.deliveries()).find(({ attempts }) => attempts.length === 5)?.attempts[0]?.plain
      await handIn(watch.office.botUrl, seal(again, { at: watch.office.clock.wire() }))
      await watch.office.settled()
      expect(await count(watch.db, 'assignments')).toBe(1)
      await watch.passes(1)
      expect(await noted()).toBe(0)
      expect(await checks()).toContain('处理出错 ✓ 无')
      expect((await watch.alert()).card.title).toBe('运行告警 · 已恢复')
    })
  })

  describe('其他情形', () => {
    opens()

    it('只因数据库一时忙碌而失败的,不登记', async () => {
      await rows(
        watch.db,
        `create function crowded() returns trigger language plpgsql as $$ begin raise exception 'full' using errcode = '53300'; end $$`,
      )
      await rows(watch.db, 'create trigger crowd before insert on assignments for each row execute function crowded()')
      await wang().says(`/交办 @郑洁 ${SECRET_WORDS}`)
      await rows(watch.db, 'drop trigger crowd on assignments')
      expect((await watch.office.deliveries()).at(-1)?.state).toBe('given-up')
      expect(await noted()).toBe(0)
    })

    it('按钮出错的也登记,已有提示,不再另行告知;三天后不再列出', async () => {
      await wang().says(`/交办 @郑洁 ${SECRET_WORDS}`)
      await rows(watch.db, 'alter table assignments add constraint shut check (false) not valid')
      const { toast } = await watch.office.person('郑洁').presses('签收')
      expect(toast?.content).toContain('系统处理出错')
      await isMended()
      expect(await checks()).toMatch(/处理出错 待办 1项[\s\S]*交办 签收\(编号/)
      await watch.passes(9 * 60)
      expect((await wang().messages()).filter(({ words }) => words.includes('未能办理'))).toEqual([])
      await watch.moves('2026-11-26T09:30:00')
      expect(await noted()).toBe(1)
      await watch.moves('2026-11-27T09:30:00')
      expect(await noted()).toBe(0)
    })

    it('一涌而来的只登记一部分:每分钟至多50项,总共至多50项,新的在后', async () => {
      await breaks()
      const chat = await wang().privateChat()
      const fails = async (times: number) => {
        const messages = Array.from({ length: times }, () => hexId('om_'))
        for (const message of messages) {
          const said = spoken({ who: hexId('ou_'), chat, text: `/交办 @郑洁 ${message}`, message })
          await handIn(watch.office.botUrl, seal(said, { at: watch.office.clock.wire() }))
        }
        return messages
      }
      await fails(60)
      expect(await noted()).toBe(50)
      await watch.passes(2)
      const [last = ''] = await fails(1)
      await isMended()
      expect(await noted()).toBe(50)
      const [newest] = await rows<{ key: string }>(
        watch.db,
        `select value -> -1 ->> 'key' as key from settings where name = 'breakdowns'`,
      )
      expect(newest?.key).toContain(last)
    })
  })
})
