import { countGeneral, systemTitles } from '../../db/meeting-clash.ts'
import { peopleById } from '../../db/people.ts'
import { setting } from '../../db/settings.ts'
import type { Look } from '../../src/bot/feature.ts'
import type { Finding } from '../../src/kit/finding.ts'
import { byGravity } from '../../src/kit/rules.ts'
import { addDays, dayIn, toInstant } from '../../src/kit/time.ts'
import { type ChainFacts, chainFor, NOBODY } from '../../src/office/meeting/chain.ts'
import { peopleAmong } from '../../src/office/meeting/clash.ts'
import type { Guests, Invitation, MeetingWish } from '../../src/office/meeting/meeting.ts'
import { meterOf, mondayOf } from '../../src/office/meeting/meter.ts'
import type { Plan } from '../../src/office/meeting/rule-facts.ts'
import { RULE_SETTING, type RuleSetting, withUsual } from '../../src/office/meeting/rule-setting.ts'
import { checkMeeting, isOfSystem } from '../../src/office/meeting/rules.ts'
import { isComprehensive } from '../../src/office/meeting/wording.ts'
import { may } from '../../src/office/role/role.ts'
import { customs } from '../customs.ts'
import { ladderFor } from '../ladder.ts'
import { calendarsOf } from './calendars.ts'
import { clashesAt, slotsAfter } from './clash.ts'
import { guestsOf } from './invite.ts'
import { wantedAt } from './wanted.ts'

type Reading = Pick<Look, 'db' | 'now' | 'office'>

/** Whose meeting it is. `id`: the meeting's own, which does not clash with itself. */
export interface Of {
  maker: string
  unit: string
  id?: number
}

/** What the office has settled about the rules of its meetings; what it has not is as usual. */
export const ruleSetting = async ({ db }: Pick<Look, 'db'>): Promise<RuleSetting> =>
  withUsual(await setting<Partial<RuleSetting>>(db, RULE_SETTING))

/**
 * What is to be known of a meeting before it goes out: what the rules say, who approves it, who is taken, and when all would be
 * free. Reads only, so that a card may be drawn from it.
 */
export async function planFor(look: Reading, wish: MeetingWish, of: Of): Promise<Plan> {
  const [settled, inForce, chain, invited] = await Promise.all([
    ruleSetting(look),
    customs(look),
    chainFacts(look, of),
    guestsOf(look, { ...wish, id: of.id ?? 0, noticeRev: 0 }),
  ])
  const { way } = settled.thresholds
  const wanted = await wantedAt(look, wish, invited)
  const clashes = await clashesAt(look, wish, wanted, way, of.id)
  const heads = headsOf(invited, wanted.length)
  const [slots, general, comprehensive, leaders, calendars] = await Promise.all([
    clashes.length ? slotsAfter(look, wish, wanted, { way, heads, customs: inForce, own: of.id }) : [],
    countGeneral(look.db, weekOf(wish.startsAt), of.id),
    isOfSystem(wish) ? countComprehensive(look, wish.startsAt, of.id) : 0,
    namesOf(look, holding('LD', chain)),
    calendarsOf(look, wish, wanted, of.id),
  ])
  const findings = checkMeeting(wish, {
    ...{ now: look.now, customs: inForce, setting: settled, leaders, heads, comprehensive },
    isDeputyConvening: isDeputy(wish.convener, chain),
    units: unitsOf(wish.guests, invited),
    clashes: clashes.length,
  })
  const people = peopleAmong(clashes)
  return {
    ...stepsOf(wish, findings, chain),
    ...{ clashes, slots, calendars, meter: meterOf({ now: look.now, startsAt: wish.startsAt, general, people }) },
  }
}

/** Who could decide on somebody's meeting today. */
const chainFacts = async (look: Reading, { maker, unit }: Of): Promise<ChainFacts> => ({
  ...(await ladderFor(look, unit)),
  ...{ maker, may },
})

function stepsOf(wish: MeetingWish, findings: Finding[], chain: ChainFacts): Pick<Plan, 'findings' | 'steps'> {
  const steps = chainFor(wish, findings, chain)
  if (steps) return { findings, steps }
  const nobody: Finding = { rule: 'PERM-01', severity: 'F', words: NOBODY, basis: undefined, adds: undefined }
  return { findings: byGravity([nobody, ...findings]), steps: [] }
}

const holding = (code: string, { holders }: ChainFacts): string[] =>
  holders.filter(({ held }) => held.some(role => role.code === code)).map(({ id }) => id)

const isDeputy = (person: string, chain: ChainFacts): boolean =>
  holding('FG', chain).includes(person) && !holding('LD', chain).includes(person)

const namesOf = async ({ db }: Reading, ids: string[]): Promise<string[]> =>
  (await peopleById(db, ids)).map(({ name }) => name).filter(name => name !== '')

/** Those wanted by name, and the places of units. */
const headsOf = (invited: ReadonlyArray<Pick<Invitation, 'person' | 'places'>>, people: number): number =>
  invited.reduce((sum, { person, places }) => sum + (person === undefined ? places : 0), people)

/** MT-27: departments and units that are asked, also by one of their people. */
const unitsOf = ({ departments }: Guests, invited: ReadonlyArray<Pick<Invitation, 'unit'>>): number =>
  new Set([...departments, ...invited.map(({ unit }) => unit)].filter(unit => unit !== '')).size

const midnight = (day: string): Date => new Date(toInstant(day, '00:00'))

function weekOf(at: Date) {
  const monday = mondayOf(dayIn(at))
  return { startsAt: midnight(monday), endsAt: midnight(addDays(monday, 7)) }
}

/** MT-20: of the year in which it is to be held. */
async function countComprehensive({ db }: Reading, at: Date, own: number | undefined): Promise<number> {
  const year = Number(dayIn(at).slice(0, 4))
  const span = { startsAt: midnight(`${year}-01-01`), endsAt: midnight(`${year + 1}-01-01`) }
  return (await systemTitles(db, span, own)).filter(isComprehensive).length
}
