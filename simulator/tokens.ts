import { newTenantToken } from './ids.ts'

const LIFE_S = 7200
const RENEW_BELOW_S = 1800

export interface Tokens {
  /** The same token while at least 30 minutes remain, then a new one; the old one stays valid to its end. */
  hand(): { token: string; expire: number }
  /** Undefined when the token may be used, else the code that refuses it. */
  refuse(authorization: string | undefined): 99991661 | 99991671 | 99991663 | undefined
  revoke(): void
}

/** Token life is counted in real time (scaled by speed), not on the simulator's clock. */
export function makeTokens(speed: number, now: () => number = Date.now): Tokens {
  let issued: Array<{ token: string; until: number }> = []
  const left = (until: number) => Math.floor(((until - now()) * speed) / 1000)
  return {
    hand() {
      const newest = issued.at(-1)
      if (newest && left(newest.until) >= RENEW_BELOW_S) return { token: newest.token, expire: left(newest.until) }
      const fresh = { token: newTenantToken(), until: now() + (LIFE_S * 1000) / speed }
      issued = [...issued.filter(one => left(one.until) > 0), fresh]
      return { token: fresh.token, expire: LIFE_S }
    },
    refuse(authorization) {
      const token = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1]
      if (!token) return 99991661
      if (!/^[tu]-/.test(token)) return 99991671
      const known = issued.find(one => one.token === token)
      return known && known.until > now() ? undefined : 99991663
    },
    revoke() {
      issued = []
    },
  }
}
