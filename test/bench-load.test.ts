import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { barRows, missedBars, note, noteAnswered, unansweredOf } from './bench/bars.ts'
import { closedLoop, openLoop } from './bench/load.ts'
import { answered, arrivals, judge, receiverOf, type Storm } from './bench/reminders.ts'
import { cpuOfAll } from './bench/servers.ts'
import { flatness } from './bench/soak.ts'

const REST_MS = 200
const STALL_MS = 150
const PER_SECOND = 100
/** Many connections are opened at first, rest until the server has hung up on them, and are wanted again. */
const STALLS = (served: number): boolean => served < 15 || (served > 170 && served < 185)

it('an open loop ends although the server hangs up on connections that rest', async () => {
  let served = 0
  const server = createServer((_, response) => {
    const answer = () => response.end('fine')
    if (STALLS(served++)) setTimeout(answer, STALL_MS)
    else answer()
  })
  server.keepAliveTimeout = REST_MS
  await new Promise<void>(done => {
    server.listen(0, '127.0.0.1', done)
  })
  const { port } = server.address() as AddressInfo
  const requests = Array.from({ length: 220 }, () => Buffer.from('GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'))
  const { took, refused } = await openLoop(port, requests, { perSecond: PER_SECOND, until: new Promise(() => {}) })
  server.close()
  expect({ answered: took.length, refused }).toEqual({ answered: requests.length, refused: 0 })
})

it('a connection that is cut or refused is counted, and ends nothing', async () => {
  let served = 0
  const server = createServer((request, response) => {
    if (served++ % 2) request.socket.resetAndDestroy()
    else response.end('fine')
  })
  await new Promise<void>(done => {
    server.listen(0, '127.0.0.1', done)
  })
  const { port } = server.address() as AddressInfo
  const requests = Array.from({ length: 20 }, () => Buffer.from('GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'))
  const pour = () => openLoop(port, requests, { perSecond: PER_SECOND, until: new Promise(() => {}) })
  const poured = await pour()
  const closed = await closedLoop(port, requests, { connections: 1, ms: 10_000 })
  await new Promise(done => server.close(done))
  const gone = await pour()
  expect([poured.took.length, poured.cut]).toEqual([10, 10])
  expect([closed.done, closed.refused, closed.cut]).toEqual([20, 0, 10])
  expect([gone.took.length, gone.cut]).toEqual([0, 20])
})

const kept = (bar: string) => barRows().find(([name]) => name === bar)?.[3]
const said = (bar: string) => barRows().find(([name]) => name === bar)?.[2]

it('a bar is missed when requests are refused or never answered, however quick the others are', async () => {
  let served = 0
  const server = createServer((_, response) => {
    const nth = served++
    // every fourth hangs, one is refused
    if (nth % 4 === 3) return
    response.writeHead(nth === 4 ? 503 : 200, { 'content-length': '4' }).end('fine')
  })
  await new Promise<void>(done => {
    server.listen(0, '127.0.0.1', done)
  })
  const { port } = server.address() as AddressInfo
  const requests = Array.from({ length: 20 }, () => Buffer.from('GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'))
  const pour = (some: Buffer[]) => openLoop(port, some, { perSecond: PER_SECOND, until: new Promise(() => {}) })
  const poured = await pour(requests)
  server.closeAllConnections()
  expect([poured.acknowledged.length, poured.refused, poured.cut]).toEqual([14, 1, 5])
  served = 0
  const all = await pour(requests.slice(0, 3))
  server.closeAllConnections()
  await new Promise(done => server.close(done))
  noteAnswered('P4', 'p99 1 ms', true, all)
  expect([kept('P4'), said('P4')]).toEqual(['kept', 'p99 1 ms, 0 refused, 0 unanswered'])
  noteAnswered('P4', 'p99 1 ms', true, unansweredOf([all, poured]))
  expect([kept('P4'), said('P4')?.split('; ')[1]]).toEqual(['MISSED', 'p99 1 ms, 1 refused, 5 unanswered'])
  noteAnswered('P8', 'p99 1 ms', true, { refused: 1, cut: 0 })
  noteAnswered('P10', 'p99 1 ms', true, { refused: 0, cut: 1 })
  expect(missedBars()).toEqual(expect.arrayContaining(['P4', 'P8', 'P10']))
})

it('what is missed beyond trust.md is printed, and ends no run with 1', () => {
  note('P7+', 'as ever', false)
  note('P7', 'as before', true)
  expect([kept('P7'), kept('P7+')]).toEqual(['kept', 'MISSED'])
  expect(missedBars().filter(bar => bar.startsWith('P7'))).toEqual([])
  note('P7', 'a regression', false)
  expect(missedBars()).toContain('P7')
})

it('a percentile is flat as long as it does not double, or stays under 50 ms', () => {
  expect(flatness([10, 90, 12, 11, 13, 12, 40, 12, 48])).toEqual({ first: 12, last: 40, isFlat: true })
  expect(flatness([10, 90, 12, 11, 13, 12, 51, 12, 60])).toMatchObject({ last: 51, isFlat: false })
  expect(flatness([30, 30, 30, 40, 50, 60, 70, 60, 59]).isFlat).toBe(true)
  expect(flatness([30, 30, 30, 40, 50, 60, 70, 61, 59]).isFlat).toBe(false)
  expect(flatness([60]).isFlat).toBe(true)
})

it('a storm keeps its bars only when everybody has had theirs, once, and whoever asked was answered', () => {
  const receivers = [1, 2, 3].map(receiverOf)
  expect(arrivals(receivers, 3)).toEqual({ missing: 0, doubled: 0, strays: 0 })
  const [first = '', second = '', third = ''] = receivers
  expect(arrivals([first, third], 3)).toEqual({ missing: 1, doubled: 0, strays: 0 })
  expect(arrivals([first, second, second], 3)).toEqual({ missing: 1, doubled: 1, strays: 0 })
  expect(arrivals([...receivers, receiverOf(4)], 3)).toEqual({ missing: 0, doubled: 0, strays: 1 })
  const whole = { same: false, refused: 0, answers: { took: [20], unanswered: 0 } }
  const stormOf = (some: string[], more: Partial<Storm> = {}): Storm => ({
    ...{ ...whole, count: 100, late: some.map(() => 0.1), reached: arrivals(some, 100) },
    ...more,
  })
  const hundred = Array.from({ length: 100 }, (_, i) => receiverOf(i + 1))
  judge(stormOf(hundred))
  expect(['R1', 'R3', 'R4'].map(kept)).toEqual(['kept', 'kept', 'kept'])
  judge(stormOf(hundred.slice(1)))
  expect(kept('R1')).toBe('MISSED')
  expect(said('R1')).toContain('99 arrived, 1 receivers without')
  judge(stormOf([...hundred.slice(1), hundred[1] ?? ''], { same: true }))
  expect(kept('R2')).toBe('MISSED')
  judge(stormOf(hundred, { answers: { took: [20], unanswered: 1 } }))
  expect(kept('R4')).toBe('MISSED')
})

it('whoever asks in a storm and is refused, or never answered, is waited for no longer than so', async () => {
  let status = 503
  const server = createServer((_, response) => response.writeHead(status, { 'content-length': '0' }).end())
  await new Promise<void>(done => {
    server.listen(0, '127.0.0.1', done)
  })
  const { port } = server.address() as AddressInfo
  const replied = new Map<string, number>()
  expect(await answered(port, { replied }, 60_000)).toBeUndefined()
  status = 200
  expect(await answered(port, { replied }, 300)).toBeUndefined()
  server.closeAllConnections()
  await new Promise(done => server.close(done))
  expect(await answered(port, { replied }, 60_000)).toBeUndefined()
})

it.runIf(process.platform === 'linux')(
  'the CPU of a server is that of its processes, also of those that have ended',
  async () => {
    const burns = 'while (process.cpuUsage().user < 300_000);'
    const before = cpuOfAll(process.pid)
    spawnSync(process.execPath, ['-e', burns])
    const ended = cpuOfAll(process.pid)
    expect(ended - before).toBeGreaterThan(250_000)
    const child = spawn(process.execPath, ['-e', `${burns} console.log('burnt'); setInterval(() => {}, 1_000)`])
    await once(child.stdout, 'data')
    expect(cpuOfAll(process.pid) - ended).toBeGreaterThan(250_000)
    child.kill('SIGKILL')
    await once(child, 'exit')
  },
  20_000,
)
