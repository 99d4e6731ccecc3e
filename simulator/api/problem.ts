import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { statuses, words } from './codes.ts'

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

/** One of the known codes; `ext` is what the platform appends. */
export function problem(code: number, ext?: string): Problem {
  const msg = words[code] ?? 'error'
  return new Problem(code, ext ? `${msg.replace(/\.$/, '')}, ext=${ext}` : msg, { status: statuses[code] ?? 400 })
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

export const tooManyCalls = (limit: number, reset_s: number, status: 400 | 429 = 429) =>
  new Problem(99991400, 'request trigger frequency limit', {
    status,
    headers: { 'x-ogw-ratelimit-limit': String(limit), 'x-ogw-ratelimit-reset': String(reset_s) },
  })
