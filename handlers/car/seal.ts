import { peopleById } from '../../db/people.ts'
import type { Action, Answer, Look, Turn } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import type { Viewer } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { dayIn, formatShort, holidayFrom } from '../../src/kit/time.ts'
import { isNone } from '../../src/office/car/keeper.ts'
import { holidayTitle, sealingOn } from '../../src/office/car/seal.ts'
import { noSealing, sealCard } from '../../src/office/car/seal-cards.ts'
import { customs } from '../customs.ts'
import { matterOf, seen, spheresOf } from './keeping.ts'
import { putBack, putSomeAway } from './put-away.ts'
import { openForm, release } from './seal-release.ts'
import { DAY, sealingFrom } from './sealing.ts'
import { FEATURE } from './setting.ts'

/** `/用车 封存`: the list of the holiday that is ahead or on; the one before it until then. */
export async function seal(turn: Turn): Promise<Answer> {
  seen(turn)
  const { calendar } = await customs(turn)
  const today = dayIn(turn.now)
  const now = sealingOn(today, calendar)
  if (now) return { say: { matter: { feature: FEATURE, id: matterOf('seal', now.from) } }, privately: true }
  const next = holidayFrom(today, calendar)
  const words = next
    ? `下一个假期:${holidayTitle(next)}(${formatShort(next.from, turn.now)}起)。放假前3个工作日列出应封存的车辆。`
    : '近期没有假期。'
  return { say: { card: noSealing(words) }, privately: true }
}

/** A matter of sealing names the day on which its holiday begins. */
export async function drawSealing(look: Look, from: string, viewer: Viewer): Promise<Card> {
  const { keeps, sees } = await spheresOf(look, viewer)
  if (isNone(sees) || !DAY.test(from)) return noSealing('未找到该封存清单,或您无权查看。')
  const sealing = await sealingFrom(look, from, sees)
  if (!sealing) return noSealing('工作日历已调整,该假期不再适用。')
  const leaders = sealing.cars.flatMap(({ seal: one }) => (one?.releases ?? []).map(({ consentedBy }) => consentedBy))
  const people = await peopleById(look.db, [...new Set(leaders)])
  const names = new Map(people.map(person => [person.id, person.name]))
  return sealCard(sealing, !isNone(keeps), { now: look.now, names })
}

const show: Action = async (turn, { value }) => {
  seen(turn)
  if (typeof value.from !== 'string' || !DAY.test(value.from)) throw new Refusal('卡片已过期,请重新发送 /用车 封存')
  return {
    say: { matter: { feature: FEATURE, id: matterOf('seal', value.from) } },
    privately: true,
    toast: { kind: 'success', words: '已发送到私聊' },
  }
}

export const sealActions = {
  sealShow: show,
  sealSome: putSomeAway(false),
  sealAll: putSomeAway(true),
  releaseForm: openForm,
  release,
  sealAgain: putBack,
} satisfies Record<string, Action>
