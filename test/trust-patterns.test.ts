import { describe, expect, it } from 'vitest'
import { returnIn } from '../src/office/car/span-words.ts'
import { normalise } from '../src/office/secrecy/normal.ts'
import { PATTERNS } from '../src/office/secrecy/patterns.ts'

describe('保密规则: hostile texts cost no more than others of their length', () => {
  const SIZE = 100_000
  const units = [
    '绝',
    '绝密',
    '机,(,(,(',
    '密级',
    '密级,(,(,(,(',
    '1',
    '1 ',
    '4 5 ',
    '19 20 ',
    '13800138000 ',
    '((((',
    '(2026)',
    '(2026)江江',
    '枪支',
    '批示',
    '举报人',
    '作出了重要',
    '仅限',
    '省长',
    '省长12月3日',
    '密码:',
    'eyjaaaaaaaaaaaaaa',
    '\n',
    '绝\n',
    '秘密,机密,',
    '"',
    '联系人',
    '涉密会议',
    '不得',
    '😀',
    '㈱',
    '000000\n',
    '机密★\n',
  ]
  it.each(units.map(unit => [unit]))('%j', unit => {
    const text = unit.repeat(Math.ceil(SIZE / unit.length)).slice(0, SIZE)
    const normal = normalise(text).text
    for (const { rule, needs, find } of PATTERNS) {
      const took = quickest(() => needs.test(normal) && Array.from(find(normal)).length)
      expect(took, rule).toBeLessThan(20)
    }
    expect(quickest(() => normalise(text))).toBeLessThan(60)
  })
})

const LONGEST_TEXT = 5_000

describe('B16 返回时间: white space costs no more than its square', () => {
  it.each(['今天', '8:00-今天', '预计明天下午', '明天下午5点'])(
    'the way back behind %s and very much white space',
    words => {
      const started = performance.now()
      for (const end of ['x', '', '5点x']) returnIn(words + ' '.repeat(LONGEST_TEXT) + end)
      expect(performance.now() - started).toBeLessThan(2_000)
    },
  )
})

/** Milliseconds of the processor, the least of some: others use the machine as well. */
function quickest(act: () => unknown): number {
  return Math.min(
    ...[1, 2, 3, 4, 5].map(() => {
      const from = process.cpuUsage()
      act()
      return process.cpuUsage(from).user / 1_000
    }),
  )
}
