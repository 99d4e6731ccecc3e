import type { Person } from '../../kit/person.ts'
import { Refusal } from '../../kit/refusal.ts'
import { halfWidth } from '../../kit/text.ts'
import { LIMITS } from './meeting.ts'

/** Somebody whom a unit sends; `person` undefined = not of the directory. */
export interface Attendee {
  person: string | undefined
  name: string
  title: string
  phone: string
}

const EXAMPLE = '王小明 副局长 13800000000'
const PHONE = /(?:^|\s)([+\d][\d\s-]{4,18}\d)$/
const MOST_NAME = 20

/**
 * Who comes for a unit: those chosen, then a line each of the others, `姓名 职务 电话`. A name that only one of the unit's people
 * has means that one.
 * @throws Refusal where there is nobody, there are more than places, or a line or name is not understood.
 */
export function readAttendees(
  chosen: readonly string[],
  lines: string,
  staff: readonly Person[],
  places: number,
): Attendee[] {
  const some = [
    ...chosen.map(id => ofStaff(id, staff)),
    ...lines
      .split('\n')
      .map(line => halfWidth(line).trim())
      .filter(line => line !== '')
      .map(line => readLine(line, staff)),
  ]
  const all = [...new Map(some.map(one => [one.person ?? [one.name, one.title, one.phone].join(' '), one])).values()]
  if (!all.length) throw new Refusal('请选择或填写参会人员', EXAMPLE)
  if (all.length > places) throw new Refusal(`本单位可报${places}人,现填报${all.length}人,请调整`)
  return all
}

const ofStaff = (id: string, staff: readonly Person[]): Attendee => ({
  person: id,
  name: staff.find(person => person.id === id)?.name ?? '',
  title: '',
  phone: '',
})

function readLine(line: string, staff: readonly Person[]): Attendee {
  const phone = PHONE.exec(line)?.[1]?.trim() ?? ''
  const [name = '', ...title] = line
    .slice(0, phone ? line.lastIndexOf(phone) : undefined)
    .trim()
    .split(/[\s,、;]+/)
  if (!/^[\p{L}·.]{2,}$/u.test(name) || name.length > MOST_NAME)
    throw new Refusal(`未能识别“${line.slice(0, 30)}”,请按姓名 职务 电话填写`, EXAMPLE)
  if (phone.length > LIMITS.phone || title.join(' ').length > LIMITS.title)
    throw new Refusal(`“${name}”的职务或电话过长`, EXAMPLE)
  const known = staff.filter(person => person.name === name)
  return { person: known.length === 1 ? known[0]?.id : undefined, name, title: title.join(' '), phone }
}
