import { AMBIGUOUS, PROVINCES } from './places.ts'

const TO = /^(?!去年|到期|到位|往年|往返)(?:前往|去|到|赴|往)(?=.{2})/
/** Not where the word is part of a name: 检查站, 督查室, 办理大厅, 送变电公司. */
const NAMED = '(?!站|室|局|处|科|中心|办公|办$|大厅|庭|点|队|所|基地|变电|待)'
const ERRAND = new RegExp(
  `^(.{2,20}?)((?:参加|出席|列席|开展|进行|执行|调研|座谈|开会|检查|督查|督导|办理|巡查|慰问|走访|报送|协调|对接|取送|领取|送达|出差|迎接|(?<!配|报|取|移|押|护|接|迎|运)送(?!达)|(?<!对|衔|直|连|迎|交)接(?!待|访|警|收|济|种|受|送))${NAMED}.*)$`,
)

/** `去区法院调研座谈`, `区法院调研座谈` in one word: where to, and what for. */
function whereAndWhy(word: string): [destination: string, purpose: string] {
  const place = word.replace(/^出发(?=.)/, '').replace(TO, '')
  const [, destination = place, purpose = ''] = ERRAND.exec(place) ?? []
  return [destination.replace(/、$/, ''), purpose]
}

const VERB =
  /^(?:护?送|接|出差|调研|参加|出席|列席|开会|开展|进行|检查|督查|督导|走访|慰问|座谈|押解|提审|领?取|报送|陪同|护送|迎接|宣讲|勘查|处置|巡查|考察|汇报|办理|送检|执行|拉|运送)/
/** A place whose name begins as an errand does: 检查站, 送变电公司, 接待中心. */
const NAMED_SO = /^(?:.{2,5}(?:站|室|局|庭|大厅|中心|基地|公司|学校)|.{2}(?:科|处|办))$/
const CARRIED = /^(.{1,20}?)(?:前往|到|至|去|赴|往)(.{2,})$/

const ORGANISATION =
  /(?:委|院|局|厅|处|所|站|县|区|市|省|州|乡|镇|村|街道|路|社区|中心|公司|大学|[中小党学]校|小学|中学|政府|人大|政协|检察院|机场|宾馆|酒店|会堂|礼堂|广场|大厦|馆|庭|监狱|室|港|码头)$/

const CITIES: ReadonlySet<string> = new Set(
  Object.entries(PROVINCES)
    .flatMap(([province, cities]) => [province, ...cities.split(' ')])
    .filter(name => name !== '' && !AMBIGUOUS.has(name)),
)

const isPlace = (word: string): boolean =>
  CITIES.has(word) || (word.length <= 16 && !VERB.test(word) && ORGANISATION.test(word))

/** Where to and what for, of the words that have no other meaning. The destination is '' where none of them is plainly one. */
export function placeAndPurpose(words: readonly string[]): { destination: string; purpose: string } {
  const [first = '', ...others] = words
  if (!VERB.test(first) || NAMED_SO.test(first)) {
    const [destination, purpose] = whereAndWhy(first)
    return { destination, purpose: joined(purpose, ...others) }
  }
  // 送材料到省高院: what for says where to
  const target = CARRIED.exec(first)?.[2]
  if (target) return { destination: whereAndWhy(target)[0], purpose: joined(...words) }
  const at = others.findIndex(isPlace)
  if (at !== -1)
    return { destination: others[at] ?? '', purpose: joined(first, ...others.slice(0, at), ...others.slice(at + 1)) }
  return { destination: '', purpose: joined(...words) }
}

const joined = (...words: string[]): string => words.filter(word => word !== '').join(' ')
