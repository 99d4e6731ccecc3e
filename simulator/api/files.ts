import { fileBytes, newFile } from '../files.ts'
import type { Answer, Call } from './call.ts'
import { liveMessage } from './own-message.ts'
import { invalidFields, problem } from './problem.ts'

const MB = 1024 * 1024
const FILE_TYPES = ['opus', 'mp4', 'pdf', 'doc', 'xls', 'ppt', 'stream']

export async function uploadImage(call: Call): Promise<Answer> {
  const image_type = formField(call, 'image_type')
  if (image_type !== 'message' && image_type !== 'avatar') throw problem(234001)
  const bytes = await formFile(call, 'image', 10 * MB)
  if (!signatures.some(sign => bytes.subarray(sign.at, sign.at + sign.bytes.length).equals(sign.bytes)))
    throw problem(234011)
  const { key } = newFile(call.world, { kind: 'image', file_type: '', name: 'image', owner: 'app' }, bytes)
  return { data: { image_key: key } }
}

export async function uploadFile(call: Call): Promise<Answer> {
  const file_type = formField(call, 'file_type')
  if (!FILE_TYPES.includes(file_type)) throw problem(234001)
  const name = formField(call, 'file_name')
  const bytes = await formFile(call, 'file', 30 * MB)
  const { key } = newFile(call.world, { kind: 'file', file_type, name, owner: 'app' }, bytes)
  return { data: { file_key: key } }
}

/** First bytes of JPEG, PNG, GIF, WEBP, BMP, ICO and TIFF. */
const signatures = [
  { at: 0, bytes: Buffer.from([0xff, 0xd8, 0xff]) },
  { at: 0, bytes: Buffer.from([0x89, 0x50, 0x4e, 0x47]) },
  { at: 0, bytes: Buffer.from('GIF8') },
  { at: 8, bytes: Buffer.from('WEBP') },
  { at: 0, bytes: Buffer.from('BM') },
  { at: 0, bytes: Buffer.from([0, 0, 1, 0]) },
  { at: 0, bytes: Buffer.from('II*\0') },
  { at: 0, bytes: Buffer.from('MM\0*') },
]

function formField({ form }: Call, field: string): string {
  const value = form?.get(field)
  if (typeof value === 'string' && value) return value
  throw invalidFields({ field, value: '', description: `${field} is required` })
}

async function formFile({ form }: Call, field: string, most: number): Promise<Buffer> {
  const value = form?.get(field)
  if (!(value instanceof File)) throw invalidFields({ field, value: '', description: `${field} is required` })
  if (value.size === 0) throw problem(234010)
  if (value.size > most) throw problem(234006)
  return Buffer.from(await value.arrayBuffer())
}

/** A file or image that came with a message of the chat; the bot's uploads have their own addresses. */
export function messageResource(call: Call): Answer {
  const { world, params, query } = call
  const message = liveMessage(call)
  const type = query.get('type')
  const key = params.file_key ?? ''
  if (type !== 'image' && type !== 'file') throw problem(234001)
  if (!message.content.includes(`"${key}"`)) throw problem(234003)
  const file = world.state.files.get(key)
  if (!file || file.kind !== type) throw problem(234001)
  return fileBytes(world, file)
}

export function ownImage({ world, params }: Call): Answer {
  return ownUpload(world, params.image_key ?? '')
}

export function ownFile({ world, params }: Call): Answer {
  return ownUpload(world, params.file_key ?? '')
}

function ownUpload(world: Call['world'], key: string): Answer {
  const file = world.state.files.get(key)
  if (file?.owner !== 'app') throw problem(234001)
  return fileBytes(world, file)
}
