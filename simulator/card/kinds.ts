import { unreadable } from './fault.ts'
import type { Spot } from './spot.ts'

/** Checks one value in its place; throws a CardFault. */
export type Check = (value: unknown, spot: Spot) => void
export type Props = Record<string, Check>

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const rule =
  (what: string, holds: (value: unknown, spot: Spot) => boolean): Check =>
  (value, spot) => {
    if (!holds(value, spot)) throw unreadable(spot.path, `${what}, value: ${brief(value)}`)
  }

const brief = (value: unknown) => (JSON.stringify(value) ?? 'undefined').slice(0, 60)

export const anything: Check = () => {}
export const bool = rule('must be a boolean', value => typeof value === 'boolean')
export const string = rule('must be a string', value => typeof value === 'string')
export const filled = rule('must be a string that is not empty', value => typeof value === 'string' && value !== '')
export const shorter = (max: number) =>
  rule(`must be a string of at most ${max} characters`, value => typeof value === 'string' && [...value].length <= max)
export const matching = (what: string, pattern: RegExp) =>
  rule(`must be ${what}`, value => typeof value === 'string' && pattern.test(value))
export const int = (min: number, max: number) =>
  rule(
    `must be a whole number from ${min} to ${max}`,
    value => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
  )
export const oneOf = (...words: string[]) =>
  rule(`must be one of ${words.join('/')}`, value => typeof value === 'string' && words.includes(value))
export const object = rule('must be an object', isObject)
export const objectOrString = rule(
  'must be an object or a string',
  value => isObject(value) || typeof value === 'string',
)
export const either =
  (...checks: Check[]): Check =>
  (value, spot) => {
    const [last, ...others] = [...checks].reverse()
    if (!others.some(check => passes(check, value, spot))) last?.(value, spot)
  }

function passes(check: Check, value: unknown, spot: Spot): boolean {
  try {
    check(value, spot)
    return true
  } catch {
    return false
  }
}

/** 1 to 4 lengths within [min, max] px; 0 may stand without a unit. */
export const px = (min: number, max: number) =>
  rule(`must be 1 to 4 lengths from ${min}px to ${max}px`, value => {
    const lengths = typeof value === 'string' ? value.trim().split(/[\s,]+/) : []
    return lengths.length >= 1 && lengths.length <= 4 && lengths.every(one => inPx(one, min, max))
  })

const inPx = (length: string, min: number, max: number) =>
  /^-?\d+(px)?$/.test(length) && Number.parseInt(length, 10) >= min && Number.parseInt(length, 10) <= max

export const margin = px(-99, 99)
export const padding = px(0, 99)
export const spacing = either(oneOf('small', 'medium', 'large', 'extra_large', 'default'), px(0, 99))

export const listOf =
  (check: Check, max = Number.POSITIVE_INFINITY): Check =>
  (value, spot) => {
    if (!Array.isArray(value)) throw unreadable(spot.path, `must be an array, value: ${brief(value)}`)
    if (value.length > max) throw unreadable(spot.path, `must have at most ${max} entries, has ${value.length}`)
    for (const [at, one] of value.entries()) check(one, { ...spot, path: `${spot.path} -> [${at}]${tagNote(one)}` })
  }

export const recordOf =
  (check: Check): Check =>
  (value, spot) => {
    object(value, spot)
    for (const [name, field] of Object.entries(value as object))
      check(field, { ...spot, path: `${spot.path} -> ${name}` })
  }

/** An object with these properties and no others. */
export const shape =
  (props: Props, required: readonly string[] = []): Check =>
  (value, spot) => {
    object(value, spot)
    checkProps(value as Record<string, unknown>, props, required, spot)
  }

export function checkProps(value: Record<string, unknown>, props: Props, required: readonly string[], spot: Spot) {
  for (const name of required)
    if (value[name] === undefined) throw unreadable(spot.path, `missing property, property: ${name}`)
  for (const [name, field] of Object.entries(value)) {
    const check = Object.hasOwn(props, name) ? props[name] : undefined
    if (!check) throw unreadable(spot.path, `unknown property, property: ${name}`)
    check(field, { ...spot, path: `${spot.path} -> ${name}${tagNote(field)}` })
  }
}

export const tagNote = (value: unknown) =>
  isObject(value) && typeof value.tag === 'string' ? `(tag: ${value.tag})` : ''
