import { CALENDAR_DENIED } from '../db/appointment.ts'
import { breakdowns } from '../db/breakdowns.ts'
import { failures, outboxDepth } from '../db/outbox.ts'
import { directorySize } from '../db/people.ts'
import { grantRole } from '../db/role.ts'
import { DIRECTORY_WANTED, keepSetting, keepSettled, setting, settingAt, takeSetting } from '../db/settings.ts'
import { watchedNow } from '../db/watch.ts'
import type { Answer, Feature, Look, Press, Said, Turn } from '../src/bot/feature.ts'
import { type Card, card, note, text } from '../src/kit/card.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { digest } from '../src/kit/secret.ts'
import { dayIn, formatShort } from '../src/kit/time.ts'
import { type Checks, setupCard } from '../src/office/setup/cards.ts'
import { GATES, type Gates, gatesCard, openGates, readGate } from '../src/office/setup/gates.ts'
import { lasting } from '../src/office/setup/watch.ts'
import { adminIds, refuseNonAdmin } from './admins.ts'
import { refuseTogether } from './apart.ts'
import { draw, hushToday, watch } from './setup/alerts.ts'
import { inWords } from './setup/breakdowns.ts'
import { missingYears, vacantRoles } from './setup/missing.ts'

export const setup: Feature = {
  name: 'setup',
  title: '初始化',
  words: ['初始化', 'setup'],
  about: '安装检查:凭证、通讯录、角色、投递(系统管理员)',
  forAdmins: true,
  commands: { '': { usage: '/初始化', about: '检查各项是否就绪;首次使用:/初始化 一次性代码', run: begin } },
  actions: {
    check: async turn => ({ toast: { kind: 'success', words: '已重新检查' }, fresh: { card: await checked(turn) } }),
    directory: readAgain,
    gates: async turn => ({ fresh: { card: await gates(turn) } }),
    confirmGate,
    open: async turn => ({
      say: { card: await checked(turn) },
      privately: true,
      toast: { kind: 'success', words: '安装检查已发送' },
    }),
    hush: hushToday,
  },
  draw,
  watch,
  heavy: ['check', 'directory'],
}

async function begin(turn: Turn, said: Said): Promise<Answer> {
  const code = said.text.trim()
  if (code) return claimOffice(turn, code)
  return { say: { card: await checked(turn) }, privately: true }
}

/** The first administrator: whoever brings the one-time code that the first start printed. Of several at once one gets it. */
async function claimOffice(turn: Turn, code: string): Promise<Answer> {
  if (turn.chat.kind === 'group') throw new Refusal('请在与回音的私聊中使用初始化代码')
  // a code that nobody used before there was one is no key to the house
  const taken = !(await adminIds(turn)).length && (await takeSetting(turn.db, 'setup.code', digest(code.toUpperCase())))
  if (!taken) throw new Refusal('初始化代码无效或已被使用')
  await refuseTogether(turn, turn.who, 'SY')
  await grantRole(
    turn.db,
    { person: turn.who.id, role: 'SY', unit: undefined, until: undefined },
    turn.who.id,
    turn.now,
    dayIn(turn.now),
  )
  turn.record({ feature: 'setup', act: 'claim', matter: turn.who.id })
  return { say: { card: claimedCard() } }
}

function claimedCard(): Card {
  return card(
    '初始化',
    'green',
    text('您已成为系统管理员。'),
    note('发送 /初始化 查看安装检查;发送 /角色 设置人员角色。'),
  )
}

async function checked(turn: Turn): Promise<Card> {
  refuseNonAdmin(turn, '安装检查')
  return setupCard(await checksOf(turn))
}

/** What is done and what is missing, as far as the database tells: also for whoever asks at the terminal. */
export async function checksOf(look: Look): Promise<Checks> {
  const { db, now } = look
  const self = await setting<{ id: string; name: string }>(db, 'self')
  const readAt = await settingAt(db, 'directory.read')
  const failed = await failures(db, 20)
  return {
    bot: self?.name || self?.id,
    directory: { ...(await directorySize(db)), readAt: readAt && formatShort(readAt, now) },
    vacant: await vacantRoles(look),
    admins: (await adminIds(look)).length,
    missingYears: await missingYears(look),
    calendarDenied: await setting<boolean>(db, CALENDAR_DENIED),
    openGates: openGates(await gatesPassed(look)),
    alerts: lasting(await watchedNow(db)),
    broken: (await breakdowns(db)).map(one => ({
      ...{ id: one.id, act: one.act },
      when: formatShort(one.at, now),
      words: inWords(one, look.office),
    })),
    outbox: {
      waiting: (await outboxDepth(db)).waiting,
      failed: failed.map(({ doneMs, reason }) => ({
        when: doneMs ? formatShort(new Date(doneMs), now) : '',
        reason: reason ?? '',
      })),
    },
  }
}

/** Wanted now, read at the next heartbeat. */
async function readAgain(turn: Turn): Promise<Answer> {
  refuseNonAdmin(turn, '读取通讯录')
  await keepSetting(turn.db, DIRECTORY_WANTED, true, turn.now)
  turn.record({ feature: 'setup', act: 'directory' })
  return { toast: { kind: 'success', words: '将在1分钟内重新读取通讯录' }, fresh: { card: await checked(turn) } }
}

const GATES_PASSED = 'setup.gates'
const gatesPassed = async ({ db }: Look): Promise<Gates> => (await setting<Gates>(db, GATES_PASSED)) ?? {}

async function gates(turn: Turn): Promise<Card> {
  refuseNonAdmin(turn, '上线前确认')
  return gatesCard(await gatesPassed(turn), instant => formatShort(new Date(instant), turn.now))
}

async function confirmGate(turn: Turn, { form }: Press): Promise<Answer> {
  refuseNonAdmin(turn, '上线前确认')
  const { gate, ground } = readGate(form)
  const passed = { by: turn.who.name, ground, at: turn.now.toISOString() }
  await keepSettled(
    turn.db,
    { feature: 'setup', matter: gate },
    GATES_PASSED,
    { ...(await gatesPassed(turn)), [gate]: passed },
    turn.now,
  )
  turn.record({ feature: 'setup', act: 'confirmGate', matter: gate, data: { ground } })
  return { toast: { kind: 'success', words: `已登记:${GATES[gate].name}` }, fresh: { card: await gates(turn) } }
}
