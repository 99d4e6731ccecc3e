import { type AuditFilter, mattersNumbered, recordsSeen } from '../../db/audit.ts'
import { peopleById } from '../../db/people.ts'
import { colleagues, peopleNamedIn } from '../../db/people-meant.ts'
import type { Action, Answer, Look, Said, Turn } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { halfWidth, plain, shorten } from '../../src/kit/text.ts'
import { type Asked, askedBy, instantsOf, readAsked, readSpan } from '../../src/office/audit/asked.ts'
import { askedWords, EXAMPLES, listCard, PAGE, searchCard } from '../../src/office/audit/cards.ts'
import { mattersCalled } from '../../src/office/audit/words.ts'
import { readNumber } from '../../src/office/task/number.ts'
import { asOptions } from '../named.ts'
import { linesOf, titleOf } from './lines.ts'
import { FEATURE, filterFor, type Sight, sightIn } from './sight.ts'

const EXAMPLE = EXAMPLES[0]
const MOST_PEOPLE = 50

/** `/审计 @王强 11月`, `/审计 督〔2026〕12号`, `/审计 昨天 拒绝`, `/审计 交办 序号12`; a form when nothing is given. */
export async function list(turn: Turn, said: Said): Promise<Answer> {
  const sight = sightIn(turn)
  if (!said.text.trim()) return { say: { card: await blank(turn, sight) }, privately: true }
  return { say: { card: await pageOf(turn, sight, await askedIn(turn, said), {}) }, privately: true }
}

async function blank(turn: Turn, sight: Sight): Promise<Card> {
  const subjects = subjectsOf(turn, sight).map(([label, value]) => ({ label, value }))
  const people = await asOptions(turn, await colleagues(turn.db, turn.who, '', MOST_PEOPLE))
  return searchCard(subjects, people, sight === 'all')
}

/** Subjects by their titles, as far as they may be looked at. */
function subjectsOf({ office }: Look, sight: Sight): Array<[title: string, name: string]> {
  const { features } = filterFor(sight)
  return office.features
    .filter(({ name }) => !features || features.includes(name))
    .map(({ title, name }) => [title, name])
}

export async function askedIn(turn: Turn, { pieces }: Said): Promise<Asked> {
  const mention = pieces.find(piece => typeof piece !== 'string' && piece.kind === 'person')
  const text = pieces.filter(piece => typeof piece === 'string').join(' ')
  const { asked, unread } = readAsked(text, new Map(subjectsOf(turn, 'all')), turn.now)
  if (mention && typeof mention !== 'string' && mention.kind === 'person') asked.person = mention.id
  for (const word of unread) {
    if (asked.person) throw new Refusal(`未能识别“${shorten(word, 20)}”`, EXAMPLE)
    asked.person = await personNamed(turn, word.replace(/^[@\uff20]/, ''))
  }
  return asked
}

async function personNamed(turn: Turn, word: string): Promise<string> {
  const some = (await peopleNamedIn(turn.db, word, turn.chat.id)).filter(({ name }) => plain(name) === plain(word))
  const [found] = some
  if (!found) throw new Refusal(`未能识别“${shorten(word, 20)}”`, EXAMPLE)
  if (some.length > 1) throw new Refusal(`“${found.name}”有同名人员,请用 @ 选择,或发送 /审计 后在表单中选择`)
  return found.id
}

/** The submitted form. */
export const search: Action = async (turn, press) => {
  const sight = sightIn(turn)
  const { value, form } = press
  const asked = askedBy(value, form)
  const days = typeof form.days === 'string' ? form.days.trim() : ''
  const span = days ? readSpan(days.replace(/\s/g, ''), turn.now) : undefined
  if (days && !span) throw new Refusal(`未能识别时间“${shorten(days, 20)}”,例如:11月、11月1日至11月5日`)
  const chosen = Array.isArray(form.person) ? String(form.person[0] ?? '') : asked.person
  return { fresh: { card: await pageOf(turn, sight, { ...asked, ...span, person: chosen }, {}) } }
}

/** Another page. */
export const page: Action = async (turn, { value }) => {
  const sight = sightIn(turn)
  const whole = (name: string): number => {
    const given = value[name]
    return typeof given === 'number' && Number.isSafeInteger(given) && given > 0 ? given : 0
  }
  return {
    fresh: { card: await pageOf(turn, sight, askedBy(value, {}), { before: whole('before'), page: whole('page') }) },
  }
}

async function pageOf(turn: Turn, sight: Sight, asked: Asked, at: { before?: number; page?: number }): Promise<Card> {
  const filter = { ...(await filterOf(turn, asked, sight)), beforeId: at.before }
  const found = await recordsSeen(turn.db, filter, PAGE + 1)
  const shown = found.slice(0, PAGE)
  turn.record({ feature: FEATURE, act: 'search', data: { ...asked, page: at.page ?? 0 } })
  return listCard({
    lines: await linesOf(turn, shown),
    words: await wordsOf(turn, asked),
    asked,
    page: at.page ?? 0,
    older: found.length > PAGE ? shown.at(-1)?.id : undefined,
    mayExport: sight === 'all',
    now: turn.now,
  })
}

/** What is asked of the database. @throws Refusal when a number is none, or nobody's. */
export async function filterOf({ db }: Pick<Look, 'db'>, asked: Asked, sight: Sight): Promise<AuditFilter> {
  const { person, number, feature, outcome } = asked
  const allowed = filterFor(sight)
  return {
    ...instantsOf(asked),
    ...allowed,
    ...(person ? { person } : {}),
    ...(outcome ? { outcome } : {}),
    ...(feature ? { features: (allowed.features ?? [feature]).filter(one => one === feature) } : {}),
    ...(number ? { matters: await mattersOf(db, asked, sight) } : {}),
  }
}

async function mattersOf(
  db: Look['db'],
  { number, feature }: Pick<Asked, 'number' | 'feature'>,
  sight: Sight,
): Promise<NonNullable<AuditFilter['matters']>> {
  const called = mattersCalled(halfWidth(number).replace(/\s/g, ''))
  // the same number is another matter's in each subject
  if (called && !feature) throw new Refusal('内部序号请与功能一起写', EXAMPLES[3])
  if (called) return called.map(matter => ({ feature, matter }))
  const read = readNumber(number)
  if (!read) throw new Refusal(`未能识别编号“${shorten(number, 20)}”`, EXAMPLES[1])
  const found = await mattersNumbered(db, read)
  // who may see only some of the records does not learn by this which numbers have been given
  if (!found.length && sight === 'all') throw new Refusal(`没有编号为${number}的事项`)
  return found
}

export async function wordsOf({ db, office }: Look, asked: Asked): Promise<string> {
  const [person] = asked.person ? await peopleById(db, [asked.person]) : []
  const name = asked.person ? person?.name || '未知人员' : ''
  return askedWords(asked, name, asked.feature ? titleOf(office.features, asked.feature) : '')
}
