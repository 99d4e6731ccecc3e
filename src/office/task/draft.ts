import { Refusal } from '../../kit/refusal.ts'
import { refuseBody } from './moves.ts'
import { EXAMPLE, LIMITS, type Task, type Wish } from './task.ts'
import { type Frequency, frequencyNamed, type Source, sourceNamed, type Urgency, urgencyNamed } from './terms.ts'

/** What a line says beside people, title and time; what it does not say is undefined. */
export interface Labelled {
  /** What is left: title and time. */
  text: string
  source: Source | undefined
  basis: string
  content: string
  urgency: Urgency | undefined
  frequency: Frequency | undefined
  /** Names as written. */
  scope: string
  leader: string
  /** Words after a label that mean nothing to us. */
  doubt: string | undefined
}

const LABEL =
  /(?:^|\s)(来源依据|来源|依据|要求|内容|频次|反馈频次|反馈|知悉范围|知悉|交办领导|紧急程度)\s*[::]\s*(\S+)/g

/** Reads `来源:会议议定 加急 反馈:每周` out of a line. */
export function readLabels(line: string): Labelled {
  const said = new Map<string, string>()
  const bare = line.replace(LABEL, (_, label: string, value: string) => {
    said.set(CANON[label] ?? label, value)
    return ' '
  })
  const words = bare.split(/\s+/).filter(word => word !== '')
  const grade = words.find(word => urgencyNamed(word) !== undefined)
  const value = (label: string) => said.get(label) ?? ''
  return {
    text: words.filter(word => word !== grade).join(' '),
    source: sourceNamed(value('来源')),
    basis: value('依据'),
    content: value('要求'),
    urgency: urgencyNamed(value('紧急程度') || (grade ?? '')) ?? (HASTE.test(bare) ? 'urgent' : undefined),
    frequency: frequencyNamed(value('频次')),
    scope: value('知悉范围'),
    leader: value('交办领导'),
    doubt: doubtAbout(value('来源'), value('频次')),
  }
}

const CANON: Record<string, string> = {
  来源依据: '依据',
  内容: '要求',
  反馈频次: '频次',
  反馈: '频次',
  知悉: '知悉范围',
}

function doubtAbout(source: string, frequency: string): string | undefined {
  if (source && !sourceNamed(source)) return `没有“${source}”这一来源,请从列表中选择。`
  return frequency && !frequencyNamed(frequency) ? `没有“${frequency}”这一反馈频次,请从列表中选择。` : undefined
}

const HASTE = /立即|马上|第一时间/
const VAGUE = /近期|尽快|适时|抓紧|立即|马上|第一时间/

/** 尽快 is no deadline and 立即 wants a time (domain.md 11.2). */
export function doubtAboutVagueness(text: string): string | undefined {
  const word = VAGUE.exec(text)?.[0]
  return word && `“${word}”不是明确的时限,请填写完成时限,例如:12月7日下班前。`
}

/** What people settle, held against the rules. @throws Refusal naming what is missing or too much. */
export function checkWish(wish: Wish, assistants: readonly string[], now: Date): Wish {
  const title = wish.title.trim()
  const content = wish.content.trim()
  const basis = wish.basis.trim()
  if (!wish.lead) throw new Refusal('请选择牵头人', EXAMPLE)
  if (!title) throw new Refusal('请写明督办事项', EXAMPLE)
  if (title.length > LIMITS.title) throw new Refusal(`事项名称请控制在${LIMITS.title}字以内,详细要求请写在“要求”中`)
  if (content.length > LIMITS.content) throw new Refusal(`要求请控制在${LIMITS.content}字以内`)
  if (basis.length > LIMITS.basis) throw new Refusal(`来源依据请控制在${LIMITS.basis}字以内`)
  if (assistants.length > LIMITS.assistants) throw new Refusal(`协办最多${LIMITS.assistants}人`)
  if (wish.scope.length > LIMITS.scope) throw new Refusal(`知悉范围最多${LIMITS.scope}人`)
  if (wish.dueAt && wish.dueAt <= now) throw new Refusal('完成时限已经过去', EXAMPLE)
  if (wish.assistDueAt && wish.dueAt && wish.assistDueAt > wish.dueAt) throw new Refusal('协办时限不能晚于完成时限')
  refuseBody(wish.source, content + basis)
  return { ...wish, title, content, basis }
}

type NewTask = Omit<Task, 'id'>

/** A draft, before anybody has approved it. */
export function drafted(
  wish: Wish,
  assists: Array<{ id: string; unit: string }>,
  by: { id: string; unit: string },
  now: Date,
): NewTask {
  return {
    ...checkWish(
      wish,
      assists.map(one => one.id),
      now,
    ),
    ...UNTOUCHED,
    rev: 1,
    stateRev: 1,
    state: 'draft',
    unit: by.unit,
    maker: by.id,
    createdAt: now,
    movedBy: by.id,
    movedAt: now,
    assists: assistsOf(assists, wish, now),
  }
}

export const assistsOf = (
  people: Array<{ id: string; unit: string }>,
  wish: Pick<Wish, 'lead' | 'assistDueAt'>,
  now: Date,
): Task['assists'] =>
  people
    .filter(({ id }) => id !== wish.lead)
    .map(({ id, unit }, place) => ({
      person: id,
      unit,
      place,
      state: 'assigned',
      dueAt: wish.assistDueAt,
      signedAt: undefined,
      finishedAt: undefined,
      word: '',
      movedAt: now,
    }))

const UNTOUCHED = {
  number: undefined,
  givenBy: undefined,
  assignedAt: undefined,
  originalDueAt: undefined,
  signDueAt: undefined,
  signedAt: undefined,
  signedBy: undefined,
  progress: '',
  problem: '',
  percent: undefined,
  reportedAt: undefined,
  reportDueAt: undefined,
  nudges: 0,
  extensions: 0,
  returns: 0,
  redos: 0,
  nudgedOn: '',
  petition: undefined,
  change: undefined,
  suspendedAt: undefined,
  workdaysLeft: 0,
  finishedAt: undefined,
  finishedBy: undefined,
  result: '',
  checkedBy: undefined,
  closedAt: undefined,
  closedBy: undefined,
  acknowledgedAt: undefined,
  archiveNo: '',
  wasLate: false,
  lastMove: '',
  word: '',
  ladderFrom: undefined,
  nextAt: undefined,
} satisfies Partial<Task>

/** How alike two titles are, from 0 to 1, by their pairs of characters. */
export function likeness(one: string, other: string): number {
  const [a, b] = [pairs(one), pairs(other)]
  if (!a.size || !b.size) return one.trim() === other.trim() ? 1 : 0
  const both = [...a].filter(pair => b.has(pair)).length
  return (2 * both) / (a.size + b.size)
}

export const ALIKE = 0.6

function pairs(title: string): Set<string> {
  const chars = Array.from(title.replace(/[\s\p{P}]/gu, ''))
  return new Set(chars.slice(1).map((char, i) => `${chars[i]}${char}`))
}
