import type { GallerySamples } from '../protocol.ts'
import type { World } from '../world.ts'
import { picture } from './picture.ts'
import { sound } from './sound.ts'

const pictures = [
  ['img_v3_0001_5a1e0001-0000-4000-8000-00000000001g', picture([116, 170, 255], [20, 86, 160])],
  ['img_v3_0001_5a1e0002-0000-4000-8000-00000000002g', picture([255, 208, 150], [164, 73, 4])],
  ['img_v3_0001_5a1e0003-0000-4000-8000-00000000003g', picture([190, 235, 200], [26, 117, 38])],
  ['img_v3_0001_5a1e0004-0000-4000-8000-00000000004g', picture([226, 200, 255], [93, 42, 180])],
] as const
const SOUND = 'file_v3_0001_5a1e0005-0000-4000-8000-00000000005g'

/** Uploads that the cards of the gallery show, as if the app had made them. */
export function samplesIn(world: World): GallerySamples {
  if (!world.state.files.has(SOUND)) {
    for (const [key, bytes] of pictures) keep(world, key, 'image', '示例图片.png', bytes)
    keep(world, SOUND, 'file', '示例语音.opus', sound())
    world.store.touch()
  }
  return { images: pictures.map(([key]) => key), audio: SOUND }
}

function keep(world: World, key: string, kind: 'image' | 'file', name: string, bytes: Uint8Array) {
  const file_type = kind === 'image' ? '' : 'opus'
  world.state.files.set(key, { key, kind, file_type, name, size: bytes.length, owner: 'app' })
  world.store.bytes.save(key, bytes)
}
