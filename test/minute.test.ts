import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { everyMinute } from '../src/node/minute.ts'

/** trust.md D43: the clock of the machine is put, which no timer hears of. */
describe('the minute', () => {
  let runs: string[]
  let held: Promise<void> | undefined
  let stop: () => Promise<void>

  beforeEach(() => {
    vi.useFakeTimers({ now: new Date('2026-11-24T10:00:20Z') })
    runs = []
    held = undefined
    const minute = everyMinute(async () => {
      runs.push(new Date().toISOString().slice(11, 19))
      await held
    })
    stop = minute.stop
  })
  afterEach(async () => {
    await stop()
    vi.useRealTimers()
  })

  const passes = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000)

  it('begins when the clock does', async () => {
    await passes(39)
    expect(runs).toEqual([])
    await passes(121)
    expect(runs).toEqual(['10:01:00', '10:02:00', '10:03:00'])
  })

  it('goes on when the clock is put back, as it may be after a machine that ran ahead', async () => {
    await passes(40)
    expect(runs).toEqual(['10:01:00'])
    vi.setSystemTime(new Date('2026-11-23T09:00:30Z'))
    await passes(62)
    expect(runs.length).toBe(2)
    await passes(120)
    expect(runs.slice(2)).toEqual(['09:02:00', '09:03:00'])
  })

  it('leaves out no minute when the clock is put forward into it', async () => {
    await passes(40)
    vi.setSystemTime(new Date('2026-11-24T10:01:30Z'))
    await passes(62)
    expect(runs.length).toBe(2)
    await passes(60)
    expect(runs.length).toBe(3)
  })

  it('runs no more once it is stopped, and waits for what is running', async () => {
    let end = (): void => {}
    held = new Promise(done => {
      end = done
    })
    await passes(40)
    const stopped = stop()
    let isStopped = false
    void stopped.then(() => {
      isStopped = true
    })
    await passes(300)
    expect([runs, isStopped]).toEqual([['10:01:00'], false])
    end()
    await stopped
  })
})
