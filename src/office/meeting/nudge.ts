import { formatDue } from '../../kit/time.ts'
import type { Invitation, Meeting, Setting } from './meeting.ts'
import { isUnit } from './reply-roles.ts'

/** `12人`, `3个单位`, `12人、3个单位`. */
export function peopleAndUnits(some: ReadonlyArray<Pick<Invitation, 'person' | 'places'>>): string {
  const units = some.filter(isUnit).length
  const people = some.length - units
  return [people || !units ? `${people}人` : '', units ? `${units}个单位` : ''].filter(word => word !== '').join('、')
}

/** The reminder in words, by which it may go to many at once. */
export function nudgeWords({ title, startsAt, replyBy }: Meeting, { now, customs }: Setting): string {
  const inWords = (at: Date) => formatDue(at, now, customs.calendar)
  const until = replyBy && replyBy > now ? `请于${inWords(replyBy)}前报送回执` : '请尽快报送回执'
  return `【回执提醒】${inWords(startsAt)}召开的${title},尚未收到您的回执,${until}。发送 /待办 可办理。`
}
