import { unreadable } from './fault.ts'
import {
  anything,
  type Check,
  checkProps,
  either,
  isObject,
  listOf,
  matching,
  object,
  oneOf,
  type Props,
  recordOf,
  shape,
  string,
} from './kinds.ts'
import { readMarkdown } from './markdown.ts'
import { countElement, type Spot } from './spot.ts'

const HUES = 'blue|wathet|turquoise|green|lime|yellow|orange|red|carmine|violet|purple|indigo|grey|neutral'
const named = new RegExp(`^(bg-)?(default|white|black|(${HUES})(-(50|[1-9]00))?)$`)
const sizes = new Set(
  'heading-0 heading-1 heading-2 heading-3 heading-4 heading normal notation xxxx-large xxx-large xx-large x-large large medium small x-small'.split(
    ' ',
  ),
)

/** A colour's name, or a key of config.style.color. Hex values are refused. */
export const color: Check = (value, spot) => {
  if (typeof value === 'string' && (named.test(value) || spot.census.colors.has(value))) return
  throw unreadable(spot.path, `invalid color: ${String(value)}`)
}

export const textSize: Check = (value, spot) => {
  if (typeof value === 'string' && (sizes.has(value) || spot.census.textSizes.has(value))) return
  throw unreadable(spot.path, `invalid text size: ${String(value)}`)
}

export const align = oneOf('left', 'center', 'right')
export const verticalAlign = oneOf('top', 'center', 'bottom')
export const elementId = matching(
  'a letter followed by letters, digits or underscores, at most 20',
  /^[A-Za-z]\w{0,19}$/,
)
export const i18n = recordOf(string)

const textProps: Props = {
  tag: anything,
  element_id: elementId,
  content: string,
  i18n_content: i18n,
  text_size: textSize,
  text_color: color,
  text_align: align,
  lines: (value, spot) => {
    if (!Number.isInteger(value) || Number(value) < 1) throw unreadable(spot.path, 'must be a whole number from 1')
  },
}

/** A text object with one of these tags. Text objects count as elements too. */
export const text =
  (...tags: string[]): Check =>
  (value, spot) => {
    object(value, spot)
    const given = value as Record<string, unknown>
    if (!tags.includes(String(given.tag)))
      throw unreadable(spot.path, `unsupported text tag: ${String(given.tag)}, must be ${tags.join('/')}`)
    checkProps(given, textProps, ['content'], spot)
    countElement(spot)
    if (given.tag !== 'plain_text') readTexts(given, spot)
  }

function readTexts({ content, i18n_content }: Record<string, unknown>, spot: Spot) {
  readMarkdown(String(content), spot)
  if (isObject(i18n_content)) for (const one of Object.values(i18n_content)) readMarkdown(String(one), spot)
}

export const plainText = text('plain_text')
export const anyText = text('plain_text', 'lark_md')

const nothing: Check = (value, spot) => {
  if (!isObject(value) || Object.keys(value).length > 0) throw unreadable(spot.path, 'must be empty')
}

/** Tips may be given as an empty object, which means none. */
export const tips = either(nothing, plainText)

export const icon: Check = (value, spot) => {
  shape({ tag: oneOf('standard_icon', 'custom_icon'), token: string, color, img_key: string, size: string }, ['tag'])(
    value,
    spot,
  )
  const { tag, img_key } = value as Record<string, unknown>
  if (tag === 'custom_icon') spot.census.images.push(String(img_key))
}

export const confirm = either(nothing, shape({ title: plainText, text: plainText }, ['title', 'text']))

const urls: Props = { url: string, default_url: string, pc_url: string, ios_url: string, android_url: string }
export const multiUrl = shape(urls)

const behaviorKinds: Record<string, Check> = {
  open_url: (value, spot) => {
    shape({ type: anything, ...urls })(value, spot)
    const { default_url, pc_url, ios_url, android_url } = value as Record<string, unknown>
    if (!default_url && !(pc_url && ios_url && android_url))
      throw unreadable(spot.path, 'missing property, property: default_url')
  },
  callback: shape({ type: anything, value: either(object, string) }, ['value']),
}

export const behaviors = listOf((value, spot) => {
  const kind =
    isObject(value) && typeof value.type === 'string' && Object.hasOwn(behaviorKinds, value.type)
      ? behaviorKinds[value.type]
      : undefined
  if (!kind) throw unreadable(spot.path, `unsupported behavior: ${isObject(value) ? String(value.type) : typeof value}`)
  kind(value, spot)
})
