import { build } from 'esbuild'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import Queue from '../src/node/driver-queue.ts'
import { mendDriver } from '../src/node/mend-driver.mjs'

const steps = fc.array(
  fc.oneof(
    fc.record({ act: fc.constant('push' as const), item: fc.nat(20) }),
    fc.record({ act: fc.constant('remove' as const), item: fc.nat(20) }),
    fc.constant({ act: 'shift' as const }),
  ),
)

describe('the queue in the place of the driver’s own', () => {
  it('hands out in the order of coming what was not taken out, and knows its length', () => {
    fc.assert(
      fc.property(steps, some => {
        const queue = Queue<number>()
        const model: number[] = []
        for (const step of some) {
          if (step.act === 'shift') expect(queue.shift()).toBe(model.shift())
          else if (step.act === 'remove') {
            const at = model.indexOf(step.item)
            expect(queue.remove(step.item)).toBe(at < 0 ? null : step.item)
            if (at >= 0) model.splice(at, 1)
          } else if (!model.includes(step.item)) {
            expect(queue.push(step.item)).toBe(step.item)
            model.push(step.item)
          }
          expect(queue.length).toBe(model.length)
        }
      }),
    )
  })

  it('is what the bot is built with', async () => {
    const { metafile } = await build({
      stdin: { contents: `import 'postgres'`, resolveDir: import.meta.dirname },
      bundle: true,
      platform: 'node',
      format: 'esm',
      write: false,
      metafile: true,
      plugins: [mendDriver],
    })
    const from = Object.keys(metafile.inputs)
    expect(from).toContain('src/node/driver-queue.ts')
    expect(from.filter(path => path.endsWith('queue.js'))).toEqual([])
  })
})
