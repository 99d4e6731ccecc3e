import { TransactionRollbackError } from 'drizzle-orm'
import type { Db } from '../../db/client.ts'
import type { copies } from '../../db/copies.ts'
import { drawCopy } from '../../src/bot/desk.ts'
import { dispatch } from '../../src/bot/dispatch.ts'
import type { Outcome } from '../../src/bot/outcome.ts'
import type { Throttle } from '../../src/bot/throttle.ts'
import type { Incoming } from '../../src/feishu/incoming.ts'
import type { TestOffice } from './office.ts'
import { rows } from './traces.ts'

/** What came of one turn. */
export interface Tried {
  outcome: Outcome['kind']
  /** The toast over a press, or why what was said was refused. */
  words: string
  toast: string
}

export interface Pressing {
  who: string
  action: string
  value: Record<string, unknown>
  form: Record<string, unknown>
  message?: string
  chat?: string
  key?: string
}

let turns = 0

/** No person's measure: everything is done in no time. */
export const UNMEASURED: Throttle = {
  weigh: () => 'fine',
  take: () => () => {},
  ahead: (_who, _wireMs, letters) => letters,
  notes: () => true,
}

/** Turns of an office in a transaction that is undone afterwards, so that each finds the same state. */
export class Trial {
  readonly db: Db
  readonly #office: TestOffice

  constructor(office: TestOffice, db: Db = office.database.db) {
    this.#office = office
    this.db = db
  }

  /** Runs something and takes it back. */
  async apart<T>(run: (trial: Trial) => Promise<T>): Promise<T> {
    let result: { of: T } | undefined
    await this.db
      .transaction(async tx => {
        result = { of: await run(new Trial(this.#office, tx as Db)) }
        tx.rollback()
      })
      .catch((error: unknown) => {
        if (!(error instanceof TransactionRollbackError)) throw error
      })
    if (!result) throw new Error('nothing was run')
    return result.of
  }

  presses({ who, action, value, form, message, chat, key = `press${turns++}` }: Pressing): Promise<Tried> {
    const at = { chat: chat ?? `oc_${who}`, message: message ?? `om_${key}` }
    return this.#take({ kind: 'pressed', key, who, ...at, action, value: { ...value, action }, form, unheard: '' })
  }

  async says(who: string, text: string): Promise<Tried> {
    const before = await this.#last('outbox')
    const tried = await this.#take(spoken(who, text))
    return tried.outcome === 'refused' ? { ...tried, words: await this.#sentSince(before) } : tried
  }

  /** Everything that somebody gets to see because of what they say, as one text. */
  async shows(who: string, text: string): Promise<string> {
    const [before, drawn] = [await this.#last('outbox'), await this.#last('copies')]
    await this.#take(spoken(who, text))
    const shown = await rows<{ feature: string; matter: string; viewer: string }>(
      this.db,
      `select feature, matter, viewer from copies where id > ${drawn} and lane in ('${who}', 'oc_${who}')`,
    )
    const cards = await Promise.all(shown.map(copy => this.draws(copy)))
    return (await this.#sentSince(before)) + JSON.stringify(cards)
  }

  /** A matter as somebody ('' = a group) sees it. */
  draws(copy: Pick<typeof copies.$inferSelect, 'feature' | 'matter' | 'viewer'>) {
    return drawCopy(this.#turnOffice(), this.db, copy, this.#office.clock.now())
  }

  #turnOffice() {
    return { ...this.#office.bot.house.office, db: this.db, wake: () => {}, throttle: UNMEASURED }
  }

  async #take(incoming: Exclude<Incoming, { kind: 'ignored' }>): Promise<Tried> {
    const outcome = await dispatch(this.#turnOffice(), incoming)
    const toast = 'toast' in outcome ? outcome.toast : undefined
    return { outcome: outcome.kind, words: toast?.words ?? '', toast: toast?.kind ?? '' }
  }

  async #last(table: 'outbox' | 'copies'): Promise<number> {
    const [last] = await rows<{ id: number | string }>(this.db, `select coalesce(max(id), 0) as id from ${table}`)
    return Number(last?.id)
  }

  async #sentSince(parcel: number): Promise<string> {
    const sent = await rows<{ parcel: unknown }>(this.db, `select parcel from outbox where id > ${parcel} order by id`)
    return JSON.stringify(sent.map(one => one.parcel))
  }
}

const spoken = (who: string, text: string): Extract<Incoming, { kind: 'said' }> => {
  const key = `said${turns++}`
  const rest = { message: `om_${key}`, parent: '', root: '', attachments: [], unheard: [], form: 'text' as const }
  return { kind: 'said', key, who, chat: { id: `oc_${who}`, kind: 'private' }, pieces: [text], ...rest }
}
