import { note } from './bars.ts'
import { asked } from './events.ts'
import { at, median, openLoop } from './load.ts'
import { type Bench, type Measured, ms, until } from './part.ts'
import { cpuUs } from './servers.ts'

const RATES = [20, 100]
/** So many that a machine which others share is seen at its usual pace. */
const ROUNDS = 11
const ROUND_MS = 4_000
/** As often as in `turns`. */
const WARM_UP = { perSecond: 400, ms: 20_000 }
const LONGEST_MS = 30_000

interface Round {
  p50: number
  p99: number
  cpu: number
  refused: number
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
    const refused = [...rounds.reference, ...rounds.bot].reduce((sum, one) => sum + one.refused, 0)
    if (refused)
      throw new Error(`${refused} messages were turned away at ${rate}/s: too much else runs on this machine`)
    const of = (name: keyof typeof rounds, what: keyof Round) => median(rounds[name].map(one => one[what]))
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
    note('P5', `${rate}/s: ${p50.toFixed(2)} ×, ${p99.toFixed(2)} ×`, p50 <= 2 && p99 <= 3)
    note('P6', `${rate}/s: ${cpu.toFixed(2)} ×`, cpu <= 2)
  }
  bench.print(
    `/帮助 from when it was to leave until its answer is at the Open API; medians of ${ROUNDS} rounds, alternating`,
    ['', 'p50 ms', 'x ref', 'p99 ms', 'x ref', 'CPU µs each', 'x ref'],
    rows,
  )
  for (const contender of Object.values(contenders)) await contender.stop()
}

async function round({ sink }: Bench, { server }: Measured, perSecond: number, lasts: number): Promise<Round> {
  const all = asked((perSecond * lasts) / 1_000, server.port)
  const before = cpuUs(server)
  const { began, refused } = await openLoop(
    server.port,
    all.map(({ request }) => request),
    { perSecond, until: new Promise(() => {}) },
  )
  const replied: Record<string, number> = {}
  const isAnswered = async () => {
    Object.assign(replied, await (await fetch(`http://127.0.0.1:${sink.port}/replied`)).json())
    return Object.keys(replied).length >= all.length - refused
  }
  await until(isAnswered, LONGEST_MS, 'answering')
  const cpu = (cpuUs(server) - before) / all.length
  const took = all.map(({ message }, i) => (replied[message] ?? Number.NaN) - began - (i * 1_000) / perSecond)
  took.sort((a, b) => a - b)
  return { p50: at(took, 0.5), p99: at(took, 0.99), cpu, refused }
}
