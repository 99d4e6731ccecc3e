import { type Customs, closingOf, openingOf } from '../../kit/customs.ts'
import type { Finding } from '../../kit/finding.ts'
import { Refusal } from '../../kit/refusal.ts'
import { type Verdict, when } from '../../kit/rules.ts'
import { addDays, dayIn, workdaysBetween } from '../../kit/time.ts'
import type { MeetingWish } from './meeting.ts'
import { isQuiet } from './quiet.ts'
import { findingsOf, RULES } from './rule-book.ts'
import type { MeetingFacts } from './rule-facts.ts'
import { isSecret } from './secret.ts'
import {
  allowsSubstitutes,
  asksHeads,
  asksLowerLeaders,
  demandsFeedback,
  deploysDocument,
  dodgesDocuments,
  hasGroups,
  hasPledges,
  isComprehensive,
  leadersSpeaking,
  longestSpeech,
  papersAsked,
  reachesGrassroots,
  textOf,
} from './wording.ts'

const HOUR_MS = 3_600_000
const HALF_DAY_MS = 4 * HOUR_MS

/** 紧急会议 may come at short notice, but are confirmed by phone (MT-10). */
const URGENT = '紧急会议,请逐一电话确认参会情况。'

/** What the rules say of a meeting as its form stands, those that forbid first. */
export function checkMeeting(wish: MeetingWish, facts: MeetingFacts): Finding[] {
  const verdicts = { ...onWords(wish, facts), ...onGuests(wish, facts), ...onTime(wish, facts) }
  return findingsOf(verdicts, facts.setting).map(finding =>
    finding.rule === 'MT-10' && wish.urgent ? { ...finding, words: URGENT } : finding,
  )
}

/** @throws Refusal where a meeting is worded or marked as 涉密 (MT-01): it is not even kept as a draft. */
export function refuseSecret(text: string): void {
  if (isSecret(text)) throw new Refusal(RULES['MT-01'].words)
}

/** What follows from the words of the notice. */
const onWords = (wish: MeetingWish, { setting, leaders }: MeetingFacts) => ({
  'MT-01': () => when('F', isSecret(textOf(wish))),
  'MT-02': () => when('W', allowsSubstitutes(wish)),
  'MT-21': () => when('W', deploysDocument(wish)),
  'MT-25': () =>
    when('W', longestSpeech(wish) > setting.thresholds.speech || leadersSpeaking(wish.agenda, leaders) > 1),
  'MT-31': () => when('W', areLong(wish, setting.thresholds)),
  'MT-32': () => when('W', dodgesDocuments(wish)),
  'MT-33': () => when('W', demandsFeedback(wish)),
})

/** What follows from who is asked. */
const onGuests = (wish: MeetingWish, facts: MeetingFacts) => ({
  'MT-09': () => when('W', facts.clashes > 0),
  'MT-20': () => when('A', isOfSystem(wish) && facts.comprehensive >= facts.setting.thresholds.yearly),
  'MT-22': () => when('W', facts.isDeputyConvening && asksBelow(wish) && asksHeads(wish)),
  'MT-23': () => when('A', asksLowerLeaders(wish)),
  'MT-24': () => when('A', reachesGrassroots(wish)),
  'MT-27': () => when('W', facts.units > facts.setting.thresholds.units),
  'MT-34': () => when('A', isOverCap(wish, facts)),
})

const onTime = (wish: MeetingWish, facts: MeetingFacts) => ({
  'MT-10': () => when('W', workdaysAhead(wish, facts) < facts.setting.thresholds.ahead),
  'MT-26': () => lasting(wish, facts),
  'MT-28': () =>
    when(
      'A',
      daysOf(wish).some(day => isQuiet(day, facts.setting.quiet)),
    ),
  'MT-29': () => planned(wish, facts),
  'MT-30': () =>
    when('W', wish.scope === 'city' && (hoursOf(wish) > facts.setting.thresholds.cityHours || hasPledges(wish))),
})

/** Whether it is the year's comprehensive work meeting of the whole system (MT-20). */
export const isOfSystem = ({ scope, title }: Pick<MeetingWish, 'scope' | 'title'>): boolean =>
  scope === 'system' && isComprehensive(title)

/** Whether units below are called, and not only one's own departments. */
const asksBelow = ({ scope, guests }: MeetingWish): boolean =>
  guests.units.length > 0 || scope === 'system' || scope === 'city' || scope === 'grassroots'

const areLong = (wish: MeetingWish, figures: MeetingFacts['setting']['thresholds']): boolean =>
  papersAsked(wish).some(
    ({ characters, isComprehensive: isWhole }) => characters > (isWhole ? figures.comprehensive : figures.special),
  )

const workdaysAhead = ({ startsAt }: MeetingWish, { now, customs }: MeetingFacts): number =>
  workdaysBetween(now, startsAt, customs.calendar)

type Span = Pick<MeetingWish, 'startsAt' | 'endsAt'>

const hoursOf = ({ startsAt, endsAt }: Span): number => (endsAt.getTime() - startsAt.getTime()) / HOUR_MS

/** The days `YYYY-MM-DD` that it touches; one that ends at midnight does not touch the next. */
export function daysOf({ startsAt, endsAt }: Span): string[] {
  const last = dayIn(new Date(endsAt.getTime() - 1))
  const days: string[] = []
  for (let day = dayIn(startsAt); day <= last; day = addDays(day, 1)) days.push(day)
  return days
}

/** 会期 in half days: up to four office hours of a day are a half. */
export const halfDays = ({ startsAt, endsAt }: Span, customs: Customs): number =>
  daysOf({ startsAt, endsAt }).reduce((sum, day) => {
    const [opens, closes] = [openingOf(day, customs).getTime(), closingOf(day, customs).getTime()]
    const ms = Math.min(endsAt.getTime(), closes) - Math.max(startsAt.getTime(), opens)
    return sum + (ms <= HALF_DAY_MS ? 1 : 2)
  }, 0)

/** MT-26: a warning where it is too long without discussion in groups, an approval where it would be so even with it. */
function lasting(wish: MeetingWish, { customs, setting: { thresholds } }: MeetingFacts): Verdict {
  const half = halfDays(wish, customs)
  if (half > thresholds.discussed) return 'A'
  return when('W', !hasGroups(wish) && half > thresholds.plain)
}

/** MT-29: of meetings that call other units; those of superiors are none of our plan. */
function planned(wish: MeetingWish, facts: MeetingFacts): Verdict {
  if (!asksBelow(wish) || wish.kind === 'superior') return undefined
  if (!wish.planned) return 'A'
  return when('W', workdaysAhead(wish, facts) < facts.setting.thresholds.planAhead)
}

/** MT-34: more people or days than its class may have (domain.md 3.4). */
function isOverCap(wish: MeetingWish, { customs, heads, setting: { caps } }: MeetingFacts): boolean {
  if (wish.class === '') return false
  const cap = caps[wish.class]
  return (cap.heads > 0 && heads > cap.heads) || (cap.days > 0 && halfDays(wish, customs) > cap.days * 2)
}
