import {
  calendarInForce,
  draftNotice,
  moveNotice,
  noticeById,
  ruleDay,
  standingNotice,
  standingRulings,
  withdrawRuling,
} from '../db/holiday.ts'
import type { Answer, Feature, Press, Said, Turn } from '../src/bot/feature.ts'
import type { Card } from '../src/kit/card.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { firstWord, halfWidth } from '../src/kit/text.ts'
import { dayIn, formatShort, parse } from '../src/kit/time.ts'
import { discardedCard, draftCard, yearCard } from '../src/office/holiday/cards.ts'
import { LONGEST_NOTICE, NOTICE_EXAMPLE, readNotice } from '../src/office/holiday/notice.ts'
import { calendarOf, type DayKind } from '../src/office/holiday/year.ts'
import { isAdmin, refuseNonAdmin } from './admins.ts'

const RULING_EXAMPLE = '/假期 调整 12月31日 休息'

export const holiday: Feature = {
  name: 'holiday',
  title: '假期',
  words: ['假期', 'holiday'],
  about: '工作日历:节假日、调休上班;系统管理员载入年度通知、调整某日',
  commands: {
    '': { usage: '/假期 2026', about: '查看某一年的安排', run: show },
    载入: { usage: NOTICE_EXAMPLE, about: '载入年度通知:粘贴原文,或每个节日一行', run: load },
    调整: { usage: RULING_EXAMPLE, about: '本单位调整某日:休息、上班或恢复', run: adjust },
  },
  actions: { confirm, discard, undo },
}

/** A bare year is shown; a pasted notice is a notice, also without the word for loading it. */
async function show(turn: Turn, said: Said): Promise<Answer> {
  if (/放假|补班|调休/.test(said.text)) return load(turn, said)
  const asked = halfWidth(said.text).trim()
  const year = asked ? /^(20\d\d)年?$/.exec(asked)?.[1] : dayIn(turn.now).slice(0, 4)
  if (!year) throw new Refusal(`没有读到年份“${asked.slice(0, 20)}”`, '/假期 2026')
  return { say: { card: await shown(turn, Number(year)) }, privately: true }
}

async function shown(turn: Turn, year: number): Promise<Card> {
  const kept = await standingNotice(turn.db, year)
  return yearCard({
    year,
    calendar: await calendarInForce(turn.db),
    notice: kept && { ...kept.notice, id: kept.id, shipped: kept.by === '' },
    rulings: await standingRulings(turn.db),
    changeable: isAdmin(turn) && turn.chat.kind === 'private',
    now: turn.now,
  })
}

async function load(turn: Turn, { text }: Said): Promise<Answer> {
  refuseNonAdmin(turn, '载入节假日安排')
  if (text.length > LONGEST_NOTICE) throw new Refusal(`通知请控制在${LONGEST_NOTICE}字以内`)
  const [first, rest] = firstWord(text)
  const year = /^(20\d\d)年?$/.exec(halfWidth(first))?.[1]
  const loaded = readNotice(year ? rest : text, year ? Number(year) : undefined)
  const id = await draftNotice(turn.db, loaded, turn.who.id, turn.now)
  turn.record({ feature: 'holiday', act: 'draft', matter: String(id), data: { year: loaded.year } })
  return { say: { card: draftCard(loaded, id, calendarOf([loaded], await standingRulings(turn.db)), turn.now) } }
}

/** The pasted notice counts from here on; the heartbeat reckons anew what was reckoned without it. */
async function confirm(turn: Turn, press: Press): Promise<Answer> {
  const { id, year } = await pressed(turn, press)
  if (!(await moveNotice(turn.db, id, ['draft', 'standing'], turn.who.id, turn.now)))
    throw new Refusal('该安排已确认或已放弃')
  turn.record({ feature: 'holiday', act: 'confirm', matter: String(id), data: { year } })
  return {
    toast: { kind: 'success', words: '已载入,有关时限和提醒将在1分钟内重新计算' },
    fresh: { card: await shown(turn, year) },
  }
}

async function discard(turn: Turn, press: Press): Promise<Answer> {
  const { id, year, state } = await pressed(turn, press)
  if (!(await moveNotice(turn.db, id, ['draft', 'withdrawn'], turn.who.id, turn.now)))
    throw new Refusal(state === 'standing' ? '该安排已确认,请使用“撤销载入”' : '该安排已放弃')
  turn.record({ feature: 'holiday', act: 'discard', matter: String(id), data: { year } })
  return { toast: { kind: 'success', words: '已放弃' }, fresh: { card: discardedCard(year) } }
}

async function undo(turn: Turn, press: Press): Promise<Answer> {
  const { id, year, by } = await pressed(turn, press)
  if (by === '') throw new Refusal('随程序提供的安排不能撤销,可载入新的安排')
  if (!(await moveNotice(turn.db, id, ['standing', 'withdrawn'], turn.who.id, turn.now)))
    throw new Refusal('该安排已撤销')
  turn.record({ feature: 'holiday', act: 'undo', matter: String(id), data: { year } })
  return { toast: { kind: 'success', words: '已撤销' }, fresh: { card: await shown(turn, year) } }
}

async function pressed(turn: Turn, { value }: Press) {
  refuseNonAdmin(turn, '修改节假日安排')
  const kept =
    typeof value.id === 'number' && Number.isSafeInteger(value.id) ? await noticeById(turn.db, value.id) : undefined
  if (!kept) throw new Refusal('卡片已过期,请以最新卡片为准')
  return kept
}

const KINDS: Record<string, DayKind | 'restore'> = {
  休息: 'off',
  放假: 'off',
  上班: 'work',
  工作: 'work',
  恢复: 'restore',
}

async function adjust(turn: Turn, { text }: Said): Promise<Answer> {
  refuseNonAdmin(turn, '调整工作日历')
  const [, words = '', kind = ''] = /^([\s\S]*?)\s*(休息|放假|上班|工作|恢复)\s*$/.exec(text) ?? []
  const read = parse(words, turn.now.toISOString(), { calendar: await calendarInForce(turn.db) })
  const wish = KINDS[kind]
  if (read.kind !== 'date' || read.rest.trim() || !wish)
    throw new Refusal('请写明日期和“休息”“上班”或“恢复”', RULING_EXAMPLE)
  if (wish !== 'restore') await ruleDay(turn.db, read.start, wish, turn.who.id, turn.now)
  else if (!(await withdrawRuling(turn.db, read.start, turn.now)))
    throw new Refusal(`${formatShort(read.start, turn.now)}没有本单位的调整`)
  turn.record({ feature: 'holiday', act: 'adjust', matter: read.start, data: { kind: wish } })
  return { say: { card: await shown(turn, Number(read.start.slice(0, 4))) } }
}
