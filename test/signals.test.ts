import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'

/** A program that is told to end while it starts, before it has taken up what has to be ended in good order. */
const STARTING = `
  import { leaveOnSignal, onSignal } from './src/node/signals.ts'
  leaveOnSignal()
  process.kill(process.pid, 'SIGTERM')
  onSignal(signal => {
    process.stdout.write(signal)
    process.exit(0)
  })
  setTimeout(() => process.exit(1), 5_000)
`

it('a signal that came a moment before the program was ready for it is heeded all the same', () => {
  const said = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', STARTING], {
    cwd: new URL('..', import.meta.url),
    encoding: 'utf8',
  })
  expect(said).toBe('SIGTERM')
})
