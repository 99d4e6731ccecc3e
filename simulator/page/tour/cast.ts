import type { Office, Person } from '../../protocol.ts'
import { sim } from '../sim.ts'
import type { Draft } from '../talk/draft.ts'
import { draftKey } from '../talk/saying.ts'

/** Who plays in the tour, and where: ids only, so that a reload keeps them. */
export interface Cast {
  giver: string
  taker: string
  group: string
  /** The last messages, in the group and in the giver's private chat, before the tour began: what it is about comes after. */
  since?: string | undefined
  heard?: string | undefined
}

const MATTER = '明天下班前把投影仪修好'

export const playersIn = ({ people }: Office): [Person, Person] | undefined => {
  const named = (name: string) => people.find(each => each.name === name && !each.is_resigned && !each.is_frozen)
  const [giver, taker] = [named('王强'), named('郑洁')]
  return giver && taker && [giver, taker]
}

/** The group where both of them meet the bot. */
export async function castFor(office: Office): Promise<Cast | undefined> {
  const players = playersIn(office)
  if (!players) return undefined
  const [giver, taker] = players
  const { chats } = await sim.chats(giver.open_id)
  const group = chats.find(each => each.chat_type === 'group' && each.bot && each.members.includes(taker.open_id))
  if (!group) return undefined
  const last = async (chat_id?: string) =>
    chat_id && (await sim.messages(chat_id, giver.open_id)).messages.at(-1)?.message_id
  return {
    giver: giver.open_id,
    taker: taker.open_id,
    group: group.chat_id,
    since: await last(group.chat_id),
    heard: await last(chats.find(each => each.chat_type === 'p2p')?.chat_id),
  }
}

/** Leaves what the giver will say in the composer, as if it had been typed there. */
export function writeDraft(office: Office, { giver, taker, group }: Cast) {
  const name = office.people.find(each => each.open_id === taker)?.name ?? ''
  const draft = drafted([{ id: 'bot', name: office.bot.name }, ' /交办 ', { id: taker, name }, ` ${MATTER}`])
  sessionStorage.setItem(draftKey(giver, group), JSON.stringify(draft))
}

function drafted(pieces: Array<string | { id: string; name: string }>): Draft {
  const draft: Draft = { text: '', mentions: [] }
  for (const piece of pieces) {
    const start = draft.text.length
    draft.text += typeof piece === 'string' ? piece : `@${piece.name}`
    if (typeof piece !== 'string') draft.mentions.push({ start, end: draft.text.length, id: piece.id })
  }
  return draft
}
