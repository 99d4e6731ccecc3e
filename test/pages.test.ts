import { describe, expect, it } from 'vitest'
import { pageAmong, pageButtons, pagesOf, readPage } from '../src/kit/pages.ts'

describe('pages', () => {
  it.each([
    [1, 1],
    [7, 7],
    [1_000, 1_000],
    [1_001, 1],
    [0, 1],
    [-1, 1],
    [1.5, 1],
    [Number.NaN, 1],
    ['2', 1],
    [undefined, 1],
    [{}, 1],
  ])('%j from outside is page %j', (value, page) => {
    expect(readPage(value)).toBe(page)
  })

  it.each([
    [0, 1],
    [10, 1],
    [11, 2],
    [20, 2],
    [21, 3],
  ])('%i lines of 10 a page fill %i', (total, pages) => {
    expect(pagesOf(total, 10)).toBe(pages)
    expect(pageAmong(1, total, 10)).toBe(1)
    expect(pageAmong(pages, total, 10)).toBe(pages)
    // some have gone since it was shown
    expect(pageAmong(pages + 3, total, 10)).toBe(pages)
  })

  it.each([
    [1, 1, []],
    [1, 3, ['下一页 2']],
    [2, 3, ['上一页 1', '下一页 3']],
    [3, 3, ['上一页 2']],
  ])('from page %i of %i one turns to %j', (page, pages, words) => {
    const buttons = pageButtons(page, pages, 'list.turn', { span: 'all' })
    expect(buttons.map(({ label, value }) => `${label} ${value?.page}`)).toEqual(words)
    for (const { action, value } of buttons) expect([action, value?.span]).toEqual(['list.turn', 'all'])
  })
})
