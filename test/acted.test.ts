import { expect, it } from 'vitest'
import { actedWords, saidWith } from '../src/kit/acted.ts'

const NAMES = new Map([
  ['L', '李静'],
  ['Z', '张明'],
])

it.each([
  ['已同意', 'Z', undefined, '张明 已同意'],
  ['已同意', 'L', 'Z', '李静 代 张明 同意'],
  ['不同意延期', 'L', 'Z', '李静 代 张明 不同意延期'],
  ['协办:已签收', 'L', 'Z', '李静 代 张明 协办:签收'],
  ['已归档', '', undefined, '系统 已归档'],
  ['已签收', 'X', undefined, '未知人员 已签收'],
])('%s by %s for %s reads %s', (act, by, inPlaceOf, words) => {
  expect(actedWords(act, by, inPlaceOf, NAMES)).toBe(words)
})

it.each([
  ['同意', '按时返回', false, ' · 意见:按时返回'],
  ['签发', '印发各单位', false, ' · 意见:印发各单位'],
  ['不同意延期', '时限已宽', true, ' · 理由:时限已宽'],
  ['不同意延期', '时限已宽', false, ' · 说明:时限已宽'],
  ['完成', '已更换灯泡', false, ' · 说明:已更换灯泡'],
  ['同意', '', false, ''],
])('%s with %s', (act, word, isReason, words) => {
  expect(saidWith(act, word, isReason)).toBe(words)
})
