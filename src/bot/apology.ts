import { copyOfMessage } from '../../db/copies.ts'
import { claim, isClaimed } from '../../db/inbox.ts'
import { peopleById } from '../../db/people.ts'
import { rest } from '../clock.ts'
import type { Incoming } from '../feishu/incoming.ts'
import { card, text } from '../kit/card.ts'
import { dayIn } from '../kit/time.ts'
import { type Address, addressOf, answerAddress, Desk } from './desk.ts'
import type { Body } from './feature.ts'
import { describe } from './log.ts'
import type { Office } from './office.ts'
import type { Outcome } from './outcome.ts'

type Said = Extract<Incoming, { kind: 'said' }>
type Pressed = Extract<Incoming, { kind: 'pressed' }>

/** A fault of ours is said once, with the id that the log has; the turn itself will come again. */
export async function apologise(office: Office, said: Said, id: string): Promise<void> {
  const words = `系统处理出错,正在重试。如仍未收到结果,请将编号 ${id} 告知管理员。`
  await sayOnce(office, said, id, async () => ({
    address: answerAddress(said.chat, said.who, said.message, true),
    body: { text: words },
  }))
}

/**
 * What came of a press whose answer could only say that it takes long, where the card does not show it: a press never comes again, and
 * what was not done would leave no trace.
 */
export async function tellLate(office: Office, pressed: Pressed, ended: Outcome): Promise<void> {
  const told = lateWords(ended)
  if (!told) return
  const say = () =>
    sayOnce(office, pressed, pressed.key.slice(-8), async db => {
      const [copy, [who]] = await Promise.all([copyOfMessage(db, pressed.message), peopleById(db, [pressed.who])])
      // what was lost on its way back may have been done
      if (!who?.active || (ended.kind === 'failed' && (await isClaimed(db, pressed.key)))) return undefined
      const subject = office.features.find(({ name }) => name === pressed.action.split('.')[0])?.title
      const { isDone, words } = told
      const title = [isDone ? '办理结果' : '未能办理', subject].filter(Boolean).join(' · ')
      return {
        address: {
          ...addressOf({ person: pressed.who }),
          replyTo: copy?.viewer === pressed.who ? pressed.message : '',
        },
        body: { card: card(title, isDone ? 'grey' : 'red', text(words)) },
      }
    })
  for (const ms of AGAIN_MS) {
    if (await say()) return
    await rest(office.clock, ms)
  }
  await say()
}

/** What broke the turn, such as a database that does not answer, mostly breaks this too at first. */
const AGAIN_MS = [2_000, 4_000, 8_000, 16_000, 30_000]

/** Whether all that came of it was a form or a page, which only the answer could show. */
export const isInAnswerAlone = (ended: Outcome): boolean =>
  'isFleeting' in ended && ended.isFleeting === true && !ended.toast

/** What is to be said of it; undefined where the card shows it. */
function lateWords(ended: Outcome): { isDone: boolean; words: string } | undefined {
  if (ended.kind === 'failed')
    return { isDone: false, words: `系统处理出错,未办理,请再按一次。如仍不成,请将编号 ${ended.id} 告知管理员。` }
  if (ended.kind !== 'done' && ended.kind !== 'refused') return undefined
  const { kind, toast, card: shown, isFleeting } = ended
  if (isInAnswerAlone(ended)) return { isDone: false, words: '处理时间较长,结果未能显示,请再按一次。' }
  if (!toast) return undefined
  if (kind === 'done' && shown && !isFleeting && toast.kind === 'success') return undefined
  return { isDone: kind === 'done' ? toast.kind !== 'error' : toast.kind === 'info', words: toast.words }
}

type Letter = { address: Address; body: Body }

/** Outside of the turn that it is about, which may have been undone. Answers whether that is settled. */
async function sayOnce(
  office: Office,
  about: Said | Pressed,
  id: string,
  write: (db: Office['db']) => Promise<Letter | undefined>,
): Promise<boolean> {
  const now = office.clock.now()
  const key = `fault:${about.key}`
  return office.db
    .transaction(async tx => {
      const first = await claim(tx, {
        key,
        at: now,
        who: about.who,
        today: dayIn(now),
        chat: '',
        message: '',
        origin: '',
      })
      const letter = first && (await write(tx))
      if (!letter) return
      const chat = typeof about.chat === 'string' ? about.chat : about.chat.id
      await new Desk(office, tx, now, { who: about.who, chat, delivery: key }).post(letter.body, letter.address)
    })
    .then(
      () => true,
      (error: unknown) => {
        office.log('error', 'apology failed', { id, ...describe(error) })
        return false
      },
    )
}
