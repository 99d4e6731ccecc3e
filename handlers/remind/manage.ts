import { chatById, isMember, peopleById } from '../../db/people.ts'
import { peopleNamedIn } from '../../db/people-meant.ts'
import { holdReminder, reminderNumbered, saveReminder } from '../../db/remind.ts'
import { countRemindersOf, remindersOf } from '../../db/remind-list.ts'
import { acceptFrom, refuseFrom } from '../../db/remind-refusal.ts'
import type { Action, Answer, Command, Press, Said, Turn } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import { pageAmong, readPage } from '../../src/kit/pages.ts'
import type { Person } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { firstWord, halfWidth, plain, shorten } from '../../src/kit/text.ts'
import { formatInstant } from '../../src/kit/time.ts'
import { PAGE, readForm, remindersCard, remindForm } from '../../src/office/remind/cards.ts'
import {
  checkWish,
  EXAMPLE,
  instantsAfter,
  isUrgent,
  movesTime,
  namesNoTime,
  type Reminder,
  readTiming,
  STATES,
  withoutChange,
} from '../../src/office/remind/reminder.ts'
import { customs } from '../customs.ts'
import { contentIn, whenSaid } from './make.ts'
import { redrawFrom, redrawReminder } from './next.ts'
import { idOf, refuseStrangers, settingFor } from './show.ts'

export const list = async (turn: Turn): Promise<Answer> => ({
  say: { card: await listPage(turn, 1) },
  privately: true,
})

export const page: Action = async (turn, { value }) => ({ fresh: { card: await listPage(turn, readPage(value.page)) } })

/** Of one's own reminders; behind the last page stands the last. */
async function listPage(turn: Turn, page: number): Promise<Card> {
  const total = await countRemindersOf(turn.db, turn.who.id)
  const at = pageAmong(page, total, PAGE)
  const mine = await remindersOf(turn.db, turn.who.id, PAGE, (at - 1) * PAGE)
  const setting = await settingFor(
    turn,
    mine.flatMap(reminder => reminder.receivers),
    mine.map(reminder => reminder.chat),
  )
  return remindersCard(mine, { page: at, total }, setting)
}

/** 3, 第3条, 编号3. */
const NUMBER = /^(?:第|编号:?|#)?(\d{1,9})(?:号|条)?$/

export interface Managed {
  command: Command['run']
  action: Action
}

/** What an owner does with a reminder, by its number or by the button on its card. */
function managed(word: string, act: (turn: Turn, reminder: Reminder, rest: Said) => Promise<Answer>): Managed {
  return {
    command: async (turn, said) => {
      const [first, rest] = firstWord(halfWidth(said.text))
      const example = `/提醒 ${word} 3`
      if (!first) throw new Refusal('请写明提醒的编号', example)
      const number = NUMBER.exec(first)?.[1]
      const found = number === undefined ? undefined : await reminderNumbered(turn.db, turn.who.id, Number(number))
      if (!found) throw new Refusal(`没有编号为“${shorten(first, 12)}”的提醒,请用 /提醒 列表 查看编号`, example)
      if (rest && word !== '修改') throw new Refusal(`一次只能${word}一条提醒,请只写一个编号`, example)
      return act(turn, found, { ...said, text: rest })
    },
    action: async (turn, { value, message }: Press) => {
      const found = await holdOwn(turn, value.id)
      const said = { pieces: [], text: '', attachments: [], message, parent: '' }
      const { say, ...answer } = await act(turn, found, said)
      return say && 'card' in say ? { ...answer, fresh: say } : answer
    },
  }
}

async function holdOwn(turn: Turn, id: unknown): Promise<Reminder> {
  const reminder = await holdReminder(turn.db, idOf(id))
  if (reminder.owner === turn.who.id) return reminder
  await refuseStrangers(turn, reminder)
  throw new Refusal('此按钮仅限提醒设置人使用')
}

export const cancel = managed('取消', async (turn, reminder) => {
  refuseOver(reminder)
  return moved(turn, reminder, { ...reminder, state: 'cancelled' }, '已取消')
})

export const pause = managed('暂停', async (turn, reminder) => {
  refuseOver(reminder)
  if (reminder.state === 'paused') throw new Refusal('该提醒已经暂停')
  return moved(turn, reminder, { ...reminder, state: 'paused' }, '已暂停')
})

/** What fell due during the pause is not made up for. */
export const resume = managed('恢复', async (turn, reminder) => {
  refuseOver(reminder)
  if (reminder.state !== 'paused') throw new Refusal('该提醒没有暂停,无需恢复')
  await refuseOutsider(turn, reminder)
  const ahead = reminder.nextAt && reminder.nextAt > turn.now
  const nextAt = ahead ? reminder.nextAt : instantsAfter(reminder, turn.now, 1, await customs(turn))[0]
  if (!nextAt) throw new Refusal('该提醒的时间已经过去,请修改时间', `/提醒 修改 ${reminder.number} 明天上午9点`)
  return moved(turn, reminder, { ...reminder, state: 'active', nextAt }, '已恢复')
})

/** With a time the change is made at once; with other words, or none, a form shows what there would be. */
export const change = managed('修改', async (turn, reminder, said) => {
  refuseOver(reminder)
  await refuseOutsider(turn, reminder)
  refuseNamed(said)
  const inForce = await customs(turn)
  const text = withoutChange(said.text, turn.now, inForce)
  if (!text || namesNoTime(text, turn.now, inForce)) {
    if (movesTime(text)) throw new Refusal('请写明改到什么时候', `/提醒 修改 ${reminder.number} 明天下午4点`)
    const when = await timeShown(turn, reminder)
    const words = contentIn(text.replace(/^改[成为]\s*/, '')) || reminder.text
    return { say: { card: formFor({ ...reminder, text: words }, when, text && KEPT) }, privately: true }
  }
  const timing = readTiming(text, turn.now, inForce)
  if ('doubt' in timing) throw new Refusal(timing.doubt, `/提醒 修改 ${reminder.number} 明天下午4点`)
  return changed(turn, reminder, contentIn(timing.rest) || reminder.text, text)
})

/** Whom it reaches stays as it was. */
function refuseNamed({ pieces, text }: Said): void {
  if (pieces.some(piece => typeof piece !== 'string') || /(?:^|\s)@\S/.test(text))
    throw new Refusal('提醒对象不能修改,请取消后重新设置', EXAMPLE)
}

/** The submitted form of 修改. */
export const save: Action = async (turn, { value, form }) => {
  const reminder = await holdOwn(turn, value.id)
  refuseOver(reminder)
  await refuseOutsider(turn, reminder)
  const { text, when } = readForm(form)
  const same = when === (await timeShown(turn, reminder))
  if (same) await changed(turn, reminder, text, undefined)
  else await changed(turn, reminder, text, when)
  return {
    toast: { kind: 'success', words: '已修改' },
    fresh: { matter: { feature: 'remind', id: `r${reminder.id}` } },
  }
}

/** `said` undefined: the time stays as it is. */
async function changed(turn: Turn, reminder: Reminder, text: string, said: string | undefined): Promise<Answer> {
  checkWish(text, [])
  const worded = { ...reminder, text, urgent: isUrgent(text) }
  if (said === undefined) return moved(turn, reminder, worded, '已修改')
  const inForce = await customs(turn)
  const timing = readTiming(said, turn.now, inForce)
  if ('doubt' in timing) throw new Refusal(timing.doubt, EXAMPLE)
  const { recurring, nextAt } = timing
  const { calendarId } = inForce
  return moved(
    turn,
    reminder,
    { ...worded, said, saidAt: turn.now, calendarId, recurring, nextAt, state: 'active' },
    '已修改',
  )
}

async function moved(turn: Turn, before: Reminder, reminder: Reminder, words: string): Promise<Answer> {
  await saveReminder(turn.db, before, reminder)
  const matter = `r${reminder.id}`
  turn.record({ feature: 'remind', act: words, matter, data: { state: reminder.state } })
  await redrawReminder(turn, reminder.id)
  return { say: { matter: { feature: 'remind', id: matter } }, privately: true, toast: { kind: 'success', words } }
}

function refuseOver({ state }: Reminder): void {
  if (state === 'cancelled' || state === 'ended') throw new Refusal(`该提醒${STATES[state]}`)
}

/** Whoever has left a group says nothing there any more, nor do we; they may still end what they began. */
async function refuseOutsider(turn: Turn, { chat }: Reminder): Promise<void> {
  if (chat && (await chatById(turn.db, chat))?.present === false)
    throw new Refusal('回音已不在所提醒的群中,请先将回音加入该群')
  if (chat && !(await isMember(turn.db, chat, turn.who.id))) throw new Refusal('您已不在所提醒的群中,只能取消或暂停')
}

/** A time that was not understood would be taken for words, so that it is looked at before it is kept. */
const KEPT = '没有写时间,时间不变,请核对后保存'

function formFor(reminder: Reminder, when: string, says: string) {
  return remindForm({
    id: reminder.id,
    says: says || undefined,
    people: [],
    options: [],
    names: '',
    text: reminder.text,
    when,
    chat: '',
  })
}

/** A series as it was said, a single time in full. */
async function timeShown(turn: Turn, reminder: Reminder): Promise<string> {
  if (!reminder.recurring) return reminder.nextAt ? formatInstant(reminder.nextAt) : ''
  const timing = readTiming(reminder.said, reminder.saidAt, await customs(turn))
  return 'doubt' in timing ? '' : whenSaid(reminder.said, timing.rest)
}

export const refuse: Command['run'] = async (turn, said) => {
  const person = await personIn(turn, said, '/提醒 拒收 @王强')
  await refuseFrom(turn.db, turn.who.id, person.id, turn.now)
  await redrawFrom(turn, turn.who.id, person.id)
  turn.record({ feature: 'remind', act: 'refuse', matter: person.id })
  return {
    say: { text: `今后不再接收${person.name}为您设置的提醒。恢复请发送 /提醒 接收 ${person.name}` },
    privately: true,
  }
}

export const accept: Command['run'] = async (turn, said) => {
  const person = await personIn(turn, said, '/提醒 接收 @王强')
  if (!(await acceptFrom(turn.db, turn.who.id, person.id))) throw new Refusal(`您没有拒收${person.name}的提醒`)
  turn.record({ feature: 'remind', act: 'accept', matter: person.id })
  await redrawFrom(turn, turn.who.id, person.id)
  return { say: { text: `已恢复接收${person.name}为您设置的提醒。` }, privately: true }
}

async function personIn(turn: Turn, { pieces, text }: Said, example: string): Promise<Person> {
  const mention = pieces.filter(piece => typeof piece !== 'string').find(piece => piece.kind === 'person')
  const found = mention
    ? await peopleById(turn.db, [mention.id])
    : (await peopleNamedIn(turn.db, text, turn.chat.id)).filter(
        one =>
          plain(text)
            .replace(/^[@\s]+/, '')
            .trim() === plain(one.name),
      )
  const [person, other] = found.filter(one => one.id !== turn.who.id)
  if (!person) throw new Refusal(`未找到“${shorten(text, 20)}”`, example)
  if (other) throw new Refusal(`“${person.name}”有同名人员,请用@选择`, example)
  return person
}
