import type { Span } from './numbers.ts'

/** Leaders whose journeys are not told before they are public (domain.md 9.1): those of the city and above. */
const LEADER =
  /总书记|总理|国务委员|国家主席|委员长|国家领导人|中央领导|国务院领导|政治局(?:常委|委员)|省委书记|省委副书记|省委常委|(?:副)?省长|自治区主席|省(?:委|政府)?领导|首长|市委(?:副)?书记(?!信箱)|市委常委|(?:副)?市长(?!热线|信箱|专线|公开电话|质量奖|办公会|杯|走进直播)|市(?:委|政府)?领导|(?<![超股夜门县城各区盟地])[省市](?:委|(?:人民)?政府|人大(?:常委会)?|政协)?主要(?:领导|负责(?:同志|人))|人大(?:常委会)?(?:副)?主任(?!会议)|政协(?:副)?主席(?!会议)|政法委(?:副)?书记|(?:公安部|司法部|中央政法委|最高(?:人民)?(?:法院|检察院)|最高[法检]|国务院)[一-鿿]{0,4}(?:部长|书记|院长|检察长|领导)/g
/** Until then something is to be handed in, and nobody arrives: 周五17:30前, 12月7日(周一)下班前. */
const BY_THEN =
  '(?:\\([^)\\n]{1,4}\\))?(?:上午|下午|中午|晚上)?(?:\\d{1,2}(?:[:·]\\d{2}|点半?|时))?(?:下班)?(?:前(?![往来后到抵达赶就在集])|(?:之前|以前)(?![到抵达赶就在集]))'
const AHEAD = new RegExp(
  [
    `(?:明|后|大后)(?:天|日|早|晚)(?!${BY_THEN})`,
    `下(?:周|月|星期|礼拜)(?![一二三四五六日天]?${BY_THEN})`,
    `(?:\\d{1,2}月)?\\d{1,2}[日号](?!${BY_THEN}|底)`,
    `(?<![每上])(?:周|星期|礼拜)[一二三四五六日天](?!${BY_THEN}|\\)${BY_THEN})`,
    '即将|拟于|定于|将[于在来赴到]',
  ].join('|'),
)
const GOES =
  /赴|前往|抵达|莅临|视察|考察|调研|出席|到访|下榻|走访|暗访|[要将会]来|过[去来]|来[我本]?[市区县省州]|[到去][一-鿿]{1,12}(?:检查|指导|慰问|调研|督导|看)/
const PLACE =
  /[市区县省州镇乡村局]|街道|机场|[高铁车]站|酒店|宾馆|招待所|法院|检察院|公安局|监狱|园区|企业|景区|基地|中心|现场|学校/
/** What was said there is passed on, or it is over. */
const TOLD =
  /精神|贯彻|传达|讲话|批示|已于|已经|(?<!\d)日前|昨[天日]|近日|(?:学习|落实|按照?|根据|遵照|结合|重要)[^\n]{0,20}(?:指示|要求)|(?:期间|[研察查导问]时)[^\n]{0,6}(?:指示|要求|强调|指出|提出)|(?:调研|视察|考察)[中时后]?(?:提出|指出|交办)的/

const BEFORE = 40
const AFTER = 60

/** A leader, a place and a time that lies ahead, in one stretch of a line (SEC-13). */
export function* tellsJourney(text: string): Iterable<Span> {
  let looked = 0
  for (const { index } of text.matchAll(LEADER)) {
    if (index < looked) continue
    const [from, to] = [Math.max(0, index - BEFORE), index + AFTER]
    const around = text.slice(from, to)
    if (AHEAD.test(around) && GOES.test(around) && PLACE.test(around) && !TOLD.test(around)) yield { from: index, to }
    looked = to - BEFORE
  }
}
