import type { Action, Turn } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { headOf } from '../../src/office/car/cards.ts'
import { readConsent, urgentForm } from '../../src/office/car/form.ts'
import { moved, refuse } from '../../src/office/car/moves.ts'
import type { Trip } from '../../src/office/car/trip.ts'
import { checkConsent, endorseBy, remindAt } from '../../src/office/car/urgent.ts'
import { customs } from '../customs.ts'
import { hold, keep, readPress } from './act.ts'
import { consentersFor } from './offer.ts'
import { planFor } from './plan.ts'
import { FEATURE, settingOf } from './setting.ts'

/** Asks who consented, how and when. */
export async function askConsent(turn: Turn, trip: Trip): Promise<Card> {
  const setting = await settingOf(turn, trip)
  const leaders = await consentersFor(turn, trip, setting.heads.get(trip.unit))
  return urgentForm(trip, `${headOf(trip, setting)} · ${trip.purpose}`, leaders, turn.now)
}

/** 特别紧急: pressed on the draft it asks for the consent, pressed on the form it lets the car out (domain.md 4.3, CAR-08). */
export const urgent: Action = async (turn, pressed) => {
  const { form, value } = pressed
  const { before, by, setting } = await hold(turn, value.id)
  if (value.asked !== 1) {
    refuse(before, { move: 'edit', by, ...readPress(pressed) }, setting)
    return { fresh: { card: await askConsent(turn, before) } }
  }
  const { consentedBy, way, consentedAt } = readConsent(form)
  if (!consentedAt) throw new Refusal('请选择同意时间')
  const inForce = await customs(turn)
  const dueAt = endorseBy(turn.now, inForce)
  const consent = { consentedBy, way, consentedAt, dueAt }
  checkConsent(consent, before, turn.now)
  const leaders = await consentersFor(turn, before, setting.heads.get(before.unit))
  if (!leaders.some(one => one.value === consentedBy)) throw new Refusal('请从名单中选择同意用车的领导')
  const plan = await planFor(turn, before, true)
  const press = { move: 'submit' as const, by, ...readPress(pressed), plan, urgent: consent }
  const after = moved(before, press, setting, { nextAt: remindAt(dueAt, turn.now, inForce) })
  await keep(turn, before, after)
  return {
    toast: { kind: 'success', words: '已登记,已送车管员派车' },
    fresh: { matter: { feature: FEATURE, id: String(before.id) } },
  }
}
