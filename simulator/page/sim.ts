import type {
  CardCheck,
  ChatsAnswer,
  ClickAnswer,
  ClickRequest,
  ClockAnswer,
  ClockRequest,
  GalleryPressAnswer,
  GalleryPressRequest,
  GallerySamples,
  GroupRequest,
  MessagesAnswer,
  Office,
  ReactRequest,
  SayAnswer,
  SayRequest,
} from '../protocol.ts'

export const sim = {
  // The version rises with every message; without it an unchanged office stays the same value.
  office: async () => ({ ...(await ask<Office>('/office')), version: 0 }),
  chats: (as: string) => ask<ChatsAnswer>(`/chats?as=${as}`),
  messages: (chat: string, as: string, before?: string) =>
    ask<MessagesAnswer>(`/chats/${chat}/messages?as=${as}${before ? `&before=${before}` : ''}`),
  read: (chat: string, as: string) => ask(`/chats/${chat}/read`, { as }),
  enter: (as: string) => ask<{ chat_id: string }>('/p2p', { as }),
  say: (say: SayRequest) => ask<SayAnswer>('/messages', say),
  recall: (message: string, as: string) => ask(`/messages/${message}/recall`, { as }),
  forward: (message: string, to: { as: string; chat_id: string }) => ask<SayAnswer>(`/messages/${message}/forward`, to),
  react: (message: string, reaction: ReactRequest) => ask(`/messages/${message}/reactions`, reaction),
  click: (click: ClickRequest) => ask<ClickAnswer>('/click', click),
  samples: () => ask<GallerySamples>('/gallery'),
  checkCard: (card: string) => ask<CardCheck>('/gallery/check', { card }),
  tryPress: (press: GalleryPressRequest) => ask<GalleryPressAnswer>('/gallery/press', press),
  moveClock: (move: ClockRequest) => ask<ClockAnswer>('/clock', move),
  openGroup: (group: GroupRequest) => ask<{ chat_id: string }>('/groups', group),
  seatBot: (chat: string, as: string, seated: boolean) => ask(`/groups/${chat}/bot`, { as, in: seated }),
}

export const fileAt = (key: string) => `/sim/files/${key}`
export const streamOf = (as: string) => `/sim/stream?as=${as}`

export async function ask<Answer>(path: string, body?: unknown, method = 'POST'): Promise<Answer> {
  const answer = await fetch(`/sim${path}`, body === undefined ? {} : sent(method, body))
  const text = await answer.text()
  if (!answer.ok) throw new Error(reasonIn(text) ?? `模拟器返回 HTTP ${answer.status}`)
  return (text ? JSON.parse(text) : {}) as Answer
}

const sent = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

function reasonIn(text: string): string | undefined {
  const said = /"(?:error|message|msg)"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1]
  return said && (JSON.parse(`"${said}"`) as string)
}
