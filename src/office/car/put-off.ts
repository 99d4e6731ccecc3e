import type { Step } from '../../kit/chain.ts'
import { type Customs, hoursOn } from '../../kit/customs.ts'
import type { Finding } from '../../kit/finding.ts'
import { addDays, clockOf, dayIn, isHoliday, isWorkday } from '../../kit/time.ts'
import { isOn, type RuleId } from './rule-book.ts'
import type { RuleSetting } from './rule-setting.ts'
import { approvedUntil, isObjected, isUrgentOpen } from './steps.ts'
import type { Trip } from './trip.ts'
import { endorseBy, remindAt } from './urgent.ts'

/** What a later return asks 分管领导 for that was not asked before, and the rule that says so. */
export interface Further {
  rule: RuleId
  word: string
}

/** A moved return held against the latest end that was approved or asked for already. */
export function newlyAsked(trip: Trip, until: Date, customs: Customs, rules: RuleSetting): Further[] {
  const { put } = trip.urgent ?? {}
  const before = put && put.to > trip.endsAt ? put.to : trip.endsAt
  if (until <= before) return []
  const rest = restDays(dayIn(before), dayIn(until), trip, customs)
  const isLater = isAfterHours(until, customs) && !isAfterHours(before, customs)
  const all: Array<Further | false> = [
    rest.length === 0 && isLater && isOn('CAR-16', rules) && { rule: 'CAR-16', word: '非工作时间用车' },
    rest.length > 0 &&
      isOn('CAR-17', rules) && {
        rule: 'CAR-17',
        word: rest.some(day => isHoliday(day, customs.calendar)) ? '节假日用车' : '休息日用车',
      },
    dayIn(until) > dayIn(before) && { rule: 'CAR-34', word: '过夜' },
  ]
  return all.filter(one => one !== false)
}

const isAfterHours = (at: Date, customs: Customs): boolean =>
  !isWorkday(at, customs.calendar) || clockOf(at) > hoursOn(at, customs).closes

/** Days off after one day up to another; a car for emergencies goes at all times. */
function restDays(after: string, until: string, { category }: Trip, { calendar }: Customs): string[] {
  const days: string[] = []
  for (let day = addDays(after, 1); day <= until; day = addDays(day, 1)) if (!isWorkday(day, calendar)) days.push(day)
  return category === 'emergency' ? [] : days
}

export const furtherWords = (asks: readonly Further[]): string => asks.map(({ word }) => word).join('、')

/** Why 分管领导 are asked afterwards. */
export const furtherWhy = (asks: readonly Further[]): string => `出车后延长返回时间,由此新增${furtherWords(asks)}。`

/** On the road it cannot wait for an approval, but the trip says that there was none. */
export function unapproved(trip: Pick<Trip, 'findings'>, asks: readonly Further[]): Finding[] {
  const said = asks.map(
    ({ rule, word }): Finding => ({
      rule,
      severity: 'W',
      words: `出车后延长,由此新增${word},未事先报批。`,
      basis: undefined,
      adds: undefined,
    }),
  )
  return [...trip.findings, ...said.filter(one => !trip.findings.some(({ words }) => words === one.words))]
}

/**
 * What putting off on the road makes of a trip: the step is asked afterwards (补办), by the end of the next workday; while one is
 * open already it says the more, and its time stands.
 */
export function owing(
  trip: Trip,
  step: Step,
  until: Date,
  now: Date,
  customs: Customs,
): Pick<Trip, 'steps' | 'urgent' | 'nextAt'> {
  const isOwed = isUrgentOpen(trip)
  const dueAt = isOwed && trip.urgent ? trip.urgent.dueAt : endorseBy(now, customs)
  return {
    steps: withStep(trip.steps, step),
    urgent: {
      ...trip.urgent,
      dueAt,
      ...(isOwed ? {} : { since: now }),
      put: { from: approvedUntil(trip), to: until },
    },
    nextAt: isOwed ? trip.nextAt : remindAt(dueAt, now, customs),
  }
}

/** Whether anybody can be asked afterwards: not once somebody did not agree. */
export const isAskable = (trip: Trip): boolean => !isObjected(trip)

function withStep(steps: readonly Step[], step: Step): Step[] {
  const isOpen = ({ by, decision }: Step) => by === step.by && decision === undefined
  if (!steps.some(isOpen)) return [...steps, step]
  return steps.map(one => (isOpen(one) ? { ...one, why: [...new Set([...one.why, ...step.why])] } : one))
}
