import type { ContentfulStatusCode } from 'hono/utils/http-status'

export interface FieldViolation {
  field: string
  value: string
  description: string
}

/** A refusal of the Open Platform: HTTP status, code, message, and what else the error object holds. */
export class Problem extends Error {
  readonly code: number
  readonly status: ContentfulStatusCode
  readonly detail: Record<string, unknown>
  readonly headers: Record<string, string>
  constructor(
    code: number,
    msg: string,
    more: { status?: ContentfulStatusCode; detail?: object; headers?: Record<string, string> } = {},
  ) {
    super(msg)
    this.code = code
    this.status = more.status ?? 400
    this.detail = { ...more.detail }
    this.headers = more.headers ?? {}
  }
}

const messages: Record<number, string> = {
  230001: 'Your request contains an invalid request parameter.',
  230002: 'The bot can not be outside the group.',
  230011: 'The message is recalled.',
  230012: 'Bot is NOT the sender of the message.',
  230013: 'Bot has NO availability to this user.',
  230017: 'Bot is NOT the owner of the resource.',
  230020: 'This operation triggers the frequency limit.',
  230025: 'The length of the message content reaches its limit.',
  230026: 'No permission to recall this message.',
  230028: 'The messages do NOT pass the audit.',
  230031: 'Message can only be modified within 14 days after sending.',
  230034: 'The receive_id is invalid.',
  230035: 'Send Message Permission deny.',
  230054: 'This operation is not supported for this message type.',
  230055: 'The type of file upload does not match the type of message being sent.',
  230071: 'The operator is not the sender of the message.',
  230072: 'The message has reached the number of times it can be edited.',
  230110: 'Action unavailable as the message has been deleted.',
  231001: 'reaction type is invalid.',
  231003: 'The message is not found, maybe not exist or deleted.',
  232006: 'Your request specifies a chat_id which is invalid.',
  232009: 'Your request specifies a chat which has already been dissolved.',
  232011: 'Operator can NOT be out of the chat.',
  234001: 'Invalid request param.',
  234003: 'File not in message.',
  234006: 'The file size exceed the max value.',
  234010: "File's size can't be 0.",
  234011: "Can't recognize the image format.",
  40004: 'no dept authority error',
  40011: 'page size is invalid',
  40012: 'page token is invalid error',
  40015: 'department not exist',
  41012: 'user id invalid error',
  41050: 'no user authority error',
}

/** One of the codes above; `ext` is what the platform appends. */
export function problem(code: number, ext?: string): Problem {
  const msg = messages[code] ?? 'error'
  return new Problem(code, ext ? `${msg.replace(/\.$/, '')}, ext=${ext}` : msg, code === 40004 ? { status: 403 } : {})
}

export const invalidFields = (...field_violations: FieldViolation[]) =>
  new Problem(99992402, 'field validation failed', { detail: { field_violations } })

export const noSuchId = (code: number, what: string, id: string) =>
  new Problem(code, `The request you send is not a valid {${what}} or not exists, example value: ${id}`)

export const noScope = (scopes: readonly string[]) =>
  new Problem(99991672, `Access denied. One of the following scopes is required: [${scopes.join(', ')}].`, {
    detail: {
      permission_violations: scopes.map(subject => ({
        type: 'action_scope_required',
        subject,
        scope: subject,
        url: '',
      })),
      helps: [{ url: '', description: '申请应用身份权限' }],
    },
  })

export const tooManyCalls = (limit: number, reset_s: number) =>
  new Problem(99991400, 'request trigger frequency limit', {
    status: 429,
    headers: { 'x-ogw-ratelimit-limit': String(limit), 'x-ogw-ratelimit-reset': String(reset_s) },
  })
