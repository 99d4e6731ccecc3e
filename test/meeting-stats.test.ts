import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { invitations } from '../db/meeting.ts'
import { daysOf, feeHint } from '../src/office/meeting/fee.ts'
import { sightOfMeetings } from '../src/office/meeting/stats.ts'
import { may } from '../src/office/role/role.ts'
import { type Cast, openCast } from './harness/cast.ts'
import { kinds } from './harness/databases.ts'
import { filesOf } from './harness/files.ts'
import { hold } from './harness/held.ts'
import type { TestPerson } from './harness/office.ts'
import { count, rows } from './harness/traces.ts'
import { unescaped, unzip } from './harness/zip.ts'

const at = (shanghai: string) => new Date(`${shanghai}:00+08:00`)

describe('会议费提示(3.4)', () => {
  const meeting = (some: { class: 'first' | 'second' | 'third' | 'fourth' | ''; until?: string }) => ({
    class: some.class,
    startsAt: at('2026-11-27T14:30'),
    endsAt: at(some.until ?? '2026-11-27T16:00'),
  })

  it.each([
    [meeting({ class: 'third' }), 30, '三类会议,30人、1天,会议费不超过16,500元(550元/人·天)'],
    [
      meeting({ class: 'second', until: '2026-11-28T12:00' }),
      120,
      '二类会议,120人、2天,会议费不超过156,000元(650元/人·天)',
    ],
    [meeting({ class: 'fourth' }), 51, '四类会议,51人、1天,会议费不超过28,050元(550元/人·天);人数一般不超过50人'],
    [
      meeting({ class: 'third', until: '2026-11-29T12:00' }),
      150,
      '三类会议,150人、3天,会议费不超过247,500元(550元/人·天);会期不超过2天',
    ],
    [meeting({ class: 'first' }), 1_000, '一类会议,1000人、1天,会议费不超过760,000元(760元/人·天)'],
    [meeting({ class: '' }), 30, undefined],
    [meeting({ class: 'third' }), 0, undefined],
  ])('%#', (some, heads, words) => expect(feeHint(some, heads)).toBe(words))

  it('到零点结束的不多算一天', () => expect(daysOf(meeting({ class: '', until: '2026-11-28T00:00' }))).toBe(1))
})

describe('谁能看统计', () => {
  const who = (code?: string, unit?: string) => ({
    ...{ id: 'ou_a', departments: ['od_a'], standsFor: [] },
    held: code ? [{ code, unit }] : [],
  })
  it.each([
    [who('LD'), [], { house: true, units: [] }],
    [who('HW', 'od_b'), [], { house: false, units: ['od_b'] }],
    [who('KZ'), [], { house: false, units: ['od_a'] }],
    [who(), ['od_a'], { house: false, units: ['od_a'] }],
    [who(), [], undefined],
    [who('DB'), [], undefined],
    [who('SY'), ['od_a'], undefined],
  ])('%#', (actor, led, sight) => expect(sightOfMeetings(actor, led, may)).toEqual(sight))
})

describe.each(kinds)('会议统计和导出 on %s', kind => {
  let cast: Cast
  let seq = 0
  beforeAll(async () => {
    cast = await openCast({ kind })
    const { office, feng, wang } = cast
    const [zong, du] = [await unit('综治科'), await unit('督查科')]
    const put = (unit: string, day: string, hours: number, some: Parameters<typeof hold>[2] = {}) => {
      const startsAt = at(`${day}T09:00`)
      const endsAt = new Date(startsAt.getTime() + hours * 3_600_000)
      return hold(office, feng.id, {
        unit,
        startsAt,
        endsAt,
        number: { year: Number(day.slice(0, 4)), seq: ++seq },
        ...some,
      })
    }
    const first = await put(zong, '2026-11-03', 2, { kind: 'special', class: 'third', title: '=专题<会>' })
    const second = await put(zong, '2026-11-10', 1.5)
    await put(du, '2026-11-20', 1)
    await put(du, '2026-11-21', 1, { state: 'cancelled' })
    await put(du, '2026-11-28', 1, { state: 'notified', endedAt: undefined })
    await put(zong, '2025-11-05', 4)
    await put(zong, '2025-11-06', 2)
    await put(zong, '2025-11-30', 2)
    // of the first two came, of the second three said that they would come, of the others nothing is known
    await ask(first.id, ['present', 'present', 'attending', 'excused'])
    await ask(second.id, ['attending', 'attending', 'attending', 'pending'])
    await feng.says(`/会议 议定 会〔2026〕1号\n由综治科负责,12月10日前报送方案\n由综治科负责,12月11日前印发`)
    await wang.says('/会议 议定 会〔2026〕1号')
    await wang.presses('转督办')
  })
  afterAll(() => cast.office.close())

  const unit = async (name: string): Promise<string> =>
    (await rows<{ id: string }>(cast.office.database.db, `select id from departments where name = '${name}'`))[0]?.id ??
    ''

  async function ask(meeting: number, states: Array<'present' | 'attending' | 'excused' | 'pending'>): Promise<void> {
    await cast.office.database.db.insert(invitations).values(
      states.map((state, i) => ({
        ...{ rev: 1, meeting, person: `ou_guest${i}`, unit: '', part: 'attend' as const, via: '', places: 1, state },
        ...{ name: '', title: '', phone: '13900000000', word: '', companions: '', plate: '', decision: '' },
        ...{ noticeRev: 3, lastMove: '' as const, checkedInAt: state === 'present' ? at('2026-11-03T08:55') : null },
      })),
    )
  }

  const words = async (person: TestPerson, text: string): Promise<string> => {
    await person.says(text)
    return (await person.sees()).words
  }

  it('按类别和单位,与去年同期比较;不含取消的和未召开的;不涉及个人', async () => {
    const said = await words(cast.li, '/会议 统计 2026-11')
    expect(said).toContain('会议统计 · 2026年11月')
    expect(said).toContain('召开会议3场,会时4.5小时,参会5人次')
    expect(said).toContain('3场(去年同期2场,+50.0%)')
    expect(said).toContain('4.5小时(去年同期6小时,-25.0%)')
    expect(said).toContain('8.5人时(去年同期0人时)')
    expect(said).toContain('综治科:2场(去年同期2场),会时3.5小时,5人次,8.5人时')
    expect(said).toContain('专题会:1场(去年同期0场)')
    expect(said).toContain('三类会议:1场,会议费上限1,100元')
    for (const name of ['冯军', '李静', 'ou_guest']) expect(said).not.toContain(name)
    expect((await cast.li.seesCard()).content).toContain('去年同期')
  })

  it('科室负责人只见本科室;一般干部不可查看;看不懂的期间给出示例', async () => {
    const said = await words(cast.feng, '/会议 统计 2026-11')
    expect(said).toContain('召开会议2场')
    expect(said).not.toContain('督查科')
    expect(await words(cast.chen, '/会议 统计')).toContain('会议统计仅限科室负责人及以上人员和会务员查看')
    expect(await words(cast.li, '/会议 统计 上古')).toContain('未能识别期间“上古”')
    expect(await words(cast.li, '/会议 统计 本年')).toContain('会议统计 · 2026年')
    expect(await words(cast.li, '/会议 统计 去年')).toContain('会议统计 · 2025年')
    const lastMonth = await words(cast.li, '/会议 统计 上月')
    expect(lastMonth).toContain('会议统计 · 2026年10月')
    expect(lastMonth).toContain('截至10月31日(周六),召开会议')
  })

  it('导出台账:水印、合计、公式按文字、无电话;权限与督办导出相同', async () => {
    const { office, li, feng, chen } = cast
    await li.says('/会议 导出 2026-11')
    expect((await li.messages()).some(one => one.words === '正在生成2026年11月会议台账(4场),完成后发送到私聊')).toBe(
      true,
    )
    const file = (await filesOf(office, li)).at(-1)
    expect(file?.name).toBe('会议台账_20261124-0900.xlsx')
    const xml = unescaped(unzip(file?.bytes ?? Buffer.alloc(0)).get('xl/worksheets/sheet1.xml') ?? '')
    expect(xml).toContain('李静 2026年11月24日(星期二)09:00导出 仅供内部工作使用')
    expect(xml).toContain('=专题<会>')
    expect(xml).toContain('会〔2026〕1号')
    expect(xml).not.toContain('<f>')
    expect(xml).not.toContain('13900000000')
    expect(xml).not.toContain('88886666')
    expect(xml).toContain('4场')
    await feng.says('/会议 导出 2026-11')
    const own = unescaped(
      unzip((await filesOf(office, feng)).at(-1)?.bytes ?? Buffer.alloc(0)).get('xl/worksheets/sheet1.xml') ?? '',
    )
    expect(own).toContain('共2场')
    expect(own).not.toContain('督查科')
    expect(await words(chen, '/会议 导出 2026-11')).toContain('导出会议台账仅限')
    expect(await words(li, '/会议 导出 2026-02')).toContain('2026年2月没有您能导出的会议')
    expect(await count(office.database.db, `events where feature = 'meeting' and act = 'export'`)).toBe(2)
  })
})
