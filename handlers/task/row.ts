import type { Said, Turn } from '../../src/bot/feature.ts'
import type { Person } from '../../src/kit/person.ts'
import { dayInWords } from '../../src/kit/table.ts'
import { shorten } from '../../src/kit/text.ts'
import type { Row } from '../../src/office/task/batch.ts'
import { doubtAboutVagueness, faultsIn, type Labelled } from '../../src/office/task/draft.ts'
import type { Cells } from '../../src/office/task/lines.ts'
import { frequencyNamed, sourceNamed, urgencyNamed } from '../../src/office/task/terms.ts'
import { peopleMeant } from '../named.ts'
import { unfitAmong } from '../task-draft.ts'
import { type Meant, understand, unitsFor, wishFrom } from './make.ts'
import { worktime } from './setting.ts'
import { doubtAboutTime, readTime } from './when.ts'

type Reading = Pick<Turn, 'db' | 'now' | 'office'>
type Words = Omit<Meant, 'lead' | 'previous'>

const SHOWN = 60

/** One numbered line, as `/督办` would read it; what it lacks or has wrong is said, not refused. */
export async function rowOfLine(look: Reading, pieces: Said['pieces'], common: Labelled, chat: string): Promise<Row> {
  const text = pieces.map(piece => (typeof piece === 'string' ? piece : `@${piece.name}`)).join('')
  if (pieces.some(piece => typeof piece !== 'string' && piece.kind === 'all'))
    return rejected(text, ['督办须落实到人,不能交给所有人'])
  const understood = await understand(look, { text, pieces }, chat, common)
  const { source, urgency, frequency, people } = understood
  const nobody = !people.length && !understood.unknown.length && !understood.candidates.length
  const doubt = nobody ? '未识别出牵头人,请将姓名写在行首' : understood.doubt
  const words: Words = {
    ...understood,
    source: source ?? 'QT',
    urgency: urgency ?? 'normal',
    frequency: frequency ?? 'once',
    assistDueAt: undefined,
  }
  return rowOf(look, text, words, people, doubt ? [doubt] : [], chat)
}

const rejected = (says: string, faults: string[]): Row => ({
  says: shorten(says, SHOWN),
  wish: undefined,
  assistants: [],
  faults,
  task: undefined,
})

/** One row of a table. */
export async function rowOfCells(look: Reading, cells: Cells, chat: string): Promise<Row> {
  const lead = cells.lead ? await peopleMeant(look, cells.lead, chat) : { people: [], doubt: '请填写牵头人' }
  const helping = cells.assistants ? await peopleMeant(look, cells.assistants, chat) : { people: [], doubt: undefined }
  const due = await deadline(look, cells.due)
  const assistDue = await deadline(look, cells.assistDue)
  const [source, urgency, frequency] = [
    sourceNamed(cells.source),
    urgencyNamed(cells.urgency),
    frequencyNamed(cells.frequency),
  ]
  const doubts = [
    lead.doubt,
    lead.people.length > 1 ? '牵头人只能有一位(一事一项),其余请填入协办人' : undefined,
    helping.doubt,
    due.doubt,
    assistDue.doubt,
    cells.source && !source ? `没有“${cells.source}”这一来源` : undefined,
    cells.urgency && !urgency ? `没有“${cells.urgency}”这一紧急程度` : undefined,
    cells.frequency && !frequency ? `没有“${cells.frequency}”这一反馈频次` : undefined,
  ]
  const words: Words = {
    title: cells.title,
    content: cells.content,
    dueAt: due.dueAt,
    dueSaid: due.dueAt && dayInWords(cells.due),
    assistDueAt: assistDue.dueAt,
    source: source ?? 'QT',
    basis: cells.basis,
    urgency: urgency ?? 'normal',
    frequency: frequency ?? 'once',
    leader: cells.leader,
    phone: cells.phone,
    scope: cells.scope,
  }
  const people = [...lead.people, ...helping.people]
  return rowOf(
    look,
    cells.title || cells.lead,
    words,
    people,
    doubts.filter(doubt => doubt !== undefined),
    chat,
  )
}

async function deadline(look: Reading, cell: string): Promise<{ dueAt: Date | undefined; doubt: string | undefined }> {
  if (!cell) return { dueAt: undefined, doubt: undefined }
  const text = dayInWords(cell)
  const { kind, dueAt, rest } = await readTime(look, text)
  if (dueAt && !rest) return { dueAt, doubt: undefined }
  const doubt = doubtAboutTime(kind) ?? doubtAboutVagueness(text) ?? `未能识别时限“${shorten(text, 30)}”`
  return { dueAt: undefined, doubt }
}

/** What was understood, held against the rules; all that is wrong is said at once. */
async function rowOf(
  look: Reading,
  says: string,
  words: Words,
  people: Person[],
  doubts: string[],
  chat: string,
): Promise<Row> {
  const [lead, ...others] = people
  if (!lead) return rejected(says, doubts.length ? doubts : ['请写明牵头人'])
  const leader = words.leader ? await peopleMeant(look, words.leader, chat) : { people: [], doubt: undefined }
  const scope = words.scope ? await peopleMeant(look, words.scope, chat) : { people: [], doubt: undefined }
  const named = { leader: leader.people[0], scope: scope.people }
  const meant: Meant = { ...words, lead, title: words.title.trim(), previous: undefined }
  const wish = wishFrom(meant, lead, named, look.now, await worktime(look))
  const assistants = unitsFor(
    [...new Map(others.map(one => [one.id, one])).values()].filter(({ id }) => id !== lead.id),
  )
  const ids = assistants.map(one => one.id)
  const rules = faultsIn(wish, ids, look.now).map(([sentence]) => sentence)
  const unfit = (await unfitAmong(look, [lead.id, ...ids])).values()
  const faults = [...doubts, leader.doubt, scope.doubt, ...rules, ...unfit].filter(fault => fault !== undefined)
  const tidied = faults.map(fault => fault.replace(/。$/, ''))
  return { says: shorten(says, SHOWN), wish, assistants, faults: [...new Set(tidied)], task: undefined }
}
