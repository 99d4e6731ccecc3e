/** A "no" that the user should read: what failed, why, and where it helps one example that works. Never a fault of ours. */
export class Refusal extends Error {
  readonly example: string | undefined
  constructor(sentence: string, example?: string) {
    // what was typed may have been cut within a character, which Postgres keeps in no JSON
    super(sentence.toWellFormed())
    this.name = 'Refusal'
    this.example = example
  }
}

/** What was asked for is so already, by somebody's earlier act: said without alarm. */
export class AlreadySo extends Refusal {
  constructor(sentence: string) {
    super(sentence)
    this.name = 'AlreadySo'
  }
}
