import type { Known } from './card/validate.ts'
import { isSomebody } from './people.ts'
import type { World } from './world.ts'

/** What the office and the app's uploads offer to cards. */
export const knownTo = (world: World): Known => ({
  person: id => isSomebody(world, id),
  image: key => ownFile(world, key)?.kind === 'image',
  audio: key => ownFile(world, key)?.file_type === 'opus',
})

export function ownFile(world: World, key: string) {
  const file = world.state.files.get(key)
  return file?.owner === 'app' ? file : undefined
}
