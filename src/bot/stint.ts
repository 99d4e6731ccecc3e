/** So long somebody is at work before others have their turn, or through so many steps where the clock stands still meanwhile. */
const LONGEST_MS = 10
const MOST_STEPS = 20_000

/** Work between two turns of others: asked after each small step of it, it tells whether it has been long enough. */
export class Stint {
  #since = performance.now()
  #steps = 0

  isOver(): boolean {
    return ++this.#steps >= MOST_STEPS || performance.now() - this.#since >= LONGEST_MS
  }

  async rest(): Promise<void> {
    await new Promise(done => setTimeout(done, 0))
    this.#since = performance.now()
    this.#steps = 0
  }
}
