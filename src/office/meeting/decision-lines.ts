import { type Customs, deadlineOf, readTime, vagueWord } from '../../kit/customs.ts'
import { MARK } from '../../kit/lines.ts'
import { halfWidth } from '../../kit/text.ts'
import { bearersIn, type Cast, type Directory, type Group, groupsIn, prefixOf, suffixOf } from './decision-bearers.ts'

/** What is understood of a line of 议定事项; what is missing is asked for. */
export interface ReadDecision extends Cast {
  title: string
  dueAt: Date | undefined
  /** The words from which it can be reckoned anew; '' = there are none. */
  dueSaid: string
  /** What is to be looked at before it becomes a task, sentence by sentence. */
  doubts: string[]
}

/** `由综治科牵头,督查科配合,12月10日前报送方案。` */
export function readDecision(line: string, now: Date, directory: Directory, customs: Customs): ReadDecision {
  const said = halfWidth(line.replace(/[【〖[]/g, '(').replace(/[】〗\]]/g, ')'))
    .replace(MARKS, '')
    .replace(OPENING, '')
    .trim()
  const due = dueIn(said, now, customs)
  const groups = groupsIn(due.rest, directory)
  const cast = bearersIn(groups)
  const title = titleIn(due.rest, groups)
  const isSaid =
    due.dueAt !== undefined && deadlineOf(readTime(said, now, customs), customs)?.getTime() === due.dueAt.getTime()
  const doubts = [...due.doubts, ...cast.doubts, ...(title ? [] : ['请写明要办的事项。'])]
  return { ...cast, title, dueAt: due.dueAt, dueSaid: isSaid ? said : '', doubts }
}

/** 三是, 第四, • and the like, beside the marks of numbered lines. */
const MARKS = new RegExp(
  `${MARK.source}|^\\s*(?:[•·●○▪■◆*-]|[①-⑳])\\s*|^\\s*(?:[一二三四五六七八九十]{1,3}是(?:要)?|第[一二三四五六七八九十]{1,3}[,、:.])\\s*`,
)
const OPENING = /^会议(?:认为|决定|议定|明确|要求|强调|指出|研究决定)[,:]?/
const RUN_ON = /(?<=[;。,:])\s*(?=[一二三四五六七八九十]{1,3}是)/

/** The decisions of a text that somebody pasted: by their marks where they have some, else line by line. */
export function listedIn(text: string): string[] {
  const lines = text
    .split('\n')
    .flatMap(line => halfWidth(line).split(RUN_ON))
    .filter(line => line.trim() !== '')
  const isMarked = lines.some(line => MARKS.test(line))
  const listed: string[] = []
  for (const line of lines) {
    const isNew = !isMarked || MARKS.test(line) || !listed.length
    if (isNew) listed.push(line)
    else listed.push(`${listed.pop()} ${line.trim()}`)
  }
  return listed.map(line => line.trim().replace(/[;,]$/, '')).filter(line => !HEADING.test(line))
}

/** 会议议定以下事项: says nothing by itself. */
const HEADING = /^.{0,30}[:\uff1a]$/

interface Due {
  dueAt: Date | undefined
  /** The line without its time. */
  rest: string
  doubts: string[]
}

function dueIn(said: string, now: Date, customs: Customs): Due {
  const first = readTime(said, now, customs)
  const inClause = first.kind === 'deadline' ? undefined : dueInClause(said, now, customs)
  if (inClause) return inClause
  if (first.kind === 'recurrence')
    return { dueAt: undefined, rest: first.rest, doubts: ['周期性工作没有办结时限,请另行填写。'] }
  if (first.kind === 'past') return { dueAt: undefined, rest: first.rest, doubts: [PASSED] }
  const dueAt = deadlineOf(first, customs)
  if (!dueAt || dueAt <= now) return { dueAt: undefined, rest: said, doubts: vagueDoubt(said) }
  const second = readTime(first.rest, now, customs)
  const other = second.kind === 'deadline' ? deadlineOf(second, customs) : undefined
  return {
    dueAt: other && other > dueAt ? other : dueAt,
    rest: first.rest,
    doubts: other ? ['写有不止一个时限,请核对,必要时分列。'] : [],
  }
}

/** A doubt that is settled as soon as there is a deadline. */
export const isAboutDue = (doubt: string): boolean => doubt.includes('时限')

const PASSED = '所写的时限已经过去,请重新填写。'

const vagueDoubt = (said: string): string[] => {
  const word = vagueWord(said)
  return word ? [`“${word}”不是明确的时限,请填写完成时限。`] : []
}

/** 年底安全检查,…,12月10日: a day in what is to be done is no deadline; the last clause that has one is meant. */
function dueInClause(said: string, now: Date, customs: Customs): Due | undefined {
  const clauses = said.split(/(?<=[,;。\t])/)
  if (clauses.length < 2) return undefined
  const read = clauses.map(clause => readTime(clause, now, customs))
  const ends = read.map(one => deadlineOf(one, customs))
  const holds = (at: number): boolean => (ends[at] ?? now) > now
  const places = [...clauses.keys()].reverse()
  const at = places.find(i => read[i]?.kind === 'deadline' && holds(i)) ?? places.find(holds)
  if (at === undefined) return undefined
  const rest = clauses.map((clause, i) => (i === at ? (read[i]?.rest ?? '') : clause)).join('')
  return { dueAt: ends[at], rest, doubts: [] }
}

/** What is to be done: the line without its time, and without who does it. */
function titleIn(text: string, groups: readonly Group[]): string {
  let bare = text
  for (const { from, to, role } of [...groups].reverse())
    if (role === 'lead' || role === 'help' || role === 'subject') {
      const before = bare.slice(0, from)
      const after = bare.slice(to)
      bare = `${before.slice(0, before.length - prefixOf(before).length)}${GAP}${after.slice(suffixOf(after).length)}`
    }
  const clauses = bare
    .replace(DUE_LABEL, GAP)
    .replace(/\((?:[\s\ufffc,;:。、.]|完成|办结)*\)/g, GAP)
    .split(/[,;。\t]|、(?= *$)/)
    .map(clause => clause.replace(LEFT_OVER, '').replaceAll(GAP, '').replace(/\s+/g, ' ').replace(EDGES, ''))
    .filter(clause => clause !== '')
  while (DONE.test(clauses.at(-1) ?? '')) clauses.pop()
  return clauses.join(',')
}

/** Where something was taken out. */
const GAP = '\ufffc'
const DUE_LABEL = /(?:完成|办结|办理|报送)?(?:时限|时间|期限)\s*:?\s*(?=[,;。)\s\ufffc]|$)/g
/** 于, 要在, 会后 whose time is gone. */
const LEFT_OVER = /^[\s\ufffc、:.]*(?:会后|要在|要|须|应|于|在|并)?(?=[\s\ufffc]*[一-鿿《“]|$)/
const EDGES = /^[\s、:.]+|[\s、:.]+$/g
const DONE = /^(?:前|全部|按时|全面)?(?:完成|办结|落实|落实到位|到位|完成到位)$/
