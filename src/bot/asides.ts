import { asideNow, changeAside } from '../../db/aside.ts'
import { type Aside, isSame, MOST_ASIDE, withFailed, withoutThose } from '../kit/aside.ts'
import { describe } from './log.ts'
import type { Office } from './office.ts'
import type { Asides, Failed } from './portion.ts'

/** What is set aside, read once for a heartbeat. */
export class AsideBook {
  readonly #office: Office
  #all: readonly Aside[] | undefined

  constructor(office: Office) {
    this.#office = office
  }

  async of(feature: string): Promise<Asides> {
    this.#all ??= await asideNow(this.#office.db)
    return {
      now: () => this.#known.filter(one => one.feature === feature),
      setAside: async failed => {
        for (const one of failed) await this.#setAside(one)
      },
      takeBack: over => this.#change((all, now) => withoutThose(all, over, now)),
    }
  }

  get #known(): readonly Aside[] {
    return this.#all ?? []
  }

  async #setAside({ fault, ...one }: Failed): Promise<void> {
    if (this.#known.length >= MOST_ASIDE && !this.#known.some(aside => isSame(aside, one))) throw fault
    await this.#change((all, now) => withFailed(all, one, now))
    const { tries } = this.#known.find(aside => isSame(aside, one)) ?? {}
    const { feature, kind, id } = one
    this.#office.log('error', 'due aside', { feature, kind, matter: id, tries, ...describe(fault) })
  }

  async #change(how: (all: readonly Aside[], now: Date) => readonly Aside[]): Promise<void> {
    const { clock, db } = this.#office
    const now = clock.now()
    this.#all = await changeAside(db, all => how(all, now), now)
  }
}
