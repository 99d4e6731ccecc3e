import { randomBytes } from 'node:crypto'
import { encrypt, signatureHeaders } from '../../simulator/signing.ts'

export const KEYS = {
  appId: 'cli_a1b2c3d4e5f60718',
  appSecret: 'a-secret-for-the-bench',
  encryptKey: 'an-encrypt-key-for-the-bench',
  verificationToken: 'a-token-for-the-bench',
}
const TENANT = '12f0c4623086b6e9'
const hex = (prefix: string) => prefix + randomBytes(16).toString('hex')

/** Those who may write: known to the directory, each in a private chat of their own. */
export const everybody = Array.from({ length: 1_000 }, (_, i) => ({
  id: `ou_${i.toString(16).padStart(32, '0')}`,
  chat: `oc_${i.toString(16).padStart(32, '0')}`,
  name: `张${i}`,
}))
/** Those who write. */
export const crowd = everybody.slice(0, 500)

/** Signed, encrypted `/帮助` messages of the crowd as raw HTTP requests, all different. */
export function requests(count: number, port: number): Buffer[] {
  return Array.from({ length: count }, (_, i) =>
    request(port, '/帮助', crowd[i % crowd.length] ?? { id: '', chat: '' }),
  )
}

/** The same of everybody, so many that none says more in two seconds than is taken up of one; with the ids by which their answers are known. */
export function asked(count: number, port: number): Array<{ message: string; request: Buffer }> {
  return Array.from({ length: count }, (_, i) => {
    const said = message('/帮助', everybody[i % everybody.length] ?? { id: '', chat: '' })
    return { message: said.event.message.message_id, request: posted(port, said) }
  })
}

/** One message as somebody says it in private. */
export const request = (port: number, said: string, from: { id: string; chat: string }): Buffer =>
  posted(port, message(said, from))

/** One press of a button on a card, with what was filled in beside it. */
export function press(
  port: number,
  value: Record<string, string | number>,
  form: Record<string, string>,
  { id, message }: { id: string; message: string },
): Buffer {
  const event = {
    operator: { ...idsOf(id), tenant_key: TENANT },
    token: hex('c-'),
    action: { tag: 'button', value, form_value: form },
    context: { open_message_id: message, open_chat_id: id.replace('ou_', 'oc_') },
  }
  return posted(port, { ...headed('card.action.trigger'), event }, '/feishu/cards')
}

function posted(port: number, event: object, address = '/feishu/events'): Buffer {
  const body = JSON.stringify({ encrypt: encrypt(JSON.stringify(event), KEYS.encryptKey) })
  const headers = {
    host: `127.0.0.1:${port}`,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    ...signatureHeaders(body, KEYS.encryptKey),
  }
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`POST ${address} HTTP/1.1\r\n${head.join('')}\r\n${body}`)
}

const idsOf = (open_id: string) => ({ open_id, union_id: hex('on_'), user_id: 'u1234567' })

const headed = (event_type: string) => ({
  schema: '2.0',
  header: {
    event_id: hex(''),
    event_type,
    create_time: String(Date.now()),
    token: KEYS.verificationToken,
    app_id: KEYS.appId,
    tenant_key: TENANT,
  },
})

function message(said: string, { id, chat }: { id: string; chat: string }) {
  return {
    ...headed('im.message.receive_v1'),
    event: {
      sender: { sender_id: idsOf(id), sender_type: 'user', tenant_key: TENANT },
      message: {
        message_id: hex('om_'),
        create_time: String(Date.now()),
        update_time: String(Date.now()),
        chat_id: chat,
        chat_type: 'p2p',
        message_type: 'text',
        content: JSON.stringify({ text: said }),
      },
    },
  }
}
