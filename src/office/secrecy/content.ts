/**
 * What a group is told of a matter, by where it comes from (domain.md 0.4 G1, 2.2): `minimal` its number and when it is due, for not everybody
 * there may know what it is about; `normal` its title too.
 */
export type ContentMode = 'minimal' | 'normal'

/** What an office has settled: sources that are not named are minimal. */
export type ContentSetting = Readonly<Partial<Record<string, ContentMode>>>

/** `referenceOnly`: the source's texts stay in the internal system, whatever was settled. */
export const contentMode = (source: string, setting: ContentSetting, referenceOnly: boolean): ContentMode =>
  referenceOnly ? 'minimal' : (setting[source] ?? 'minimal')
