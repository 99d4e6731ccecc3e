import fc from 'fast-check'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { readSheet } from '../src/bot/read-sheet.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { archive, sheetOf, WORKBOOK, workbook } from './harness/workbook.ts'

const MEGABYTE = 1_048_576
const OFTEN = '<row><c t="inlineStr"><is><t>x</t></is></c></row>'

/** What it answers, how long it takes, for how long it holds others up, and by how much the memory grows meanwhile. */
async function tried(bytes: Uint8Array): Promise<{ said: string; ms: number; held: number; grown: number }> {
  const before = process.memoryUsage().rss
  const started = performance.now()
  let [most, held, last] = [before, 0, started]
  const look = (): void => {
    most = Math.max(most, process.memoryUsage().rss)
    held = Math.max(held, performance.now() - last)
    last = performance.now()
  }
  const watch = setInterval(look, 5)
  const said = await readSheet(bytes).then(
    () => 'read',
    (error: unknown) =>
      error instanceof Refusal ? error.message : `broke: ${error instanceof Error ? error.name : ''}`,
  )
  look()
  clearInterval(watch)
  return { said, ms: performance.now() - started, held, grown: (most - before) / MEGABYTE }
}

describe('读取表格', () => {
  it('按工作簿指明的第一张表读取,空行略去,列按单元格位置对齐', async () => {
    const sheet =
      '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><r><t>牵</t></r><r><t xml:space="preserve">头人</t></r></is></c></row>' +
      '<row r="2"/><row r="3"><c r="B3"/></row>' +
      '<x:row r="4"><x:c r="A4"><x:f>1+1</x:f><x:v>46363.5</x:v></x:c><x:c r="B4" t="e"><x:v>#REF!</x:v></x:c><x:c r="C4" t="str"><x:v>a&lt;b&#x5143;&amp;amp;</x:v></x:c></x:row></sheetData></worksheet>'
    const shared = '<sst><si><t>无关</t></si><si><t>事项</t><rPh sb="0" eb="1"><t>じこう</t></rPh></si></sst>'
    expect(await readSheet(workbook(sheet, shared))).toEqual([
      ['事项', '', '牵头人'],
      ['46363.5', '', 'a<b元&amp;'],
    ])
  })

  it('文字原样取出', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { maxLength: 5 }), { maxLength: 5 }),
        async rows => {
          const plain = rows.map(row => row.map(cell => cell.replace(/[\p{C}\s]/gu, '')))
          const kept = plain.filter(row => row.some(cell => cell !== ''))
          expect(await readSheet(workbook(sheetOf(plain)))).toEqual(kept)
        },
      ),
    )
  })
})

describe('trust B18: hostile files are refused in time, within bounds', () => {
  const bomb = () =>
    workbook(`<worksheet><sheetData>${'<row><c><v>0</v></c></row>'.repeat(3_000_000)}</sheetData></worksheet>`)

  it.each([
    ['a bomb of 78 MB in a few kilobytes', bomb(), '文件过大'],
    [
      'a million rows',
      workbook(`<worksheet><sheetData>${'<row/>'.repeat(1_000_000)}${OFTEN}</sheetData></worksheet>`),
      'read',
    ],
    [
      'too many rows with something in them',
      workbook(`<worksheet><sheetData>${OFTEN.repeat(1_001)}</sheetData></worksheet>`),
      '表格超过1000行',
    ],
    [
      'an external entity',
      workbook(`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${sheetOf([['&e;']])}`),
      '文件含有外部引用',
    ],
    [
      'entities of entities',
      workbook(sheetOf([['a']]), '<!DOCTYPE l [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><sst/>'),
      '外部引用',
    ],
    [
      'a list of sheets that never comes to one',
      archive({ 'xl/workbook.xml': '<a>'.repeat(2_500_000), 'xl/worksheets/sheet1.xml': sheetOf([['a']]) }),
      'read',
    ],
    [
      'one long text that stands in forty thousand cells',
      workbook(
        `<worksheet><sheetData>${`<row>${'<c t="s"><v>0</v></c>'.repeat(40)}</row>`.repeat(1_000)}</sheetData></worksheet>`,
        `<sst><si><t>${'长'.repeat(1_500_000)}</t></si></sst>`,
      ),
      'read',
    ],
    ['no archive', strToU8('事项名称,牵头人'), '不是有效的 .xlsx'],
    ['nothing at all', new Uint8Array(), '不是有效的 .xlsx'],
    ['an archive of something else', archive({ 'word/document.xml': '<w/>' }), '不是有效的 .xlsx'],
    [
      'a part that climbs out of its folder',
      archive({ 'xl/workbook.xml': WORKBOOK, '../../xl/worksheets/sheet1.xml': sheetOf([['a']]) }),
      '不是有效的 .xlsx',
    ],
    ['tags that never end', workbook(`<worksheet>${'<row '.repeat(1_200_000)}`), 'read'],
    ['rows that never end', workbook(`<worksheet>${'<row>'.repeat(1_200_000)}`), 'read'],
    ['cells that never end', workbook(`<worksheet><row>${'<c t="s"><v>'.repeat(500_000)}`), 'read'],
    [
      'a column beyond all',
      workbook('<row><c r="ZZZ1" t="str"><v>x</v></c><c r="A1" t="str"><v>y</v></c></row>'),
      'read',
    ],
    [
      'ten thousand parts',
      zipSync(Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`p${i}`, new Uint8Array(0)]))),
      '文件结构过于复杂',
    ],
  ])('%s', async (_, bytes, words) => {
    const { said, ms, held, grown } = await tried(bytes)
    expect(said).toContain(words)
    expect(ms).toBeLessThan(5_000)
    expect(held).toBeLessThan(1_000)
    expect(grown).toBeLessThan(64)
  })

  it('a header called __proto__ is a word like any other', async () => {
    expect(
      await readSheet(
        workbook(
          sheetOf([
            ['__proto__', 'constructor'],
            ['a', 'b'],
          ]),
        ),
      ),
    ).toEqual([
      ['__proto__', 'constructor'],
      ['a', 'b'],
    ])
    expect(({} as Record<string, unknown>).a).toBeUndefined()
  })

  it('whatever is broken in it, it breaks in time', async () => {
    const whole = workbook(
      sheetOf([
        ['事项名称', '牵头人'],
        ['报送总结', '陈晨'],
      ]),
    )
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), async (at, byte, length) => {
        const broken = whole.slice(0, Math.max(length, 30))
        broken[at] = byte
        expect((await tried(broken)).ms).toBeLessThan(1_000)
      }),
      { numRuns: 300 },
    )
  })
})
