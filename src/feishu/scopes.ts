/** A right that the app wants: any of these grants it. */
interface Wanted {
  names: string[]
  /** What does not work without it. */
  lost: string
  /** The bot works without it, only less well. */
  optional?: true
}

const WANTED: Wanted[] = [
  { names: ['im:message.p2p_msg:readonly', 'im:message'], lost: 'what is said in private does not arrive' },
  { names: ['im:message.group_at_msg:readonly', 'im:message'], lost: 'what is said in groups does not arrive' },
  { names: ['im:message:send_as_bot', 'im:message'], lost: 'nothing can be sent' },
  { names: ['im:message:update', 'im:message'], lost: 'cards are not kept up to date' },
  { names: ['im:resource'], lost: 'no files are sent or read' },
  { names: ['im:chat:readonly', 'im:chat', 'im:chat:read'], lost: 'groups are not known' },
  { names: ['im:chat.members:read', 'im:chat', 'im:chat:readonly'], lost: 'who sits in a group is not known' },
  { names: ['contact:contact.base:readonly', 'contact:contact:readonly_as_app'], lost: 'the directory cannot be read' },
  { names: ['contact:user.base:readonly', 'contact:contact:readonly_as_app'], lost: 'people have no names' },
  { names: ['contact:user.department:readonly', 'contact:contact:readonly_as_app'], lost: 'nobody belongs to a unit' },
  { names: ['contact:user.employee:readonly', 'contact:contact:readonly_as_app'], lost: 'who has left stays' },
  { names: ['contact:department.base:readonly', 'contact:contact:readonly_as_app'], lost: 'units have no names' },
  { names: ['contact:department.organize:readonly', 'contact:contact:readonly_as_app'], lost: 'units have no heads' },
  { names: ['calendar:calendar'], lost: 'meetings do not stand in calendars', optional: true },
  {
    names: ['im:message:readonly', 'im:message', 'im:message:basic'],
    lost: 'an organiser is not told who has not read a notice',
    optional: true,
  },
  { names: ['im:message:send_multi_users'], lost: 'a crowd is told one by one', optional: true },
]

/** What has not been granted, and what it costs. */
export const lacking = (granted: readonly string[]): Array<{ name: string; lost: string; optional: boolean }> =>
  WANTED.filter(({ names }) => !names.some(name => granted.includes(name))).map(({ names, lost, optional }) => ({
    name: names[0] ?? '',
    lost,
    optional: optional ?? false,
  }))
