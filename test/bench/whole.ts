import { note, noteAnswered, type Unanswered, unansweredOf } from './bars.ts'
import { asked } from './events.ts'
import { at, median, openLoop } from './load.ts'
import { type Bench, type Measured, ms, nothingWaits, until } from './part.ts'
import { cpuUs } from './servers.ts'

const RATES = [20, 100]
/** So many that a machine which others share is seen at its usual pace. */
const ROUNDS = 11
const ROUND_MS = 4_000
/** As often as in `turns`. */
const WARM_UP = { perSecond: 400, ms: 20_000 }
const LONGEST_MS = 30_000

interface Round extends Unanswered {
  p50: number
  p99: number
  cpu: number
  /** How many were answered at the Open API, and how many calls for messages it had meanwhile. */
  answers: number
  calls: number
}

/** P5 and P6: the whole way of a simple command, from when its message was to leave until its answer reaches the Open API, beside the reference bot. */
export async function whole(bench: Bench): Promise<void> {
  const contenders = {
    reference: await bench.start('reference', 'reference'),
    bot: await bench.start('lifted', 'whole'),
  }
  for (const contender of Object.values(contenders)) await round(bench, contender, WARM_UP.perSecond, WARM_UP.ms)
  const rows: string[][] = []
  for (const rate of RATES) {
    const rounds: Record<keyof typeof contenders, Round[]> = { reference: [], bot: [] }
    for (let i = 0; i < ROUNDS; i++)
      for (const name of ['reference', 'bot'] as const)
        rounds[name].push(await round(bench, contenders[name], rate, ROUND_MS))
    const missing = unansweredOf(rounds.reference)
    if (missing.refused + missing.cut)
      throw new Error(
        `of the reference bot ${JSON.stringify(missing)} at ${rate}/s: too much else runs on this machine`,
      )
    const of = (name: keyof typeof rounds, what: keyof Round) => median(rounds[name].map(one => one[what]))
    const sum = (what: 'answers' | 'calls') => rounds.bot.reduce((all, one) => all + one[what], 0)
    const ratio = (what: keyof Round) => of('bot', what) / of('reference', what)
    for (const name of ['reference', 'bot'] as const)
      rows.push([
        `${name === 'bot' ? 'bot' : 'reference bot'}, ${rate}/s`,
        ...(['p50', 'p99', 'cpu'] as const).flatMap(what => [
          what === 'cpu' ? of(name, what).toFixed(0) : ms(of(name, what)),
          (of(name, what) / of('reference', what)).toFixed(2),
        ]),
      ])
    const [p50, p99, cpu] = [ratio('p50'), ratio('p99'), ratio('cpu')]
    const says = `${rate}/s: ${p50.toFixed(2)} ×, ${p99.toFixed(2)} ×, ${sum('calls')} calls for ${sum('answers')} answers`
    const isOneEach = rounds.bot.every(one => one.calls === one.answers)
    noteAnswered('P5', says, p50 <= 2 && p99 <= 3 && isOneEach, unansweredOf(rounds.bot))
    note('P6', `${rate}/s: ${cpu.toFixed(2)} ×`, cpu <= 2)
  }
  bench.print(
    `/帮助 from when it was to leave until its answer is at the Open API; medians of ${ROUNDS} rounds, alternating`,
    ['', 'p50 ms', 'x ref', 'p99 ms', 'x ref', 'CPU µs each', 'x ref'],
    rows,
  )
  for (const contender of Object.values(contenders)) await contender.stop()
}

async function round({ sink }: Bench, { server, sql }: Measured, perSecond: number, lasts: number): Promise<Round> {
  const api = `http://127.0.0.1:${sink.port}`
  const made = async () => Number(await (await fetch(`${api}/made`)).text())
  const all = asked((perSecond * lasts) / 1_000, server.port)
  const [before, madeBefore] = [cpuUs(server), await made()]
  const { acknowledged, began, refused, cut } = await openLoop(
    server.port,
    all.map(({ request }) => request),
    { perSecond, until: new Promise(() => {}) },
  )
  const replied: Record<string, number> = {}
  const look = async () => Object.assign(replied, await (await fetch(`${api}/replied`)).json())
  const isAnswered = async () => {
    await look()
    return acknowledged.every(i => (all[i]?.message ?? '') in replied)
  }
  await until(isAnswered, LONGEST_MS, 'answering')
  const cpu = (cpuUs(server) - before) / acknowledged.length
  // what else it would say belongs to its answers as well
  await until(() => nothingWaits(sql), LONGEST_MS, 'emptying the outbox')
  await look()
  const calls = (await made()) - madeBefore
  const took = all
    .map(({ message }, i) => (replied[message] ?? Number.NaN) - began - (i * 1_000) / perSecond)
    .filter(one => !Number.isNaN(one))
    .sort((a, b) => a - b)
  return { p50: at(took, 0.5), p99: at(took, 0.99), cpu, refused, cut, answers: took.length, calls }
}
