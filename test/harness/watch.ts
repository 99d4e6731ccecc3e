import { enqueue } from '../../db/outbox.ts'
import { meetPeople } from '../../db/people.ts'
import { keepWatched, watchedNow } from '../../db/watch.ts'
import { seal } from '../../src/bot/seal.ts'
import { tick } from '../../src/bot/tick.ts'
import type { Kind } from './databases.ts'
import { type OfficeOptions, TestOffice, type TestPerson } from './office.ts'
import { count, until } from './traces.ts'

const MINUTE_MS = 60_000
const TITLE = '运行告警'

/** A house whose heart beats only when a test lets it, and the two who look after it. */
export class Watch {
  readonly office: TestOffice
  readonly liu: TestPerson
  readonly cao: TestPerson

  private constructor(office: TestOffice) {
    this.office = office
    this.liu = office.person('刘芳')
    this.cao = office.person('曹颖')
  }

  static async open(kind: Kind, options: OfficeOptions = {}): Promise<Watch> {
    const watch = new Watch(await TestOffice.open({ kind, wire: 'hasty', ...options }))
    await tick(watch.office.bot.house.office)
    return watch
  }

  get db() {
    return this.office.database.db
  }

  /** Lets so many minutes pass by both clocks, with a heartbeat every four; what happened is sealed, as it is within a second. */
  async passes(minutes: number): Promise<void> {
    for (let left = minutes; left > 0; left -= 4) {
      const step = Math.min(left, 4) * MINUTE_MS
      const { clock, bot } = this.office
      await clock.rest?.(step)
      clock.set(new Date(clock.now().getTime() + step))
      await tick(bot.house.office)
      await bot.drainer.settle()
      await seal(bot.house.office)
    }
    await this.office.settled()
  }

  /** Moves the office's clock alone. */
  async moves(to: string): Promise<void> {
    await this.office.moveTo(`${to}+08:00`)
    await this.office.settled()
  }

  /** What was found so far has been found for so much longer. */
  async lastedFor(days: number): Promise<void> {
    const watched = await watchedNow(this.db)
    const pending = Object.fromEntries(
      Object.entries(watched.pending).map(([id, one]) => [id, { ...one, ms: one.ms - days * 86_400_000 }]),
    )
    await keepWatched(this.db, { ...watched, pending }, this.office.clock.now())
  }

  /** Feishu answers again, and what waited has left within as long as back-off keeps it. */
  async feishuReturns(): Promise<void> {
    const { clock, bot } = this.office
    await this.office.send('DELETE', '/sim/faults', {})
    await until(async () => {
      await clock.rest?.(MINUTE_MS)
      await bot.drainer.settle()
      return (await count(this.db, `outbox where state = 'waiting'`)) === 0
    })
    await this.office.settled()
  }

  async alerts(of = this.liu) {
    return (await of.messages()).filter(({ card }) => card?.title.startsWith(TITLE))
  }

  /** The last alert as it stands now. */
  async alert(of = this.liu) {
    const last = (await this.alerts(of)).at(-1)
    if (!last?.card) throw new Error(`${of.name} was not told`)
    return { ...last, card: last.card }
  }

  logged(): string[] {
    return this.office.log.flatMap(line => /"what":"alert".*"alert":"(\w+)"/.exec(line)?.[1] ?? [])
  }

  async failsToReach(name: string, text: string): Promise<void> {
    const id = `ou_f${Buffer.from(name).toString('hex').padStart(31, '0').slice(-31)}`
    await meetPeople(this.db, [{ id, name }])
    const queuedMs = this.office.clock.wire()
    await enqueue(this.db, { lane: id, api: 'create', priority: 1, parcel: { person: id, text }, sender: '', queuedMs })
    this.office.bot.drainer.wake()
    await until(async () => (await count(this.db, `outbox where lane = '${id}' and state = 'failed'`)) > 0)
  }
}
