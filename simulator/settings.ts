import type { Room } from './calendar/kept.ts'
import type { Department, Person, Transport } from './protocol.ts'

/** What a demo office is made of; ids are fixed so that a bot's settings can name people. */
export interface OfficePlan {
  tenant: { name: string; key: string }
  bot: { name: string; open_id: string; union_id: string }
  departments: Department[]
  people: Person[]
  groups: Array<{ chat_id: string; name: string; owner: string; members: string[]; bot: boolean }>
  rooms?: Room[]
  script: { as: string; lines: string[] }
}

export interface SimulatorOptions {
  /** 0 takes any free port. */
  port: number
  host: string
  botUrl: string
  appId: string
  appSecret: string
  /** '' means plaintext mode: no encryption and no signature headers. */
  encryptKey: string
  verificationToken: string
  /** Which way events take at the start; POST /sim/transport changes it. */
  transport?: Transport
  /** Where state is kept; without it everything is forgotten at the end. */
  dataFile?: string
  office?: OfficePlan
  /** Scales retries, the uuid hour, token life, the 14 days and the 30 minutes: 1000 makes them 1000 times shorter. */
  speed?: number
  /** The same for retries alone, where they are to come sooner than the rest passes. */
  retrySpeed?: number
  /** Real time in ms, by which rates are counted and signatures dated, where it is not this machine's. */
  wire?: () => number
  /** What decides whether a fault of given odds strikes, from 0 up to, not including, 1; `Math.random` without. */
  chance?: () => number
  /** Folder of the built chat page. */
  pageDir?: string
  /** Let the administrator say the office's set-up lines at the very first start. */
  script?: boolean
  /** Ask the bot at the start whether its clock can be moved, and bring it to the simulator's. */
  clockCheck?: boolean
  /** Asks whoever started simulator and bot together to wipe both and start them anew. */
  startOver?: () => void
}

export interface Settings
  extends Omit<SimulatorOptions, 'office' | 'speed' | 'retrySpeed' | 'script' | 'clockCheck' | 'transport' | 'chance'> {
  office: OfficePlan
  speed: number
  retrySpeed: number
  script: boolean
  clockCheck: boolean
  transport: Transport
  chance: () => number
}

export function settle(options: SimulatorOptions, demo: OfficePlan): Settings {
  return {
    ...options,
    botUrl: withoutSlash(options.botUrl),
    office: options.office ?? demo,
    speed: options.speed ?? 1,
    retrySpeed: options.retrySpeed ?? options.speed ?? 1,
    script: options.script ?? false,
    clockCheck: options.clockCheck ?? false,
    transport: options.transport ?? 'webhook',
    chance: options.chance ?? Math.random,
  }
}

export const withoutSlash = (url: string) => url.replace(/\/+$/, '')
