/**
 * What became of a question whether somebody has read a message: `old`: the platform does not tell any more; `gone`: there is no
 * such message; `denied`: the app may not ask.
 */
export type Seen = 'read' | 'unread' | 'old' | 'gone' | 'denied'
export const SEEN = ['read', 'unread', 'old', 'gone', 'denied'] as const satisfies readonly Seen[]
