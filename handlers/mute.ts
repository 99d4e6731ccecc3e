import { mute as keepMute, mutedAmong, unmute } from '../db/calm.ts'
import type { Answer, Feature, Press, Said, Turn } from '../src/bot/feature.ts'
import { type Customs, deadlineOf, openingOf, readTime } from '../src/kit/customs.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { shorten } from '../src/kit/text.ts'
import { dayIn, type Parsed, toInstant } from '../src/kit/time.ts'
import { muteCard, SPELLS } from '../src/office/mute/cards.ts'
import { customs } from './customs.ts'

const EXAMPLE = '/静音 到明天上班'
const LONGEST_DAYS = 30

export const mute: Feature = {
  name: 'mute',
  title: '静音',
  words: ['静音', 'mute'],
  about: '一段时间内不向我发送提醒;/待办 仍会列出',
  commands: {
    '': { usage: EXAMPLE, about: '写明到什么时候;不写则显示当前状态', run: quietUntil },
    关闭: {
      usage: '/静音 关闭',
      about: '恢复提醒',
      run: async turn => ({ say: { card: await ended(turn) }, privately: true }),
    },
  },
  actions: {
    quiet,
    end: async turn => ({ toast: { kind: 'success', words: '已关闭静音' }, fresh: { card: await ended(turn) } }),
  },
}

const OFF = /^(?:取消|解除|结束|停止)$/

async function quietUntil(turn: Turn, { text }: Said): Promise<Answer> {
  if (OFF.test(text.trim())) return { say: { card: await ended(turn) }, privately: true }
  if (text.trim()) return { say: { card: await begun(turn, text) }, privately: true }
  const until = (await mutedAmong(turn.db, [turn.who.id], turn.now)).get(turn.who.id)
  const { calendar } = await customs(turn)
  return { say: { card: muteCard(until, turn.now, calendar) }, privately: true }
}

async function quiet(turn: Turn, { value }: Press): Promise<Answer> {
  const { spell } = value
  if (typeof spell !== 'string' || !Object.hasOwn(SPELLS, spell)) throw new Refusal('卡片已过期,请以最新卡片为准')
  return {
    toast: { kind: 'success', words: '已静音' },
    fresh: { card: await begun(turn, SPELLS[spell as keyof typeof SPELLS]) },
  }
}

async function begun(turn: Turn, said: string) {
  const inForce = await customs(turn)
  const until = untilWhen(said, turn.now, inForce)
  if (!until) throw new Refusal(`未能识别静音到什么时候:“${shorten(said, 20)}”`, EXAMPLE)
  if (until <= turn.now) throw new Refusal('静音的截止时间已经过去', EXAMPLE)
  if (until.getTime() - turn.now.getTime() > LONGEST_DAYS * 86_400_000)
    throw new Refusal(`一次最多静音${LONGEST_DAYS}天`, EXAMPLE)
  await keepMute(turn.db, turn.who.id, until)
  turn.record({ feature: 'mute', act: 'begin', matter: turn.who.id, data: { until: until.toISOString() } })
  return muteCard(until, turn.now, inForce.calendar)
}

async function ended(turn: Turn) {
  await unmute(turn.db, turn.who.id)
  turn.record({ feature: 'mute', act: 'end', matter: turn.who.id })
  return muteCard(undefined, turn.now, (await customs(turn)).calendar)
}

/** 到明天上班, 今天下班前, 2小时; a day alone ends when that day's work begins, today with the day. */
function untilWhen(said: string, now: Date, inForce: Customs): Date | undefined {
  const words = said.trim().replace(/^(?:一直)?(?:直到|到|至)\s*/, '')
  const read = [words, `${words}后`].map(one => readTime(one, now, inForce)).find(one => one.kind !== 'none')
  return read && endOf(read, now, inForce)
}

function endOf(read: Parsed, now: Date, inForce: Customs): Date | undefined {
  if (read.kind === 'date' && read.start === dayIn(now)) return new Date(toInstant(read.start, '24:00'))
  if (read.kind === 'date') return openingOf(read.start, inForce)
  if (read.kind === 'past') return new Date(0)
  return deadlineOf(read, inForce)
}
