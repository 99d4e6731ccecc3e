export interface Mention {
  id: string
  name: string
  kind: 'person' | 'bot' | 'all'
}
export type Piece = string | Mention
export interface Attachment {
  kind: 'file' | 'image'
  name: string
  key: string
  message: string
}
export interface Place {
  id: string
  kind: 'group' | 'private'
}

/** What was said, pressed or learned, without a word of Feishu's. `key` is what a repeat of the delivery has in common with it. */
export type Incoming =
  | {
      kind: 'said'
      key: string
      who: string
      chat: Place
      message: string
      parent: string
      root: string
      pieces: Piece[]
      attachments: Attachment[]
      /** What else it holds: it is looked through, and nobody hears it. */
      unheard: Array<{ text: string; place: 'text' | 'name' }>
      form: 'text' | 'file' | 'other'
    }
  | {
      kind: 'pressed'
      key: string
      who: string
      chat: string
      message: string
      action: string
      value: Record<string, unknown>
      form: Record<string, unknown>
      /** All that its form says, where that is more than is taken: it is looked through, and nobody hears it. '' = no more. */
      unheard: string
    }
  | { kind: 'entered'; key: string; who: string; chat: string }
  /** `external`: people of another house sit in the group. */
  | { kind: 'joined'; key: string; who: string; chat: string; name: string; external: boolean }
  | { kind: 'left'; key: string; who: string; chat: string; name: string }
  /** `external` undefined: it was not said. */
  | {
      kind: 'members'
      key: string
      chat: string
      external: boolean | undefined
      added: Array<{ id: string; name: string }>
      gone: string[]
    }
  | { kind: 'moved'; key: string; person: string; gone: boolean }
  | { kind: 'reorganised'; key: string }
  /** Taken back by its sender; shares the key of the message, so that one still on its way has no effect. */
  | { kind: 'recalled'; key: string }
  | { kind: 'ignored'; key: string; why: string }

/** What a turn is made of. */
export type Taken = Exclude<Incoming, { kind: 'ignored' }>
