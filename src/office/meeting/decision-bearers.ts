/** Who does something: somebody, and the unit for which they do it. `id` '' = the unit has no head on file. */
export interface Bearer {
  id: string
  unit: string
}

/** What of the house a line may name. */
export interface Directory {
  units: ReadonlyArray<{ id: string; name: string; head: string | undefined }>
  people: ReadonlyArray<{ id: string; name: string; departments: readonly string[] }>
}

export interface Cast {
  lead: Bearer | undefined
  assistants: Bearer[]
  doubts: string[]
}

/** Names that stand together, and what the words around them make of those named. */
export interface Group {
  from: number
  to: number
  names: Name[]
  role: Role
}
/** `subject`: named first, without a word that makes them lead; `joint`: named after that in the same way. */
type Role = 'lead' | 'subject' | 'joint' | 'help' | 'none'

interface Name {
  from: number
  to: number
  word: string
  /** More than one: several people of one name. None: nobody we know. */
  bearers: Bearer[]
  kind: 'unit' | 'person' | 'unknown' | 'everyone'
}

/** Who leads and who helps. Of several who lead the first does, and that is said. */
export function bearersIn(groups: readonly Group[]): Cast {
  const leading = groups.filter(({ role }) => role === 'lead')
  const subjects = groups.filter(({ role }) => role === 'subject' || role === 'joint')
  const firsts = leading.length ? leading : subjects
  const [first, ...more] = firsts.flatMap(({ names }) => names)
  const helping = groups.filter(({ role }) => role === 'help').flatMap(({ names }) => names)
  const named = [...(first ? [first] : []), ...more, ...helping]
  const lead = first?.bearers.length === 1 ? first.bearers[0] : undefined
  const assistants = [...more, ...helping].flatMap(({ bearers }) => (bearers.length === 1 ? bearers : []))
  return {
    lead,
    assistants: distinct(assistants).filter(({ id, unit }) => id !== lead?.id || unit !== lead.unit),
    doubts: [
      ...(firsts.length > 1 ? ['写有不止一个牵头单位,请核对,必要时分列。'] : []),
      ...named.flatMap(name => doubtAbout(name, name === first)),
    ],
  }
}

function doubtAbout({ kind, word, bearers }: Name, leads: boolean): string[] {
  if (bearers.length > 1) return [`“${word}”有同名人员,请选择具体是哪一位。`]
  if (kind === 'everyone') return leads ? [`“${word}”不能牵头,请选择一个牵头单位。`] : []
  return kind === 'unknown' ? [`未找到“${word}”,请选择。`] : []
}

const distinct = (some: Bearer[]): Bearer[] => [...new Map(some.map(one => [`${one.id} ${one.unit}`, one])).values()]

export function groupsIn(text: string, directory: Directory): Group[] {
  const names = namesIn(text, directory)
  const groups: Group[] = []
  for (const name of names) {
    const last = groups.at(-1)
    if (last && JOINT.test(text.slice(last.to, name.from))) {
      last.names.push(name)
      last.to = name.to
    } else groups.push({ from: name.from, to: name.to, names: [name], role: 'none' })
  }
  for (const [at, group] of groups.entries()) group.role = roleOf(text, group, groups[at - 1])
  return settled(groups)
}

/** Where somebody is said to lead, whoever is only named counts for nothing; all of them (各科室) never count. */
function settled(groups: readonly Group[]): Group[] {
  const isLed = groups.some(({ role }) => role === 'lead')
  const isAll = ({ names }: Group): boolean => names.every(({ kind }) => kind === 'everyone')
  const first = groups.find(group => group.role === 'subject' && !isAll(group))
  return groups.map(group => {
    if (group.role === 'lead' || (group.role === 'help' && !isAll(group))) return group
    const counts = group.role === 'subject' && !isLed && !isAll(group)
    return { ...group, role: counts ? (group === first ? 'subject' : 'joint') : 'none' }
  })
}

/** Between names of one list. */
const JOINT = /^(?:同志|主任|科长|队长|书记)?\s*(?:[、,/\s]|和|及|与|以及)?\s*$/
const POST = '(?:同志|主任|副主任|科长|队长|书记|等)*\\s*'
const HOW = '(?:要|应|须)?(?:具体|共同|分别|主要|统一|积极|密切|全力|抓紧|做好)?'
const LEADS = new RegExp(`^${POST}(?:\\(牵头\\))?${HOW}(?:牵头|负责|主办|承办|主责|抓总)`)
const HELPS = new RegExp(`^${POST}${HOW}(?:配合|协助|协办|参与|参加|支持)`)
const LEAD_LABEL = /(?:牵头|责任|主办|承办|主责|负责|落实)(?:单位|部门|科室|处室|领导|人)?(?:为|是)?\s*:\s*$/
const HELP_LABEL = /(?:配合|协办|协助|协同|参加|参与)(?:单位|部门|科室|处室|人)?(?:为|是)?\s*:\s*$/
const WITH = /(?:会同|联合|协同|会商|商请|商)$/
const FOR = /(?:配合|协助)$/
const ASKED = /(?:由|责成)\s*@?$/
const SPOKEN_TO = /(?:^|[,;。:(、\s]|请|要求|安排|委托|让|@)\s*@?$/

function roleOf(text: string, { from, to }: Group, before: Group | undefined): Role {
  const [ahead, after] = [text.slice(0, from), text.slice(to)]
  if (LEAD_LABEL.test(ahead) || LEADS.test(after)) return 'lead'
  if (HELP_LABEL.test(ahead) || HELPS.test(after) || WITH.test(ahead)) return 'help'
  // 督查科配合综治科做好…: whoever is helped leads
  if (FOR.test(ahead)) return before && text.slice(before.to, from).length <= 4 ? 'lead' : 'help'
  if (ASKED.test(ahead)) return 'lead'
  return SPOKEN_TO.test(ahead) ? 'subject' : 'none'
}

/** What goes with names when they are taken out of a line: before them… */
export const prefixOf = (before: string): string => PREFIX.exec(before)?.[0] ?? ''
const PREFIX =
  /(?:(?:牵头|责任|主办|承办|主责|负责|落实|配合|协办|协助|协同|参加|参与)(?:单位|部门|科室|处室|领导|人)?(?:为|是)?\s*:\s*|(?:并|统一)?(?:由|请|责成|要求|安排|委托|会同|联合|协同|会商|商请|商)?\s*@?)$/

/** …and after them. */
export const suffixOf = (after: string): string => SUFFIX.exec(after)?.[0] ?? ''
const SUFFIX = new RegExp(
  `^${POST}(?:\\(牵头\\))?(?:${HOW}(?:牵头|负责|主办|承办|主责|抓总|配合|协助|协办|参与|参加|支持)(?:单位)?)?`,
)

/** Names of units and people in the order in which they stand; somebody behind their unit counts with it as one. */
function namesIn(text: string, { units, people }: Directory): Name[] {
  const known = [
    ...units.map(({ id, name, head }) => ({ word: name, kind: 'unit' as const, bearer: { id: head ?? '', unit: id } })),
    ...people.map(one => ({
      word: one.name,
      kind: 'person' as const,
      bearer: { id: one.id, unit: one.departments[0] ?? '' },
    })),
  ].filter(({ word }) => word.length > 1)
  const found: Name[] = []
  for (const { word, kind, bearer } of known.sort((a, b) => b.word.length - a.word.length))
    for (let from = text.indexOf(word); from !== -1; from = text.indexOf(word, from + word.length)) {
      const to = from + word.length
      const same = found.find(one => one.from === from && one.to === to && one.kind === kind)
      if (same) same.bearers.push(bearer)
      else if (isFree(from, to, found) && (kind === 'person' || !OF_ANOTHER.test(text.slice(0, from))))
        found.push({ from, to, word, kind, bearers: [bearer] })
    }
  for (const pattern of UNKNOWN)
    for (const match of text.matchAll(pattern)) {
      const [from, to] = match.indices?.[1] ?? [0, 0]
      const word = text.slice(from, to)
      if (isFree(from, to, found))
        found.push({ from, to, word, kind: EVERYONE.test(word) ? 'everyone' : 'unknown', bearers: [] })
    }
  return withPeopleOfUnits(
    found.sort((a, b) => a.from - b.from),
    text,
  )
}

const isFree = (from: number, to: number, found: readonly Name[]): boolean =>
  found.every(one => to <= one.from || one.to <= from)

/** 市应急局办公室 is not ours. */
const OF_ANOTHER = /(?:局|院|厅|政府|(?<!政法)委)$/
const EVERYONE = /^(?:全体|各|有关|相关|其他|其它|各有关|各相关)/
const ORGAN =
  '(?:(?:各|有关|相关|其他|其它)+)?(?:[一-鿿]{0,12}?(?:科室|科|处室|处|办公室|室|局|委|办|队|院|厅|部|中心|政府|单位|部门|街道|乡|镇))'
const UNKNOWN = [
  new RegExp(
    `(?:由|请|责成|[,;。、:(\\s]|^)(${ORGAN})(?=${POST}${HOW}(?:牵头|负责|主办|承办|配合|协助|协办|参加))`,
    'dg',
  ),
  /(?:牵头|责任|主办|承办|配合|协办|协助)(?:单位|部门|科室|处室)\s*:\s*([一-鿿]{2,14}?(?:科|处|室|局|委|办|队|院|厅|部|中心))(?=[,;。、)\s]|$)/dg,
]

function withPeopleOfUnits(names: readonly Name[], text: string): Name[] {
  const kept: Name[] = []
  for (const name of names) {
    const unit = kept.at(-1)
    const between = unit ? text.slice(unit.to, name.from) : ''
    if (unit?.kind !== 'unit' || name.kind !== 'person' || !/^\(?$/.test(between)) {
      kept.push(name)
      continue
    }
    const of = name.bearers.filter(bearer => bearer.unit === unit.bearers[0]?.unit)
    const to = between === '(' && text[name.to] === ')' ? name.to + 1 : name.to
    kept[kept.length - 1] = { ...name, from: unit.from, to, bearers: of.length ? of : name.bearers }
  }
  return kept
}
