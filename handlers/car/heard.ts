import { holdRun } from '../../db/car-full-run.ts'
import type { Answer, Said, Turn } from '../../src/bot/feature.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { saidCard, saidLine } from '../../src/office/car/run-notices.ts'
import { LIMITS } from '../../src/office/car/trip.ts'
import { tellOf } from '../tell.ts'
import { dispatchersFor } from './recipients.ts'
import { maySeeRun, noteRun, runIdOf, settingOfRun } from './run-meant.ts'
import { actorIn, FEATURE, refuseStrangers } from './setting.ts'

/** What a form has to be filled in for. */
const BY_FORM = /^\s*(已?出车|已?回场)\s*[。!\uff01.]?\s*$/

/** A reply on a run's card is kept with its trips, and the dispatchers hear of it; 出车 and 回场 want the odometer's reading. */
export async function heardOnRun(turn: Turn, matter: string, { text }: Said): Promise<Answer> {
  const full = await holdRun(turn.db, runIdOf(matter))
  const [trip] = full.trips
  if (!trip) throw new AlreadySo('该次出车已作废')
  const setting = await settingOfRun(turn, full)
  if (!maySeeRun(full, actorIn(turn), setting)) refuseStrangers(trip, actorIn(turn), setting)
  const words = text.trim()
  if (!words) throw new Refusal('用车事项请用文字说明')
  if (BY_FORM.test(words)) throw new Refusal('出车、回场须登记里程表读数,请在卡片上办理')
  if (words.length > LIMITS.word) throw new Refusal(`说明请控制在${LIMITS.word}字以内`)
  for (const { id } of full.trips) {
    turn.record({ feature: FEATURE, act: 'remark', matter: String(id), data: { reason: words } })
    turn.redraw(FEATURE, String(id))
  }
  noteRun(turn, 'remark', full.run, { reason: words })
  const dispatchers = (await dispatchersFor(turn, trip)).filter(id => id !== turn.who.id)
  const news = { body: { card: saidCard(full, turn.who.name, words) }, line: saidLine(full, turn.who.name, words) }
  await tellOf(turn, dispatchers, news, full.run.startsAt)
  return { say: { text: dispatchers.length ? '已记录,已告知车管员' : '已记录' } }
}
