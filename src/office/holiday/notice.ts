import { Refusal } from '../../kit/refusal.ts'
import { halfWidth } from '../../kit/text.ts'
import { type Day, existingDay, isoDay, partsOf, weekdayOf } from '../../kit/time/days.ts'
import { occurrences, publicHolidays } from '../../kit/time/festivals.ts'
import type { Notice } from '../../kit/time.ts'
import { daysFrom, type Loaded, lengthOf } from './year.ts'

export const NOTICE_EXAMPLE = '/假期 载入 2027年 元旦:1月1日至3日放假,1月9日上班'
export const LONGEST_NOTICE = 3_000
/** No run of days off has been longer; the reckoning of shifted days relies on it. */
const LONGEST_BLOCK = 15

/**
 * Reads a year's arrangement: the official text as it was published, or a line for each festival
 * (`春节 2月5日至12日 补班 2月3日、2月13日`).
 * @throws Refusal naming what cannot be: nothing is guessed.
 */
export function readNotice(text: string, yearGiven?: number): Loaded {
  const plain = halfWidth(text)
    .replace(/[〔【(（]/g, '(')
    .replace(/[〕】)）]/g, ')')
    .replace(/[—–~至到]+/g, '-')
  const year = yearGiven ?? yearOf(plain)
  if (year === undefined) throw new Refusal('请写明是哪一年的节假日安排', NOTICE_EXAMPLE)
  const read = segmentsOf(asChineseDates(plain)).map(segment => readSegment(segment, year))
  const holidays = read
    .flatMap(({ name, off }) => off.map(({ from, to }) => ({ name, from: isoDay(from), to: isoDay(to) })))
    .sort((a, b) => (a.from < b.from ? -1 : 1))
  const workdays = [...new Set(read.flatMap(({ work }) => work.map(isoDay)))].sort()
  if (!holidays.length) throw new Refusal('没有读到放假日期,请粘贴通知原文,或每个节日写一行', NOTICE_EXAMPLE)
  refuseOtherYears({ holidays, workdays }, year)
  refuseContradictions({ holidays, workdays })
  return { year, notice: { holidays, workdays } }
}

/** What is worth a second look before it counts. */
export function doubtsAbout({ year, notice }: Loaded): string[] {
  const covers = (day: string) => notice.holidays.some(({ from, to }) => from <= day && day <= to)
  const missing = publicHolidays.filter(name => occurrences(name, year, year).every(day => !covers(isoDay(day))))
  return missing.length ? [`未包含节日当天:${missing.join('、')},请与通知原文核对`] : []
}

function yearOf(text: string): number | undefined {
  const found = /(20\d\d)年(?!\d{1,2}月)/.exec(text) ?? /(20\d\d)/.exec(text)
  return found ? Number(found[1]) : undefined
}

/** 2027-02-05, 2.5, 2/5 and 02-05 as 2月5日. */
function asChineseDates(text: string): string {
  return text
    .replace(/(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?!\d)/g, '$1年$2月$3日')
    .replace(/(?<![\d.])(\d{1,2})[./](\d{1,2})(?![\d.])/g, '$1月$2日')
    .replace(/(?<![\d日月])(\d{2})-(\d{2})(?![\d日月])/g, '$1月$2日')
}

const FESTIVAL = new RegExp(`(?:${publicHolidays.join('|')})节?`, 'g')

/** What stands between names that head one segment. */
const LINK = /^[\s、,和与及]*$/

/**
 * From one festival's name to the next; 国庆节、中秋节 together head one segment. A name in brackets heads none, nor do those of a
 * preamble (现将元旦、春节和国庆节放假安排通知如下), behind which no date comes.
 */
function segmentsOf(text: string): Array<{ name: string; text: string }> {
  const open = text.replace(/\([^)]*\)/g, held => held.replace(FESTIVAL, ''))
  const heads = [...open.matchAll(FESTIVAL)]
  const segments: Array<{ name: string; text: string }> = []
  for (const [at, head] of heads.entries()) {
    const end = heads[at + 1]?.index ?? open.length
    const body = open.slice(head.index + head[0].length, end)
    const name = publicHolidays.find(one => head[0].startsWith(one)) ?? head[0]
    const held = segments.at(-1)
    if (held && LINK.test(held.text)) segments[segments.length - 1] = { name: `${held.name}、${name}`, text: body }
    else segments.push({ name, text: body })
  }
  return segments.filter(segment => /\d/.test(segment.text))
}

interface Block {
  from: Day
  to: Day
  /** Its year was written out. */
  dated: boolean
}

const TOKEN =
  /(?:(?<y>\d{4})年)?(?:(?<m>\d{1,2})月)?(?<d>\d{1,2})[日号](?<w>\([^)]*\))?(?:\s*-\s*(?:(?<y2>\d{4})年)?(?:(?<m2>\d{1,2})月)?(?<d2>\d{1,2})[日号]?(?<w2>\([^)]*\))?)?|(?<word>放假|休息|上班|补班|调班|连休)/g

interface Segment {
  name: string
  off: Block[]
  work: Day[]
}

/** What no word speaks of is off, unless it is the date under the notice. */
function readSegment({ name, text }: { name: string; text: string }, year: number): Segment {
  const body = text.replace(/(\d)-(?=\d{1,2}[日号])/g, '$1日-')
  const off: Block[] = []
  const work: Day[] = []
  let waiting: Block[] = []
  let ahead = false
  let month = 0
  for (const token of body.matchAll(TOKEN)) {
    const { word, ...parts } = token.groups ?? {}
    if (word === undefined) {
      const block = blockOf(parts, { year, month, name })
      month = partsOf(block.to).month
      if (ahead) work.push(...daysFrom(block.from, block.to))
      else waiting.push(block)
      continue
    }
    const isWork = word === '上班' || word === '补班' || word === '调班'
    const leads = isWork && /^[:\s]*(?:\d{4}年)?\d{1,2}[月日号]/.test(body.slice(token.index + word.length))
    if (word === '连休') off.push(...off.splice(0).map(withWeekend))
    else if (isWork && !leads) {
      // 春节 2月5日至11日,1月31日上班: where no word says so, the first dates of a festival are its days off
      if (!off.length && waiting.length > 1) off.push(...waiting.splice(0, 1))
      work.push(...waiting.flatMap(({ from, to }) => daysFrom(from, to)))
    } else off.push(...waiting)
    if (word !== '连休') waiting = []
    ahead = leads
  }
  const isSignature = ({ dated, to }: Block) => dated && (off.length > 0 || partsOf(to).year !== year)
  return { name, off: [...off, ...waiting.filter(block => !isSignature(block))], work }
}

type Parts = Partial<Record<'y' | 'm' | 'd' | 'w' | 'y2' | 'm2' | 'd2' | 'w2', string>>

function blockOf(parts: Parts, { year, month, name }: { year: number; month: number; name: string }): Block {
  const fromYear = Number(parts.y ?? year)
  const fromMonth = Number(parts.m ?? month)
  const from = dayNamed(fromYear, fromMonth, Number(parts.d), parts.w, name)
  const dated = parts.y !== undefined
  if (parts.d2 === undefined) return { from, to: from, dated }
  const to = dayNamed(
    Number(parts.y2 ?? (parts.y ? year : fromYear)),
    Number(parts.m2 ?? fromMonth),
    Number(parts.d2),
    parts.w2,
    name,
  )
  if (to < from) throw new Refusal(`${name}的放假日期前后颠倒`)
  return { from, to, dated }
}

/** The day, if it exists and is the weekday that the text says it is. */
function dayNamed(year: number, month: number, date: number, aside: string | undefined, name: string): Day {
  const day = existingDay(year, month, date)
  if (day === undefined) throw new Refusal(`${name}的日期“${month || ''}月${date}日”不存在`)
  const said = /(?:周|星期)([一二三四五六日天])/.exec(aside ?? '')?.[1]
  const actual = '一二三四五六日'.charAt(weekdayOf(day) - 1)
  if (said && said.replace('天', '日') !== actual)
    throw new Refusal(`${year}年${month}月${date}日是星期${actual},与所写的“${said}”不符,请核对年份`)
  return day
}

/** 与周末连休: the weekend days that touch it. */
function withWeekend({ from, to, dated }: Block): Block {
  let [first, last] = [from, to]
  while (weekdayOf(first - 1) > 5) first--
  while (weekdayOf(last + 1) > 5) last++
  return { from: first, to: last, dated }
}

/** A year's arrangement may begin in the December before. */
function refuseOtherYears({ holidays, workdays }: Notice, year: number): void {
  const days = [...holidays.flatMap(({ from, to }) => [from, to]), ...workdays]
  const other = days.find(day => day < `${year - 1}-12-01` || day > `${year}-12-31`)
  if (other) throw new Refusal(`${other}不属于${year}年的安排,请核对年份`)
}

function refuseContradictions({ holidays, workdays }: Notice): void {
  const weekday = workdays.find(day => weekdayOf(Date.parse(day) / 86_400_000) <= 5)
  if (weekday) throw new Refusal(`${weekday}不是周六或周日,不能作为调休上班日,请核对`)
  const both = workdays.find(day => holidays.some(({ from, to }) => from <= day && day <= to))
  if (both) throw new Refusal(`${both}既写为放假又写为上班,请核对`)
  const long = holidays.find(block => lengthOf(block) > LONGEST_BLOCK)
  if (long) throw new Refusal(`${long.name}放假${lengthOf(long)}天,超出常理,请核对`)
}
