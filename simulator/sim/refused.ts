import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** A refusal of /sim, in words for the person at the page. */
export class Refused extends Error {
  readonly status: ContentfulStatusCode
  constructor(status: ContentfulStatusCode, words: string) {
    super(words)
    this.status = status
  }
}
