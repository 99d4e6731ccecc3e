import { vagueWord } from '../../kit/customs.ts'
import { Refusal } from '../../kit/refusal.ts'
import { standard } from '../../kit/text.ts'
import { drawnUp, type Member } from './assists.ts'
import { faultInBody } from './moves.ts'
import { EXAMPLE, LIMITS, type Task, type Wish } from './task.ts'
import {
  type Frequency,
  frequencyNamed,
  type Source,
  sourceNamed,
  URGENCIES,
  type Urgency,
  urgencyNamed,
} from './terms.ts'

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
  phone: string
  /** Words after a label that mean nothing to us. */
  doubt: string | undefined
}

/** Behind these stand sentences or several names, behind the others one word. */
const RUNNING = '要求|内容|知悉范围|知悉|来源依据|依据'
const LABELS = `${RUNNING}|来源|频次|反馈频次|反馈|交办领导|联系电话|电话|紧急程度`
const GRADES = Object.values(URGENCIES)
  .map(({ word }) => word)
  .join('|')
/** By itself, or in brackets before or behind all else; a sign before it goes with it. */
const GRADE = new RegExp(
  `(?:^|[\\s,;。])(${GRADES}|一般)(?=$|[\\s,;。])|(?:^|[\\s,;。])[【\\[(〔](${GRADES})[】\\])〕]|[【\\[(〔](${GRADES})[】\\])〕](?=$|[\\s,;。])`,
)
/** Where what stands behind a label ends: at a space, or at a sign and another label behind it. */
const END = `\\s|$|[,;。、](?:${LABELS})\\s*:`
const LABEL = new RegExp(
  `(?:(?:^|\\s)(${RUNNING})\\s*:\\s*(\\S+?)(?=${END})|(?:^|([\\s,;。、]))(?!${RUNNING})(${LABELS})\\s*:\\s*([^\\s,;。、]+))`,
  'g',
)

/** Reads `来源:会议议定 加急 反馈:每周` out of a line. */
export function readLabels(line: string): Labelled {
  const grade = GRADE.exec(standard(line))
  const ungraded = grade ? `${line.slice(0, grade.index)} ${line.slice(grade.index + grade[0].length)}` : line
  const said = new Map<string, string>()
  let bare = ''
  let at = 0
  for (const { index, ...found } of standard(ungraded).matchAll(LABEL)) {
    const label = found[1] ?? found[4] ?? ''
    const length = (found[2] ?? found[5] ?? '').length
    bare += ungraded.slice(at, index) + (found[3]?.trim() ? '' : ' ')
    at = index + found[0].length
    said.set(CANON[label] ?? label, ungraded.slice(at - length, at))
  }
  bare += ungraded.slice(at)
  const value = (label: string) => said.get(label) ?? ''
  return {
    text: bare.replace(/\s+/g, ' ').trim(),
    source: sourceNamed(value('来源')),
    basis: value('依据'),
    content: value('要求'),
    urgency:
      urgencyNamed(value('紧急程度') || (grade?.slice(1).find(one => one !== undefined) ?? '')) ??
      (HASTE.test(standard(bare)) ? 'urgent' : undefined),
    frequency: frequencyNamed(value('频次')),
    scope: value('知悉范围'),
    leader: value('交办领导'),
    phone: value('联系电话'),
    doubt: doubtAbout(value('来源'), value('频次')),
  }
}

const CANON: Record<string, string> = {
  来源依据: '依据',
  内容: '要求',
  电话: '联系电话',
  反馈频次: '频次',
  反馈: '频次',
  知悉: '知悉范围',
}

function doubtAbout(source: string, frequency: string): string | undefined {
  if (source && !sourceNamed(source)) return `没有“${source}”这一来源,请从列表中选择。`
  return frequency && !frequencyNamed(frequency) ? `没有“${frequency}”这一反馈频次,请从列表中选择。` : undefined
}

const HASTE = /立即|马上|第一时间/

export function doubtAboutVagueness(text: string): string | undefined {
  const word = vagueWord(text)
  return word && `“${word}”不是明确的时限,请填写完成时限,例如:12月7日下班前。`
}

/** What people settle, held against the rules. @throws Refusal naming what is missing or too much. */
export function checkWish(wish: Wish, assistants: readonly string[], now: Date): Wish {
  const trimmed = {
    ...wish,
    title: wish.title.trim(),
    content: wish.content.trim(),
    basis: wish.basis.trim(),
    phone: wish.phone.trim(),
  }
  const [fault] = faultsIn(trimmed, assistants, now)
  if (fault) throw new Refusal(...fault)
  return trimmed
}

type Fault = [sentence: string, example?: string]

const CHECKS: Array<(wish: Wish, assistants: readonly string[], now: Date) => Fault | false | undefined> = [
  ({ lead }) => !lead && ['请选择牵头人', EXAMPLE],
  ({ title }) => !title && ['请写明督办事项', EXAMPLE],
  ({ title }) => title.length > LIMITS.title && [`事项名称请控制在${LIMITS.title}字以内,详细要求请写在“要求”中`],
  ({ title }) => FOR_READING.test(title) && ['只须阅知、不需办理和反馈的事项不立项督办'],
  ({ content }) => content.length > LIMITS.content && [`要求请控制在${LIMITS.content}字以内`],
  ({ basis }) => basis.length > LIMITS.basis && [`来源依据请控制在${LIMITS.basis}字以内`],
  ({ phone }) => phone.length > LIMITS.phone && [`联系电话请控制在${LIMITS.phone}字以内`],
  (_wish, assistants) => assistants.length > LIMITS.assistants && [`协办最多${LIMITS.assistants}人`],
  ({ scope }) => scope.length > LIMITS.scope && [`知悉范围最多${LIMITS.scope}人`],
  ({ dueAt }, _assistants, now) => dueAt !== undefined && dueAt <= now && ['完成时限已经过去', EXAMPLE],
  ({ assistDueAt, dueAt }) =>
    assistDueAt !== undefined && dueAt !== undefined && assistDueAt > dueAt && ['协办时限不能晚于完成时限'],
  ({ source, content, basis }) => {
    const fault = faultInBody(source, content + basis)
    return fault !== undefined && [fault]
  },
]

/** DB-02: what asks for neither action nor feedback is not put on file. */
const FOR_READING = /^(请|呈请?|呈送)?[一-鿿]{0,10}?阅(知|研)$/

export const faultsIn = (wish: Wish, assistants: readonly string[], now: Date): Fault[] =>
  CHECKS.map(check => check(wish, assistants, now)).filter((fault): fault is Fault => Array.isArray(fault))

type NewTask = Omit<Task, 'id'>

/** A draft, before anybody has approved it. */
export function drafted(wish: Wish, assists: Member[], by: Member, now: Date): NewTask {
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
    ...drawnUp(assists, wish, now),
  }
}

const UNTOUCHED = {
  number: undefined,
  givenBy: undefined,
  assignedAt: undefined,
  originalDueAt: undefined,
  signDueAt: undefined,
  signedAt: undefined,
  signedBy: undefined,
  leadPhone: '',
  progress: '',
  problem: '',
  measures: '',
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
  finishedFor: undefined,
  result: '',
  checkedBy: undefined,
  closedAt: undefined,
  closedBy: undefined,
  acknowledgedAt: undefined,
  archiveNo: '',
  wasLate: false,
  lastMove: '',
  word: '',
  movedFor: undefined,
  recordedBy: undefined,
  recordedWay: undefined,
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
