import type { Meeting } from './meeting.ts'

/** What a file for calendars says of a meeting (RFC 5545, RFC 5546). */
export interface Invite {
  meeting: Pick<Meeting, 'id' | 'rev' | 'state' | 'title' | 'place' | 'startsAt' | 'endsAt' | 'createdAt'>
  description: string
  /** Names of who calls it and of who has the file; nobody else is named. */
  organiser: string
  guest: string
  now: Date
}

const MOST_OCTETS = 75
const HOST = 'huiyin.invalid'

/** The file: an invitation, or that it is cancelled. The same meeting keeps its UID, a later revision has the higher SEQUENCE. */
export function inviteFile({ meeting, description, organiser, guest, now }: Invite): string {
  const isCancelled = meeting.state === 'cancelled'
  const uid = `meeting-${meeting.id}-${meeting.createdAt.getTime().toString(36)}`
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Huiyin//Meeting//ZH',
    'CALSCALE:GREGORIAN',
    `METHOD:${isCancelled ? 'CANCEL' : 'REQUEST'}`,
    'BEGIN:VEVENT',
    `UID:${uid}@${HOST}`,
    `SEQUENCE:${meeting.rev}`,
    `DTSTAMP:${utc(now)}`,
    `DTSTART:${utc(meeting.startsAt)}`,
    `DTEND:${utc(meeting.endsAt)}`,
    `SUMMARY:${escaped(meeting.title)}`,
    `LOCATION:${escaped(meeting.place)}`,
    `DESCRIPTION:${escaped(description)}`,
    // neither has an address that we may give away, yet both must be named
    `ORGANIZER;CN=${quoted(organiser)}:mailto:organiser@${HOST}`,
    `ATTENDEE;CN=${quoted(guest)};ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION:mailto:guest@${HOST}`,
    `STATUS:${isCancelled ? 'CANCELLED' : 'CONFIRMED'}`,
    'TRANSP:OPAQUE',
    'END:VEVENT',
    'END:VCALENDAR',
  ]
    .map(line => `${folded(line)}\r\n`)
    .join('')
}

/** `20261127T063000Z`: without a time zone of its own nothing about one can be wrong. */
const utc = (at: Date): string => `${at.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`

/** Text as a value: line breaks stay, other control characters go. */
export const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\\;,]/g, sign => `\\${sign}`)
    .replace(/\n/g, '\\n')
    .replace(/(?!\t)\p{Cc}/gu, '')

/** Text as a parameter, which knows no escapes. */
const quoted = (text: string): string => `"${text.toWellFormed().replace(/["\p{Cc}]/gu, ' ')}"`

/** Lines of at most 75 octets, none cut within a character; a line goes on after a break and a space. */
export function folded(line: string): string {
  const lines: string[] = []
  let [current, octets] = ['', 0]
  for (const char of line) {
    const more = octetsOf(char)
    if (octets + more > MOST_OCTETS) {
      lines.push(current)
      ;[current, octets] = [' ', 1]
    }
    current += char
    octets += more
  }
  return [...lines, current].join('\r\n')
}

function octetsOf(char: string): number {
  const code = char.codePointAt(0) ?? 0
  if (code < 0x80) return 1
  if (code < 0x800) return 2
  return code < 0x10000 ? 3 : 4
}
