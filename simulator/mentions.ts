import { nameOf } from './people.ts'
import type { Mention } from './protocol.ts'
import type { World } from './world.ts'

export interface Marked {
  text: string
  mentions: Mention[]
}

/** Makes placeholders @_user_1, @_user_2 … of mentions, in order of appearance; @所有人 becomes @_all. */
export interface Marker {
  /** The placeholder for one mention, or undefined when there is nobody of that id. */
  mark(id: string): string | undefined
  mentions: Mention[]
}

export function makeMarker(world: World): Marker {
  const mentions: Mention[] = []
  const { bot } = world.settings.office
  return {
    mentions,
    mark(id) {
      if (id === 'all') {
        mentions.push({ key: '@_all', open_id: '', type: 'user', name: '所有人' })
        return '@_all'
      }
      const open_id = id === 'bot' ? bot.open_id : id
      const name = nameOf(world, open_id)
      if (!name) return undefined
      const key = `@_user_${mentions.filter(one => one.open_id).length + 1}`
      mentions.push({ key, open_id, type: open_id === bot.open_id ? 'bot' : 'user', name })
      return key
    },
  }
}

const WRITTEN = /<at\s+(?:id|user_id)\s*=\s*["']?([\w-]+)["']?\s*>([\s\S]*?)<\/at>/g

/** Text with <at id="…">name</at> (people) or <at user_id="…">name</at> (the bot's API) turned into placeholders. */
export function markMentions(world: World, written: string): Marked {
  const marker = makeMarker(world)
  const text = written.replace(WRITTEN, (whole, id: string, name: string) => marker.mark(id) ?? (name || whole))
  return { text, mentions: marker.mentions }
}

/** Placeholders back into @name, for lists and summaries. */
export function readable(text: string, mentions: readonly Mention[]): string {
  return text.replace(/@_all|@_user_\d+/g, key => {
    const name = mentions.find(one => one.key === key)?.name
    return name ? `@${name}` : key
  })
}
