import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Office as SimOffice } from '../simulator/protocol.ts'
import { type Simulator, startSimulator } from '../simulator/server.ts'
import { KEYS } from './harness/keys.ts'
import { freePort, Program } from './harness/program.ts'
import { readCard } from './harness/shown.ts'
import { botMessages, saidTimes, until } from './harness/traces.ts'

const HOUR_MS = 3_600_000
const DAYS = 3
/** Later than any of these on the eve of the first day. */
const EVE_MS = 45_000
const WORDS = ['开门', '订餐', '锁柜', '关灯']

/** What is reminded of each day, by the hours of Shanghai in which the zone's own clock is put forward or back. */
const CHANGES = [
  ['America/New_York', 'put back at 14:00', '2026-10-31', ['13:30', '14:00', '14:30', '15:00']],
  ['America/New_York', 'put forward at 15:00', '2027-03-13', ['14:30', '15:00', '15:30', '16:00']],
  ['Australia/Lord_Howe', 'put back by half an hour at 23:00', '2027-04-02', ['22:30', '22:45', '23:00', '23:30']],
  ['Pacific/Apia', 'a day ahead of most', '2026-12-30', ['00:00', '12:00', '19:00', '23:59']],
] as const

const dueAt = (midnight: number, day: number, time: string): number => {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return midnight + (day * 24 + hour) * HOUR_MS + minute * 60_000
}

describe('trust D43: wherever the machine stands, and whatever its own clock is put to', () => {
  const post = async <T>(url: string, body: unknown): Promise<T> => {
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
  const reminded = (sim: Simulator): string[] =>
    botMessages({ sim }).flatMap(({ msg_type, content }) => {
      const card = msg_type === 'interactive' ? readCard(content) : undefined
      return card?.title === '提醒' ? [card.text.split('\n')[0] ?? ''] : []
    })

  // each with a simulator and a program of its own, which mostly wait for each other
  it.for(CHANGES)(
    'D43 in %s, %s: no reminder twice, none left out',
    { concurrent: true, timeout: 180_000 },
    async ([zone, , first, times], { onTestFinished }) => {
      const dir = mkdtempSync(join(tmpdir(), 'huiyin-zones-'))
      const sim = await startSimulator({
        port: 0,
        host: '127.0.0.1',
        botUrl: 'http://127.0.0.1:1',
        ...KEYS,
        speed: 150,
      })
      const program = new Program(sim, await freePort(), { DATA_DIR: dir, CLOCK: 'manual', TZ: zone })
      onTestFinished(async () => {
        program.kill('SIGKILL')
        await program.ended()
        await sim.close()
        rmSync(dir, { recursive: true, force: true })
      })
      const moveTo = (at: number) => post(`${program.url}/clock`, { now: new Date(at).toISOString() })
      sim.setBotUrl(program.url)
      await program.start()
      const { people } = (await (await fetch(`${sim.url}/sim/office`)).json()) as SimOffice
      const as = people.find(({ name }) => name === '王强')?.open_id ?? ''
      const { chat_id } = await post<{ chat_id: string }>(`${sim.url}/sim/p2p`, { as })
      const midnight = Date.parse(`${first}T00:00:00+08:00`)
      await moveTo(midnight - EVE_MS)
      for (const [i, word] of WORDS.entries()) {
        await post(`${sim.url}/sim/messages`, { as, chat_id, text: `/提醒 每天${times[i]} ${word}` })
        await until(() => saidTimes({ sim }, word) === 1)
      }
      const steps = Array.from({ length: DAYS * 8 }, (_, nth) => midnight + nth * 3 * HOUR_MS)
      const dues = steps.slice(0, DAYS).flatMap((_, day) => times.map(time => dueAt(midnight, day, time)))
      for (const at of [...new Set([...steps, ...dues])].sort((a, b) => a - b)) await moveTo(at)
      const wanted = Array.from({ length: DAYS }, () => WORDS).flat()
      await until(() => reminded(sim).length >= wanted.length)
      expect(reminded(sim).sort()).toEqual(wanted.sort())
    },
  )
})
