import { halfWidth } from '../../kit/text.ts'
import { AMBIGUOUS, CAPITALS, PROVINCES } from './places.ts'
import type { RuleSetting } from './rule-setting.ts'
import type { Reach } from './terms.ts'

type Home = Pick<RuleSetting, 'province' | 'city' | 'towns'>

const ORDER: readonly Reach[] = ['town', 'beyond', 'province']

export const farther = (one: Reach, other: Reach): Reach => (ORDER.indexOf(one) >= ORDER.indexOf(other) ? one : other)

/**
 * How far a destination lies, by the names in it; undefined where it names nothing that tells. With several places the farthest counts.
 * While 本省 and 本市 are not settled, any city that is named counts as outside the province: its reader can tell better.
 */
export function reachOf(destination: string, home: Home): Reach | undefined {
  const text = halfWidth(destination)
  const found = [
    ...byWords(text, home),
    ...[...placesIn(text)].map(place => (place.city === undefined ? ofProvince(place, home) : ofCity(place, home))),
    ...(home.towns.some(town => town !== '' && text.includes(town)) ? ['town' as const] : []),
  ]
  return found.length ? found.reduce(farther) : undefined
}

/** How far a trip goes: as its applicant says, and not less than its places tell by what the office has settled. */
export function reachOfTrip(wish: { reach: Reach; destination: string; via: string }, home: Home): Reach {
  if (home.city === '') return wish.reach
  return farther(wish.reach, reachOf(`${wish.destination} ${wish.via}`, home) ?? wish.reach)
}

interface Named {
  province: string
  city: string | undefined
}

const bare = (name: string): string =>
  name.replace(/(?:省|市|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区)$/, '')

function ofProvince({ province }: Named, home: Home): Reach {
  // a municipality is one place with its province
  const isOwn = province === bare(home.province)
  return isOwn ? (PROVINCES[province] === '' ? 'town' : 'beyond') : 'province'
}

function ofCity({ province, city }: Named, home: Home): Reach {
  if (city === bare(home.city)) return 'town'
  return province === bare(home.province) ? 'beyond' : 'province'
}

const PLACES: ReadonlyArray<Named & { name: string }> = Object.entries(PROVINCES).flatMap(([province, cities]) => [
  { name: province, province, city: undefined },
  ...cities
    .split(' ')
    .filter(city => city !== '')
    .map(city => ({ name: city, province, city })),
])

/** Streets, houses and firms bear the names of cities that they do not lie in. */
const NOT_THERE =
  /^[东西南北中]?[一二三四五六七八九十\d]?(?:路|街|大道|道|巷|桥|大桥|立交|大厦|宾馆|饭店|酒店|大酒店|大饭店|大酒楼|酒楼|饭庄|商会|商城|广场|银行|小区|花园|花苑|新村|社区|村|乡|镇|里|胡同|公园|国际|现代|牌|商贸|小吃|烤鸭|菜|人民?公园)/
const SURE = /^(?:省|市|州|地区|盟|自治)/

function* placesIn(text: string): Generator<Named> {
  for (const { name, province, city } of PLACES) {
    for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
      const after = text.slice(at + name.length)
      const isPlace = SURE.test(after) || (!AMBIGUOUS.has(name) && !NOT_THERE.test(after))
      if (isPlace && !isWithin(text, at, name)) yield { province, city }
    }
  }
}

/** 江西 in 江西北路 is for NOT_THERE; here a longer name holds the shorter one: 海南 in 黄海南路, 吉林 in 吉林市. */
const isWithin = (text: string, at: number, name: string): boolean =>
  PLACES.some(({ name: longer }) => {
    const inside = longer.indexOf(name)
    return longer.length > name.length && inside !== -1 && text.startsWith(longer, at - inside)
  })

const ABROAD =
  /省外|外省|跨省|出省|赴京|进京|首都|中央政法委|最高(?:人民)?(?:法院|检察院)|最高法|最高检|公安部|司法部|国家信访局/
const OUTSIDE = /外市|市外|出市|邻市|兄弟市|地市/
const SEAT =
  /省委|省政府|省人大|省政协|省纪委|省高院|省高级(?:人民)?法院|省(?:人民)?检察院|省法院|省公安厅|省司法厅|省信访局|省厅|省直|省城|自治区(?:党委|政府|高院|公安厅|司法厅)/
const INSIDE =
  /本市|市内|市区|主城区|(?<![县区])(?:市民中心|行政中心|会展中心|高铁站|火车站|汽车站|机场|看守所|拘留所|人民会堂)|(?:^|[\s、,到赴去至在])(?:市|区|县|各区|各县)(?:委|政府|人大|政协|纪委|中院|中级|法院|检察院|人民|公安|司法|信访|政法|监狱|看守所|综治|教育|民政|卫健|应急|财政|档案|行政)/

function byWords(text: string, { province, city }: Home): Reach[] {
  const own = bare(province)
  const isCapital = CAPITALS[own] !== undefined && CAPITALS[own] === bare(city)
  const ofSeat: Reach = isCapital || PROVINCES[own] === '' ? 'town' : 'beyond'
  return [
    ...(ABROAD.test(text)
      ? [own === '北京' && !/省外|外省|跨省|出省/.test(text) ? ('town' as const) : ('province' as const)]
      : []),
    ...(OUTSIDE.test(text) ? ['beyond' as const] : []),
    ...(SEAT.test(text) ? [ofSeat] : []),
    ...(INSIDE.test(text) ? ['town' as const] : []),
  ]
}
