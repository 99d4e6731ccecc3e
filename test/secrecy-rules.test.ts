import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentMode } from '../src/office/secrecy/content.ts'
import { examine } from '../src/office/secrecy/examine.ts'
import { normalise } from '../src/office/secrecy/normal.ts'
import { PATTERNS } from '../src/office/secrecy/patterns.ts'
import { ACTIONS, PLACES, RULE_BOOK, RULES, type RuleId } from '../src/office/secrecy/rule-book.ts'
import { OFFICIAL, OFFICIAL_LATER, PRIVATE, PRIVATE_LATER } from './car-heard.ts'
import { FORBIDDEN, FURTHER, LEGITIMATE, REFUSED } from './car-reasons.ts'
import { officePhrases } from './harness/office-phrases.ts'
import { rowsOf } from './harness/phrases.ts'
import { BLIND, CAUGHT, PASSED, type SecrecyCase, UNSEEN } from './harness/secrecy-cases.ts'
import { LINES } from './meeting-lines.ts'
import { OPEN_TITLES } from './meeting-titles.ts'

const named = ({ text, place }: SecrecyCase): string => `${place}: ${text}`

describe('保密规则', () => {
  const blind = [...BLIND, ...UNSEEN]
  const caught = [...CAUGHT, ...blind.filter(({ rule }) => rule)]
  const passed = [...PASSED, ...blind.filter(({ rule }) => !rule)]

  it.each(caught.map(one => [one.rule, one.action, named(one), one] as const))('%s %s %s', (rule, action, _, one) => {
    const verdict = examine(one)
    expect(verdict.hits.map(hit => hit.rule)).toContain(rule)
    expect(verdict.action).toBe(action)
  })

  it.each(passed.map(one => [named(one), one] as const))('放行 %s', (_, one) => {
    expect(examine(one)).toMatchObject({ hits: [], action: 'pass', masked: one.text, hints: [] })
  })

  it('each rule that reads is caught somewhere, and the others say how they are held', () => {
    const heard = new Set(CAUGHT.map(({ rule }) => rule))
    const reading = new Set<RuleId>(PATTERNS.map(({ rule }) => rule))
    for (const { id, heldBy } of RULE_BOOK) {
      expect(heard.has(id), id).toBe(reading.has(id))
      if (!reading.has(id) && id !== 'SEC-04') expect(heldBy, id).not.toBe(undefined)
    }
    expect(RULE_BOOK).toHaveLength(25)
  })
})

it('the journey of a leader is no secret to the forms of meetings and cars, which arrange it', () => {
  const text = '省委书记明天上午赴我市公安局调研,请做好准备'
  for (const [subject, action] of [
    ['meeting', 'pass'],
    ['car', 'pass'],
    ['task', 'return'],
    ['assign', 'return'],
    ['remind', 'return'],
    ['feedback', 'return'],
  ])
    expect(examine({ text, place: 'form', subject }).action, subject).toBe(action)
})

describe('what the office writes anyway is not held back', () => {
  const forbidden = new Set(FORBIDDEN.filter(([rule]) => rule === 'CAR-40').map(([, reason]) => reason))
  const reasons = [
    ...LEGITIMATE,
    ...FURTHER.map(([, reason]) => reason),
    ...[...OFFICIAL, ...OFFICIAL_LATER, ...PRIVATE, ...PRIVATE_LATER],
    ...REFUSED.filter(reason => !forbidden.has(reason)),
  ]
  const phrases = Object.values(officePhrases).flatMap(table => rowsOf(table, '').map(({ text }) => text))
  const texts: Record<string, readonly string[]> = {
    'reasons for a car': reasons,
    'reasons for a car, in a command': reasons.map(reason => `/用车 11月28日8:30-17:00 区法院 ${reason} 3人`),
    'the same as tasks': LEGITIMATE.map(text => `/督办 @王强 ${text} 12月7日下班前 来源:会议议定 加急`),
    'the same as reminders': LEGITIMATE.map(text => `/提醒 明天下午3点半 ${text}`),
    'phrases with times': phrases,
    'decisions of meetings': LINES.map(({ says }) => says),
    'titles of meetings': OPEN_TITLES.map(title => `/会议 11月27日(周五)14:30-16:00 三楼会议室 ${title} @王强`),
  }
  it.each(Object.entries(texts))('%s', (_, all) => {
    expect(all.length).toBeGreaterThan(30)
    const held = all.flatMap(text =>
      PLACES.filter(place => !['pass', 'warn'].includes(examine({ text, place }).action)).map(
        place => `${place}: ${text}`,
      ),
    )
    expect(held).toEqual([])
  })
})

describe('evasion', () => {
  const WORDS = [
    ...[
      '机密★1年',
      '密级:秘密',
      '绝密文件',
      '讨论稿',
      '江委密〔2026〕3号',
      '密码电报',
      '不得外传',
      '此件不公开',
      '技术侦查措施',
    ],
    ...['秘密力量', '专案组', '抓捕', '作出重要批示:', '举报人姓名', '秘密级文件'],
  ]
  const BETWEEN = [
    ' ',
    '·',
    '.',
    '-',
    '_',
    '/',
    '|',
    '\u3000',
    '\u200b',
    '\u2060',
    '\ufe0f',
    '\u00ad',
    '~',
    '•',
    '　',
    '，',
    '…',
  ]
  const text = fc.constantFrom(...WORDS)

  it('signs, spaces and invisible characters between the characters of a word do not hide it', () => {
    const spread = fc.tuple(text, fc.array(fc.constantFrom(...BETWEEN), { maxLength: 4 })).chain(([word, between]) =>
      fc.array(fc.boolean(), { minLength: word.length, maxLength: word.length }).map(places => ({
        word,
        hidden: Array.from(word, (char, i) => (places[i] ? char + between.join('') : char)).join(''),
      })),
    )
    fc.assert(
      fc.property(spread, ({ word, hidden }) => {
        const wanted = examine({ text: word, place: 'text' })
        const verdict = examine({ text: `请看${hidden}`, place: 'text' })
        expect(wanted.hits.length).toBeGreaterThan(0)
        expect(ACTIONS.indexOf(verdict.action)).toBeGreaterThanOrEqual(ACTIONS.indexOf(wanted.action))
      }),
      { numRuns: 500, examples: [[{ word: '密级:秘密', hidden: '密级，/，_:，/，_秘密' }]] },
    )
  })

  it('full width does not hide a number', () => {
    const wide = (char: string) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 18, maxLength: 18 }), widened => {
        const digits = Array.from('11010519491231002X', (char, i) => (widened[i] ? wide(char) : char)).join('')
        const { action, masked } = examine({ text: `证件${digits}已收`, place: 'form' })
        expect([action, masked]).toEqual(['mask', `证件${'×'.repeat(18)}已收`])
      }),
    )
  })

  it('masks the number and nothing else', () => {
    const around = fc.string({ unit: fc.constantFrom(...'请把张三的登记表,。 \n发给🚗办公室'), maxLength: 30 })
    const numbers = fc.constantFrom(
      '430102198503140027',
      '4301 0219 8503 1400 27',
      '6222-0219-0100-1234-564',
      '４３０１０２１９８５０３１４００２７',
    )
    fc.assert(
      fc.property(around, numbers, around, (before, number, after) => {
        const whole = `${before}:${number}。${after}`
        const { masked, action } = examine({ text: whole, place: 'text' })
        expect(action).toBe('mask')
        expect(masked).toBe(`${before}:${number.replace(/[^ -]/g, '×')}。${after}`)
        expect(examine({ text: masked, place: 'text' }).action).toBe('pass')
      }),
    )
  })

  it('whatever is written: a text of the same length, hits within it, the same again', () => {
    const any = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({
        unit: fc.constantFrom(...'绝机秘密级★:(12026)号批示"1380013800064 \n\u200b举报人姓名🌟㈱'),
        maxLength: 200,
      }),
    )
    fc.assert(
      fc.property(any, fc.constantFrom(...PLACES), (text, place) => {
        const verdict = examine({ text, place })
        expect(verdict.masked).toHaveLength(text.length)
        for (const { from, to } of verdict.hits) {
          expect(from).toBeGreaterThanOrEqual(0)
          expect(to).toBeGreaterThan(from)
          expect(to).toBeLessThanOrEqual(text.length)
        }
        expect(examine({ text, place })).toEqual(verdict)
      }),
    )
  })

  it('a text that passes still passes with another name, more space or a courtesy', () => {
    const benign = PASSED.filter(({ place }) => place === 'text')
    fc.assert(
      fc.property(fc.constantFrom(...benign), fc.constantFrom('', '  ', '\n', ' 谢谢', '。', ' @李静'), (one, end) => {
        expect(examine({ text: one.text + end, place: 'text' }).action).toBe('pass')
      }),
      { numRuns: 400 },
    )
  })
})

describe('what groups are told', () => {
  it.each([
    ['HYYD', {}, false, 'minimal'],
    ['HYYD', { HYYD: 'normal' }, false, 'normal'],
    ['QT', { HYYD: 'normal' }, false, 'minimal'],
    ['LDPS', { LDPS: 'normal' }, true, 'minimal'],
  ] as const)('of %s where %j is settled; only a reference is kept: %s → %s', (source, setting, referenceOnly, mode) =>
    expect(contentMode(source, setting, referenceOnly)).toBe(mode),
  )
})

describe('normal form', () => {
  it.each([
    ['ＡＢＣ　１２３', 'abc 123'],
    ['絕密、機密', '绝密,机密'],
    ['机\u200b密\ufeff', '机密'],
    ['【机密】〔2026〕', '[机密][2026]'],
    ['“机密”「绝密」', '"机密"绝密"'],
    ['机 - — 密', '机 密'],
    ['𝟏𝟑⑧ ㈠', '138 (一)'],
    ['jī mì', 'ji mi'],
    ['a\r\n\r\nb', 'a\nb'],
    ['机密☆⭐', '机密★'],
  ])('%j', (text, normal) => expect(normalise(text).text).toBe(normal))
})

it('the rules are those of the handbook, with a law only where it is confirmed', () => {
  expect(RULE_BOOK.map(({ id }) => id)).toEqual(
    Array.from({ length: 25 }, (_, i) => `SEC-${String(i + 1).padStart(2, '0')}`),
  )
  expect(RULES['SEC-10'].hint).toContain('三个规定')
})
