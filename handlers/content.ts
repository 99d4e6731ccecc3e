import { setting } from '../db/settings.ts'
import type { Look } from '../src/bot/feature.ts'
import { Refusal } from '../src/kit/refusal.ts'
import type { ContentSetting } from '../src/office/secrecy/content.ts'
import { REFERENCE_ONLY, SOURCES, type Source, sourceNamed } from '../src/office/task/terms.ts'

export const CONTENT = 'content.modes'

/** Of which sources a group's digest tells the titles; of the others it tells the number and the deadline alone. */
export const contentSetting = async ({ db }: Pick<Look, 'db'>): Promise<ContentSetting> =>
  (await setting<ContentSetting>(db, CONTENT)) ?? {}

export const titledSources = (settled: ContentSetting): string[] =>
  (Object.keys(SOURCES) as Source[]).filter(code => settled[code] === 'normal').map(code => SOURCES[code].word)

/** One source a line. @throws Refusal for one that is not known, or of which no content is kept here at all. */
export function readTitledSources(text: string): ContentSetting {
  const words = text.split(/[\n、,\uff0c\s]+/).filter(word => word !== '')
  const codes = words.map(word => {
    const code = sourceNamed(word)
    if (!code) throw new Refusal(`没有“${word.slice(0, 20)}”这一来源`, '会议议定')
    if (SOURCES[code].referenceOnly) throw new Refusal(REFERENCE_ONLY)
    return code
  })
  return Object.fromEntries(codes.map(code => [code, 'normal' as const]))
}
