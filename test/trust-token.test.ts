import { expect, it } from 'vitest'
import { KEYS, TestOffice } from './harness/office.ts'
import { emptied, pause, saidTimes, until } from './harness/traces.ts'
import { ways } from './harness/ways.ts'

const NAMES = ['李静', '赵敏', '孙丽', '周涛', '吴刚', '冯军']
const TITLES = ['抄水表', '抄电表', '抄气表', '抄热表', '抄车表', '抄油表']

// each in an office of its own, in which for most of the time nothing is done
it.for(ways)(
  'D40 the token endpoint down, on %s: at most one request a second, sends wait and then leave, no secret in a log',
  { concurrent: true, timeout: 150_000 },
  async ([, way], { onTestFinished }) => {
    const office = await TestOffice.open({ ...way, speed: 10 })
    onTestFinished(() => office.close())
    const askers = await Promise.all(
      NAMES.map(async name => {
        const person = office.person(name)
        return { as: person.id, chat_id: await person.privateChat() }
      }),
    )
    await office.faults({ token_down: true })
    await office.send('POST', '/sim/tokens/revoke', {})
    const from = (await office.calls()).at(-1)?.n ?? 0
    const started = Date.now()
    await Promise.all(
      TITLES.map((title, i) => {
        const text = `/交办 @${NAMES[(i + 1) % NAMES.length]} ${title}`
        return office.send('POST', '/sim/messages', { ...askers[i], text })
      }),
    )
    await until(async () => (await office.deliveries()).every(one => one.state !== 'pending'))
    await pause(30_000)
    const asked = (await office.calls()).filter(call => call.n > from && call.path.includes('/tenant_access_token/'))
    expect(asked.length).toBeGreaterThan(3)
    expect(asked.length).toBeLessThanOrEqual(Math.ceil((Date.now() - started) / 1_000) + 1)
    await office.faults({ token_down: false })
    // what was tried for so long waits for up to a minute between two attempts
    await emptied(office, 90_000)
    expect(TITLES.map(title => saidTimes(office, title))).toEqual(TITLES.map(() => 2))
    expect(office.log.filter(line => line.includes(KEYS.appSecret))).toEqual([])
    expect(office.log.filter(line => /\bt-[\w-]{8,}/.test(line))).toEqual([])
  },
)
