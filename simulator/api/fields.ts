import type { Call } from './call.ts'
import { type FieldViolation, invalidFields, problem } from './problem.ts'

/** Reads required string fields of the body; all that are missing or not strings are reported at once. */
export function requireFields<Name extends string>({ body }: Call, ...names: Name[]): Record<Name, string> {
  const wrong = names.flatMap(name => violation(name, body[name]))
  if (wrong.length > 0) throw invalidFields(...wrong)
  return body as Record<Name, string>
}

function violation(field: string, value: unknown): FieldViolation[] {
  if (value === undefined || value === null || value === '')
    return [{ field, value: '', description: `${field} is required` }]
  if (typeof value === 'string') return []
  return [{ field, value: JSON.stringify(value).slice(0, 100), description: `${field} must be a string` }]
}

/** A query parameter that must be one of these words; `fallback` when it is left out. */
export function choice<Word extends string>(
  { query }: Call,
  field: string,
  words: readonly Word[],
  fallback?: Word,
): Word {
  const value = query.get(field) ?? ''
  const found = words.find(word => word === value)
  if (found) return found
  if (value === '' && fallback) return fallback
  const description = value ? `${field} must be one of ${words.join(', ')}` : `${field} is required`
  throw invalidFields({ field, value, description })
}

export function optionalText({ body }: Call, field: string, longest: number): string | undefined {
  const value = body[field]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string' && value.length <= longest) return value
  throw invalidFields({ field, value: String(value).slice(0, 100), description: `the max len is ${longest}` })
}

/** A field that holds JSON as a string. */
export function parseContent(content: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(content)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {}
  throw problem(230001, 'content is not a string in json format')
}
