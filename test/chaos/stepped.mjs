// Loaded before the bot: the clock of its machine, so far ahead as it is told at its start, and then by whoever started it.
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
