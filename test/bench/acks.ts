import { noteAnswered, type Unanswered, unansweredOf } from './bars.ts'
import { requests } from './events.ts'
import { at, median, openLoop } from './load.ts'
import { type Bench, type Measured, ms, nothingWaits, until } from './part.ts'

const PER_SECOND = 300
const ROUNDS = 5
const ROUND_MS = 5_000
const LONGEST_MS = 60_000
const BAR_MS = 1_000

interface Round extends Unanswered {
  p50: number
  p99: number
  longest: number
}

/** P3: how soon messages are acknowledged at 300 a second in an open loop, whole commands beside it, against «d». */
export async function acks(bench: Bench): Promise<void> {
  const contenders = { d: await bench.start('baseline', 'acks_d'), bot: await bench.start('lifted', 'acks') }
  const rounds: Record<keyof typeof contenders, Round[]> = { d: [], bot: [] }
  for (let i = 0; i <= ROUNDS; i++)
    for (const name of ['d', 'bot'] as const) {
      const one = await round(contenders[name])
      // the first is the warm-up
      if (i) rounds[name].push(one)
      if (name === 'bot') await until(() => nothingWaits(contenders.bot.sql), LONGEST_MS, 'emptying the outbox')
    }
  const of = (name: keyof typeof rounds, what: 'p50' | 'p99') => median(rounds[name].map(one => one[what]))
  const [p50, p99] = [of('bot', 'p50') / of('d', 'p50'), of('bot', 'p99') / of('d', 'p99')]
  const longest = Math.max(...rounds.bot.map(one => one.longest))
  bench.print(
    `acknowledged at ${PER_SECOND}/s, open loop, from when each was to leave; medians of ${ROUNDS} rounds, alternating`,
    ['', 'p50 ms', 'x d', 'p99 ms', 'x d', 'longest ms', 'refused', 'unanswered'],
    (['d', 'bot'] as const).map(name => [
      name === 'd' ? '«d»' : 'bot, whole commands beside it',
      ...(['p50', 'p99'] as const).flatMap(what => [ms(of(name, what)), (of(name, what) / of('d', what)).toFixed(2)]),
      ms(Math.max(...rounds[name].map(one => one.longest))),
      ...Object.values(unansweredOf(rounds[name])).map(String),
    ]),
  )
  const says = `p50 ${p50.toFixed(2)} ×, p99 ${p99.toFixed(2)} ×, longest ${ms(longest)} ms`
  noteAnswered('P3', says, p50 <= 2 && p99 <= 3 && longest <= BAR_MS, unansweredOf([...rounds.d, ...rounds.bot]))
  for (const contender of Object.values(contenders)) await contender.stop()
}

async function round({ server }: Measured): Promise<Round> {
  const all = requests((PER_SECOND * ROUND_MS) / 1_000, server.port)
  const { took, refused, cut } = await openLoop(server.port, all, {
    perSecond: PER_SECOND,
    until: new Promise(() => {}),
  })
  return { p50: at(took, 0.5), p99: at(took, 0.99), longest: at(took, 1), refused, cut }
}
