type Names = ReadonlyMap<string, string>

export const nameOf = (id: string, names: Names): string => names.get(id) || '未知人员'

/** Who did what: `张明 已同意`; in somebody's place `李静 代 张明 同意`; `by` '' = the clock. */
export function actedWords(act: string, by: string, inPlaceOf: string | undefined, names: Names): string {
  if (!by) return `系统 ${act}`
  const who = nameOf(by, names)
  return inPlaceOf ? `${who} 代 ${nameOf(inPlaceOf, names)} ${act.replace(/^(协办:)?已/, '$1')}` : `${who} ${act}`
}

/** What was said with an act: ` · 理由:…` where it asks for one, of a consent ` · 意见:…`, otherwise ` · 说明:…`; '' of nothing. */
export function saidWith(act: string, word: string, isReason: boolean): string {
  if (!word) return ''
  return ` · ${isReason ? '理由' : /(?<!不)同意|签发/.test(act) ? '意见' : '说明'}:${word}`
}
