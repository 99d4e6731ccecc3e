import { createHash } from 'node:crypto'

// Loaded before the bot: the clock of its machine, so far ahead as it is told at its start, and then by whoever started it; and a chance
// that is the same whenever it asks for the nth time.
const { now } = Date
let aheadMs = Number(process.env.AHEAD_MS ?? 0)
Date.now = () => now() + aheadMs
globalThis.Date = new Proxy(Date, {
  construct: (of, given, as) => Reflect.construct(of, given.length ? given : [of.now()], as),
})
process.on('message', ms => {
  aheadMs = ms
})
process.channel?.unref()

let asked = 0
Math.random = () =>
  createHash('sha256').update(`${process.env.CHANCE_SEED} ${asked++}`).digest().readUInt32BE() / 2 ** 32
