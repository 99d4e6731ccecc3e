import { getReminder } from '../db/remind.ts'
import { dueUntil, remindersWith } from '../db/remind-list.ts'
import { occurrenceOf } from '../db/remind-occurrence.ts'
import { markTold, type OpenOccurrence, openOccurrences, remindedPeople, withheldFrom } from '../db/remind-waiting.ts'
import {
  type Answer,
  type Feature,
  type Look,
  MOST_READ,
  type Reader,
  type Said,
  type Section,
  type TodoItem,
  type Turn,
  type Waiting,
} from '../src/bot/feature.ts'
import { bold, type Card } from '../src/kit/card.ts'
import { isOpen } from '../src/kit/customs.ts'
import type { Viewer } from '../src/kit/person.ts'
import { halfWidth, shorten } from '../src/kit/text.ts'
import { type Calendar, clockOf, dayIn, formatDue, toInstant } from '../src/kit/time.ts'
import { hiddenCard, lineOf, occurrenceCard, reminderCard, type Setting } from '../src/office/remind/cards.ts'
import { EXAMPLE, firesOf, type Reminder } from '../src/office/remind/reminder.ts'
import { customs } from './customs.ts'
import { fireDue, handOn, nextFire, sayAgain } from './remind/due.ts'
import { handOver, held } from './remind/hand-over.ts'
import { create, make } from './remind/make.ts'
import { accept, cancel, change, list, type Managed, page, pause, refuse, resume, save } from './remind/manage.ts'
import { nextAfter } from './remind/next.ts'
import { done, heard, later, refuseMaker, stop } from './remind/react.ts'
import { recalibrate, uncalibrated } from './remind/recalibrate.ts'
import { idIn, maySee, settingFor, show } from './remind/show.ts'

const DAY_MS = 86_400_000
/** How long something of which one was reminded stands in one's lists. */
const REMEMBERED_MS = 30 * DAY_MS

export const remind: Feature = {
  name: 'remind',
  title: '提醒',
  words: ['提醒', 'remind', 'tx'],
  about: '到时提醒我、同事或本群,一次或周期',
  commands: {
    '': { usage: EXAMPLE, about: '也可:/提醒 @王强 每周五16:00 报周报;在群里即提醒本群', run: manageOrMake },
    列表: { usage: '/提醒 列表', about: '我设置的提醒及编号', run: list },
    取消: { usage: '/提醒 取消 3', about: '按编号取消', run: cancel.command },
    暂停: { usage: '/提醒 暂停 3', about: '按编号暂停', run: pause.command },
    恢复: { usage: '/提醒 恢复 3', about: '按编号恢复', run: resume.command },
    修改: { usage: '/提醒 修改 3 明天下午4点', about: '按编号改时间或内容', run: change.command },
    拒收: { usage: '/提醒 拒收 @王强', about: '不再接收此人为我设置的提醒', run: refuse },
    接收: { usage: '/提醒 接收 @王强', about: '恢复接收此人的提醒', run: accept },
  },
  actions: {
    create,
    save,
    show,
    page,
    cancel: cancel.action,
    pause: pause.action,
    resume: resume.action,
    change: change.action,
    done,
    later,
    stop,
    refuse: refuseMaker,
  },
  draw,
  heard,
  todo,
  find,
  recalibrate,
  uncalibrated,
  due: [handOn, fireDue, sayAgain],
  nextDue: nextFire,
  digest,
  awaited: ({ db, now }) => remindedPeople(db, remembered(now), endOfDay(now)),
  withheld: {
    people: ({ db, now }) => withheldFrom(db, remembered(now)),
    sections: async (look, person) => [await unfinished(look, person)],
    told: ({ db }, persons) => markTold(db, persons),
  },
  held,
  handOver,
}

const MANAGED: Record<string, Managed> = { 取消: cancel, 暂停: pause, 恢复: resume }

/** `/提醒 取消3`: the number stands where a matter would, glued to what is to be done with it. */
async function manageOrMake(turn: Turn, said: Said): Promise<Answer> {
  const [, word = '', number = ''] =
    /^(取消|暂停|恢复)\s*((?:第|编号)?\d{1,9}(?:号|条)?)$/.exec(halfWidth(said.text)) ?? []
  const managed = MANAGED[word]
  return managed ? managed.command(turn, { ...said, text: number }) : make(turn, said)
}

/** `r12` is a reminder, `o34` one instant of it. */
async function draw(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  if (matter.startsWith('o')) {
    const { occurrence, reminder } = await occurrenceOf(look.db, idIn(matter))
    // what somebody was told stays theirs, also once they want no more of it
    const isTheirs = viewer.kind === 'everyone' || occurrence.receiver === viewer.id
    if (!isTheirs && !(await maySee(look.db, reminder, viewer.id))) return hiddenCard()
    const [next, setting] = await Promise.all([
      nextAfter(look, occurrence, reminder),
      settingOf(look, reminder, occurrence.movedBy),
    ])
    return occurrenceCard(occurrence, reminder, next, setting)
  }
  const reminder = await getReminder(look.db, idIn(matter))
  if (viewer.kind === 'person' && !(await maySee(look.db, reminder, viewer.id))) return hiddenCard()
  const inForce = await customs(look)
  const fires = firesOf(reminder, inForce)
  const disturbs = isForOthers(reminder) && fires.some(fire => !isOpen(fire, inForce))
  const says = disturbs ? ['提醒时间不在工作时间内,届时仍按所定时间发送。'] : []
  return reminderCard(reminder, fires, viewer, says, await settingOf(look, reminder))
}

const isForOthers = ({ chat, receivers, maker }: Reminder): boolean =>
  chat !== '' || receivers.some(person => person !== maker)

function settingOf(look: Look, { maker, owner, receivers, chat }: Reminder, ...more: string[]): Promise<Setting> {
  return settingFor(look, [maker, owner, ...receivers, ...more], [chat])
}

async function todo(look: Look & Pick<Turn, 'who'>): Promise<Waiting> {
  const open = await openOccurrences(look.db, look.who.id, remembered(look.now), MOST_READ)
  const { calendar } = await customs(look)
  return { items: open.map(one => itemOf(one, look.now, calendar)), more: open.length >= MOST_READ }
}

function itemOf({ occurrence, reminder }: OpenOccurrence, now: Date, calendar: Calendar): TodoItem {
  return {
    feature: 'remind',
    matter: `o${occurrence.id}`,
    urgency: occurrence.dueAt.getTime(),
    line: ['提醒 ', bold(shorten(reminder.text, 40)), ` · ${formatDue(occurrence.dueAt, now, calendar)}`],
    buttons: [
      { label: '完成', action: 'remind.done', value: { id: occurrence.id } },
      { label: '查看', action: 'remind.show', value: { occurrence: occurrence.id } },
    ],
  }
}

async function find(look: Look & Pick<Turn, 'who'>, words: string): Promise<TodoItem[]> {
  const found = await remindersWith(look.db, look.who.id, words, 20)
  const setting = await settingFor(
    look,
    found.flatMap(one => one.receivers),
    found.map(one => one.chat),
  )
  return found.map(reminder => ({
    feature: 'remind',
    matter: `r${reminder.id}`,
    urgency: reminder.nextAt?.getTime() ?? Number.MAX_SAFE_INTEGER,
    line: ['提醒 ', ...lineOf(reminder, setting)],
    buttons: [{ label: '查看', action: 'remind.show', value: { id: reminder.id } }],
  }))
}

/** In a morning's card: of what one was reminded and has not ticked off, and of what one will be today. */
async function digest(look: Look, reader: Reader): Promise<Section[]> {
  const of = 'group' in reader ? { chat: reader.group } : reader
  const today = await dueUntil(look.db, of, endOfDay(look.now))
  const coming = today.map(({ nextAt, text, id }) => ({
    line: [`${nextAt ? clockOf(nextAt) : ''} `, bold(shorten(text, 40))],
    buttons: 'group' in reader ? [] : [{ label: '查看', action: 'remind.show', value: { id } }],
  }))
  const section = { title: '今日提醒', count: coming.length, rows: coming }
  if ('group' in reader) return [section]
  return [await unfinished(look, reader.person), section]
}

async function unfinished(look: Look, person: string): Promise<Section> {
  const { calendar } = await customs(look)
  const open = await openOccurrences(look.db, person, remembered(look.now), MOST_READ)
  const rows = open.map(one => itemOf(one, look.now, calendar))
  return { title: '提醒未完成', count: rows.length, more: rows.length >= MOST_READ, see: '/待办', rows }
}

const remembered = (now: Date): Date => new Date(now.getTime() - REMEMBERED_MS)
const endOfDay = (now: Date): Date => new Date(toInstant(dayIn(new Date(now.getTime() + DAY_MS)), '00:00'))
