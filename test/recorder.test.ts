import { afterEach, describe, expect, it } from 'vitest'
import type { TrafficAnswer, Walk } from '../simulator/dev-protocol.ts'
import type { Delivery } from '../simulator/protocol.ts'
import { TestOffice } from './harness/office.ts'

const GROUP = '督查工作群'

let offices: TestOffice[] = []
const newOffice = async () => {
  const office = await TestOffice.open()
  offices.push(office)
  return office
}

afterEach(async () => {
  await Promise.all(offices.map(office => office.close()))
  offices = []
})

/** What 王强 and 郑洁 see in the end, times and numbers aside. */
async function picture(office: TestOffice): Promise<string[]> {
  const [wang, zheng] = [office.person('王强'), office.person('郑洁')]
  const seen = [...(await wang.messages()), ...(await wang.messages(GROUP)), ...(await zheng.messages())]
  return seen.map(({ sender, words, recalled, reactions }) =>
    JSON.stringify([sender, recalled, reactions, words.replace(/\d+/g, '#')]),
  )
}

async function aWalk(office: TestOffice) {
  const [wang, zheng] = [office.person('王强'), office.person('郑洁')]
  await wang.says('@回音 /交办 @郑洁 明天下班前把投影仪修好', { to: GROUP })
  await zheng.presses('签收', { group: GROUP })
  const { message_id } = await zheng.sees(GROUP)
  await office.send('POST', `/sim/messages/${message_id}/reactions`, { as: zheng.id, emoji_type: 'OK', on: true })
  await zheng.says('/待办')
  await zheng.presses('完成')
  await wang.presses('退回重做', { form: { reason: '还有一盏灯不亮' } })
  await zheng.says('已完成 灯也换了', { replyTo: await zheng.sees(GROUP) })
  await wang.presses('确认完成')
  const slip = await wang.says('发错群了', { to: GROUP })
  await office.send('POST', `/sim/messages/${slip}/recall`, { as: wang.id })
  await office.settled()
}

describe('the recorder', () => {
  it('plays a walk again in another office, to the same end', async () => {
    const office = await newOffice()
    await office.send('POST', '/sim/recorder', { on: true })
    await aWalk(office)
    await office.send('POST', '/sim/recorder', { on: false })
    const walk: Walk = JSON.parse(JSON.stringify(await office.get<Walk>('/sim/recorder/walk')))
    expect(walk.steps.map(step => step.do).filter(act => act === 'press')).toHaveLength(4)
    expect(JSON.stringify(walk)).not.toMatch(/"o[mc]_/)

    const other = await newOffice()
    const { played } = await other.send<{ played: number }>('POST', '/sim/recorder/play', { walk })
    expect(played).toBe(walk.steps.length)
    await other.settled()
    const end = await picture(office)
    expect(end.join('\n')).toContain('已完成')
    expect(await picture(other)).toEqual(end)
  })

  it('says which step could not be played, and refuses what is no walk', async () => {
    const office = await newOffice()
    const lost = {
      after_ms: 0,
      do: 'say',
      chat: { group: '没有这个群' },
      body: { as: office.idOf('王强'), text: '在吗' },
    }
    const frozen = { after_ms: 0, do: 'enter', body: { as: 'ou_nobody' } }
    const walk = (...steps: object[]) => ({ walk: { huiyin_walk: 1, recorded_at: '', steps } })
    await expect(office.send('POST', '/sim/recorder/play', walk(frozen))).rejects.toThrow('第 1 步未能重放：没有这个人')
    await expect(office.send('POST', '/sim/recorder/play', { walk: { steps: [] } })).rejects.toThrow('不是录制文件')
    const playing = office.send('POST', '/sim/recorder/play', walk(lost))
    await new Promise(done => setTimeout(done, 50))
    await expect(office.send('POST', '/sim/recorder/play', walk(lost))).rejects.toThrow('正在重放')
    await office.send('POST', '/sim/recorder/stop', {})
    await expect(playing).rejects.toThrow('重放已停止')
  })
})

describe('what the drawer looks at', () => {
  it('shows a push before and after encryption with headers and answer, and finds it by its words', async () => {
    const office = await newOffice()
    await office.person('王强').says('/帮助')
    const { deliveries, calls, limits } = await office.get<TrafficAnswer>(
      `/sim/traffic?words=${encodeURIComponent('im.message.receive_v1')}`,
    )
    expect(calls).toEqual([])
    expect(deliveries).toMatchObject([{ event_type: 'im.message.receive_v1', state: 'done', tries: 1, status: 200 }])
    const { attempts } = await office.get<Delivery>(`/sim/deliveries/${deliveries[0]?.id}`)
    expect(JSON.parse(attempts[0]?.plain ?? '')).toMatchObject({
      schema: '2.0',
      header: { event_type: 'im.message.receive_v1' },
    })
    expect(attempts[0]?.body).toMatch(/^\{"encrypt"/)
    expect(attempts[0]?.headers).toHaveProperty('x-lark-signature')
    expect(attempts[0]?.answer).toBe('{}')
    expect(limits.targets).toContainEqual(expect.objectContaining({ max_1s: 5, refused: 0 }))

    const all = await office.get<TrafficAnswer>('/sim/traffic')
    const token = all.calls.find(call => call.path.includes('/auth/v3/'))
    const call = await office.get<{ answer: string; ms: number }>(`/sim/calls/${token?.n}`)
    expect(call.answer).toMatch(/"tenant_access_token":"t-g1…"/)
    expect(call.ms).toBeGreaterThanOrEqual(0)
  })

  it.each([
    ['a lost event', { event_lost: 1 }, 'lost on the way'],
    ['a lost answer', { event_answer_lost: 1 }, 'answer lost'],
  ])('sends %s again, to one effect', async (_what, faults, error) => {
    const office = await newOffice()
    const wang = office.person('王强')
    await wang.privateChat()
    await office.faults(faults)
    const { chat_id } = (await wang.messages())[0] ?? {}
    await office.send('POST', '/sim/messages', { as: wang.id, chat_id, text: '/帮助' })
    await office.faults({ event_lost: 0, event_answer_lost: 0 })
    await office.settled()
    const said = (await office.deliveries()).findLast(one => one.event_type === 'im.message.receive_v1')
    const ends = said?.attempts.map(one => one.error ?? one.status) ?? []
    expect([ends[0], ends.at(-1)]).toEqual([error, 200])
    expect(ends.slice(0, -1).filter(end => end !== error)).toEqual([])
    expect((await wang.messages()).filter(one => one.words.includes('回音 · 帮助'))).toHaveLength(1)
  })
})
