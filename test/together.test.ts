import { describe, expect, it } from 'vitest'
import type { Db } from '../db/client.ts'
import { MOST_TOGETHER, together } from '../db/together.ts'

const NO_DB = {} as Db

/** Calls that end when they are told to; `holds`: whether each asks the others to wait for it. */
function calls({ holds }: { holds: boolean }) {
  const begun: Array<{ items: string[]; end(): void; fail(): void }> = []
  const ask = together(async (_db, items: string[], hold) => {
    if (holds) hold?.()
    await new Promise<void>((end, fail) => {
      begun.push({ items, end, fail: () => fail(new Error('lost')) })
    })
    return items.map(item => `${item} done`)
  })
  return { ask: (item: string) => ask(NO_DB, item), begun }
}

const turnOfLoop = () => new Promise<void>(done => setImmediate(() => setImmediate(done)))

describe('calls made together', () => {
  it('makes one call of what is asked in one turn of the event loop', async () => {
    const { ask, begun } = calls({ holds: false })
    const answers = Promise.all(['a', 'b', 'c'].map(ask))
    await turnOfLoop()
    expect(begun.map(({ items }) => items)).toEqual([['a', 'b', 'c']])
    begun[0]?.end()
    expect(await answers).toEqual(['a done', 'b done', 'c done'])
  })

  it('waits for no other call, but for as many as may be under way', async () => {
    const { ask, begun } = calls({ holds: false })
    for (let i = 0; i <= MOST_TOGETHER.underway + 1; i++) {
      void ask(`${i}`)
      await turnOfLoop()
    }
    expect(begun.map(({ items }) => items)).toEqual([['0'], ['1'], ['2']])
    begun[1]?.end()
    await turnOfLoop()
    expect(begun.at(-1)?.items).toEqual(['3', '4'])
  })

  it.each(['end', 'fail'] as const)('waits for one that asks for it, until its %s', async how => {
    const { ask, begun } = calls({ holds: true })
    const first = ask('first').catch((error: Error) => error.message)
    await turnOfLoop()
    const later = ['second', 'third'].map(ask)
    await turnOfLoop()
    expect(begun).toHaveLength(1)
    begun[0]?.[how]()
    expect(await first).toBe(how === 'end' ? 'first done' : 'lost')
    await turnOfLoop()
    expect(begun[1]?.items).toEqual(['second', 'third'])
    begun[1]?.end()
    expect(await Promise.all(later)).toEqual(['second done', 'third done'])
  })

  it('does not wait for ever for one that hangs', async () => {
    const { ask, begun } = calls({ holds: true })
    void ask('hangs')
    await turnOfLoop()
    const second = ask('second')
    await expect.poll(() => begun.length).toBe(2)
    begun[1]?.end()
    expect(await second).toBe('second done')
  })
})
