import { addMessage } from './messages.ts'
import type { StoredChat } from './state.ts'
import type { World } from './world.ts'

/** A grey line such as "机器人已加入群聊": seen by people, not delivered, not counted as unread. */
export function addSystemLine(world: World, chat: StoredChat, words: string) {
  addMessage(world, chat, { sender: '', msg_type: 'system', content: JSON.stringify({ text: words }), mentions: [] })
}
