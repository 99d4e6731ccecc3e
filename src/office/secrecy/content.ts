import { shorten } from '../../kit/text.ts'
import { examine } from './examine.ts'

/** What notices to groups and digests tell of a matter, by where it comes from (domain.md 0.4 G1, 2.2). */
export const CONTENT_MODES = {
  minimal: '编号和中性标题',
  normal: '标题和内容',
} as const
export type ContentMode = keyof typeof CONTENT_MODES

/** What an office has settled: sources that are not named are minimal. */
export type ContentSetting = Readonly<Partial<Record<string, ContentMode>>>

/** `referenceOnly`: the source's texts stay in the internal system, whatever was settled. */
export const contentMode = (source: string, setting: ContentSetting, referenceOnly: boolean): ContentMode =>
  referenceOnly ? 'minimal' : (setting[source] ?? 'minimal')

/** A matter's words as they may be told; `kind`: what it is called where its title tells too much, such as 会议议定事项. */
export function told<Words extends { title: string; content: string }>(
  words: Words,
  mode: ContentMode,
  kind: string,
): Words {
  return mode === 'normal' ? words : { ...words, title: neutralTitle(words.title, kind), content: '' }
}

/** A title of an official message has so many characters at most (domain.md 12). */
const LONGEST = 20

/**
 * A title without particulars: what stands in brackets or behind a colon goes, and where it names somebody or the rules have something to say
 * of it, the kind of the matter stands in its place.
 */
export function neutralTitle(title: string, kind: string): string {
  if (/[一-鿿]某/.test(title) || examine({ text: title, place: 'form' }).action !== 'pass') return kind
  const bare = title.replace(/[(（[【〔][^)）\]】〕]{0,80}[)）\]】〕]/g, '').replace(/[:：][\s\S]*$/, '')
  return shorten(bare, LONGEST) || kind
}
