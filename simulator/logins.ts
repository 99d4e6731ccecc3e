/** What somebody allowed on the log-in page, waiting to be fetched. */
export interface Grant {
  open_id: string
  client_id: string
  redirect_uri: string
  scope: string
  challenge?: { value: string; method: 'S256' | 'plain' }
  at: number
  used?: boolean
}

/** A user access token or a refresh token. */
export interface Pass {
  open_id: string
  scope: string
  at: number
  used?: boolean
}

export interface Logins {
  grants: Map<string, Grant>
  tokens: Map<string, Pass>
  refresh: Map<string, Pass>
}

export const CODE_MS = 5 * 60_000
export const TOKEN_MS = 7200_000
export const REFRESH_MS = 7 * 24 * 3_600_000

export const makeLogins = (): Logins => ({ grants: new Map(), tokens: new Map(), refresh: new Map() })
