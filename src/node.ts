import { operate } from './node/operate/operate.ts'
import { startNode } from './node/start.ts'

const words = process.argv.slice(2)

// without a word the bot starts
if (words.length) process.exitCode = await operate(words, say('stdout'), say('stderr'))
else await startNode()

function say(where: 'stdout' | 'stderr') {
  return (line: string): void => {
    process[where].write(`${line}\n`)
  }
}
