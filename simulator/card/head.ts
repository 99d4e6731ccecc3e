import { CardFault } from './fault.ts'
import {
  bool,
  either,
  int,
  isObject,
  listOf,
  matching,
  object,
  oneOf,
  type Props,
  padding,
  recordOf,
  shape,
  string,
} from './kinds.ts'
import { type Census, countElement } from './spot.ts'
import { anyText, color, elementId, i18n, icon, multiUrl, plainText } from './texts.ts'

const perClient = either(int(1, 10_000), recordOf(int(1, 10_000)))
const textTag = listOf((value, spot) => {
  shape({ tag: oneOf('text_tag'), element_id: elementId, text: plainText, color }, ['tag', 'text'])(value, spot)
  countElement(spot)
}, 3)

const templates = 'blue wathet turquoise green yellow orange red carmine violet purple indigo grey default'.split(' ')

/** Everything of a card but its body. */
export function head(card: Record<string, unknown>, census: Census): Props {
  learnStyle(card.config, census)
  return {
    schema: oneOf('2.0'),
    config: shape({
      streaming_mode: bool,
      streaming_config: shape({
        print_frequency_ms: perClient,
        print_step: perClient,
        print_strategy: oneOf('fast', 'delay'),
      }),
      summary: shape({ content: string, i18n_content: i18n }),
      locales: listOf(string),
      enable_forward: bool,
      enable_forward_interaction: bool,
      update_multi: (value, spot) => {
        if (value !== true)
          throw new CardFault(300302, 'update_multi of a card of schema V2 must be true', { path: spot.path })
      },
      width_mode: oneOf('default', 'compact', 'fill'),
      use_custom_translation: bool,
      style: shape({
        text_size: recordOf(recordOf(string)),
        color: recordOf(shape({ light_mode: rgba, dark_mode: rgba })),
      }),
    }),
    card_link: multiUrl,
    header: shape(
      {
        title: anyText,
        subtitle: anyText,
        text_tag_list: textTag,
        i18n_text_tag_list: object,
        template: oneOf(...templates),
        icon,
        padding,
      },
      ['title'],
    ),
  }
}

const rgba = matching('rgba(r,g,b,a)', /^rgba\(\s*\d+\s*,\s*\d+\s*,\s*\d+\s*,\s*[\d.]+\s*\)$/)

/** Names that config.style adds may be used anywhere below, so they are learnt first. */
function learnStyle(config: unknown, census: Census) {
  const style = isObject(config) && isObject(config.style) ? config.style : {}
  if (isObject(style.text_size)) for (const name of Object.keys(style.text_size)) census.textSizes.add(name)
  if (isObject(style.color)) for (const name of Object.keys(style.color)) census.colors.add(name)
}
