import { Refusal } from '../../kit/refusal.ts'

/** 代字 of the numbers that an office gives, by department; '' = the house. */
export type Words = Readonly<Record<string, string>>

/** What the house is called where units are listed. */
const HOUSE = '本单位'
const EXAMPLE = '本单位:政法督'
const WORD = /^[一-鿿]{1,8}$/
const MOST = 50

type Unit = { id: string; name: string }

export const wordLines = (words: Words, units: readonly Unit[]): string[] =>
  Object.entries(words).map(([id, word]) => `${unitName(id, units)}:${word}`)

const unitName = (id: string, units: readonly Unit[]): string =>
  id === '' ? HOUSE : (units.find(unit => unit.id === id)?.name ?? id)

/**
 * Reads one line a unit, `东湖区委政法委:东政督`; a word alone is that of the house.
 * @throws Refusal naming the line that is not understood, a unit that is not known, and a word given twice.
 */
export function readWords(text: string, units: readonly Unit[]): Words {
  const lines = text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
  if (lines.length > MOST) throw new Refusal(`代字最多${MOST}行`)
  const words = new Map<string, string>()
  for (const line of lines) {
    const [, name = HOUSE, word = ''] = /^(?:([^:\uff1a]{1,60})[:\uff1a])?\s*(\S{1,20})$/.exec(line) ?? []
    const unit = name.trim() === HOUSE ? '' : units.find(one => one.name === name.trim())?.id
    if (unit === undefined) throw new Refusal(`未找到单位或部门“${name.trim().slice(0, 20)}”`, EXAMPLE)
    if (!WORD.test(word)) throw new Refusal(`代字请用1至8个汉字,未能识别“${line.slice(0, 20)}”`, EXAMPLE)
    if (words.has(unit)) throw new Refusal(`“${name.trim()}”的代字写了两次`, EXAMPLE)
    if ([...words.values()].includes(word)) throw new Refusal(`代字“${word}”已用于其他单位,不能重复`, EXAMPLE)
    words.set(unit, word)
  }
  return Object.fromEntries(words)
}
