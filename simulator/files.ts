import { newFileKey, newImageKey } from './ids.ts'
import type { StoredFile } from './state.ts'
import type { World } from './world.ts'

type NewFile = Pick<StoredFile, 'kind' | 'file_type' | 'name' | 'owner'>

/** Keeps a file with its bytes. */
export function newFile(world: World, given: NewFile, bytes: Uint8Array): StoredFile {
  const file = register(world, given, bytes.length)
  world.store.bytes.save(file.key, bytes)
  return file
}

/** What a person sends has a name and a size; where it came without bytes, they are made when somebody asks. */
export function sentByPerson(
  world: World,
  { name, size, image }: { name: string; size: number; image?: boolean | undefined },
  bytes: Uint8Array | undefined,
): StoredFile {
  const given: NewFile = { kind: image ? 'image' : 'file', file_type: '', name, owner: 'person' }
  return bytes ? newFile(world, given, bytes) : register(world, given, size)
}

function register(world: World, given: NewFile, size: number): StoredFile {
  const file: StoredFile = { ...given, key: given.kind === 'image' ? newImageKey() : newFileKey(), size }
  world.state.files.set(file.key, file)
  world.store.touch()
  return file
}

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)

export function fileBytes(world: World, file: StoredFile): Response {
  const bytes = world.store.bytes.load(file.key) ?? generated(file)
  const name = encodeURIComponent(file.name)
  return new Response(new Uint8Array(bytes), {
    headers: {
      'content-type': file.kind === 'image' ? imageType(bytes) : 'application/octet-stream',
      'content-disposition': `attachment; filename="${name}"; filename*=UTF-8''${name}`,
    },
  })
}

const generated = ({ kind, name, size }: StoredFile): Uint8Array =>
  kind === 'image' ? PIXEL : Buffer.from(`${name}\n模拟飞书生成的文件，原文件 ${size} 字节。\n`)

const imageType = (bytes: Uint8Array) =>
  bytes[0] === 0xff ? 'image/jpeg' : bytes[0] === 0x47 ? 'image/gif' : 'image/png'
