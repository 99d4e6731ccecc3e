import { halfWidth } from '../../kit/text.ts'
import { anyOf, CARE, either, means, NEAR, pattern, type Sense } from './sense.ts'
import type { Category, Ground } from './terms.ts'
import type { TripWish } from './trip.ts'

const TRAINING: Sense = {
  words: pattern`
    (?:外出|参加|赴|去|到|前往|接受|跟班|报名)${NEAR(16)}(?:培训班?|进修|学习班|研修班?|轮训|集训|短训|研讨班|学历班|面授|听课|考试|面试|笔试|复试)(?!中心|基地|机构|工作|会议?|会场|教材|资料|场地|需求|市场|监督|巡视|巡考|考务|安保|保障)
    (?:外出|赴|去|到|前往|跟班|脱产|在职|参加)${NEAR(12)}(?<!中心组|理论)学习(?=$|[、\s]|班|培训|一周|一个月|[一二三两\d]+天)
    ^(?:培训|进修|学习|考试|学习班|面试|笔试|集训|轮训)(?=$|[、\s]) 脱产 外出(?:培训|学习|进修) 进修 继续教育 考研
    自考 MBA MPA 在职研究生
  `,
  unless: pattern`
    授课 讲课 宣讲 讲座 讲学 监考 巡考 考务 考场 试卷 阅卷 命题 (?:为|给|对|向)[^、]{1,16}(?:培训|授课)
    (?:开展|举办|主办|承办|筹备|主持|调研|检查|督导|督查|考察|指导|出席|保障|服务|观摩|评估|对接|洽谈|商谈|联系|验收)[^、]{0,16}(?:培训|考试|进修|轮训|学习|集训|面试)
    组织(?![^、]*(?:参加|外出|赴|前往))[^、]{0,14}(?:培训|考试|面试) 结业 开班 开学典礼 中心组 (?<!外出)集体学习 党课 党日
    学习(?:贯彻|宣传|型|强国|室|教育|成果|心得)
    (?:考试|培训|面试)[^、]{0,6}(?:安保|执勤|秩序|巡逻|监督|纪律|作弊|舞弊|诈骗) 试题押运 押运
  `,
}

/** CAR-03: whoever goes to be taught or examined; not who teaches, examines, inspects. */
export const isTraining = (purpose: string): boolean => means(purpose, TRAINING)

/** CAR-03: told to be a journey of the whole unit. */
export const isCollective = (purpose: string): boolean =>
  /统一组织|集体|组织[^、]{0,12}(?:参加|外出|赴|前往)/.test(purpose)

/** Words that tell nothing, the longer first: a 事由 of nothing else is vague. */
const VAGUE = pattern`
  本人 领导 科室 单位 临时 因为 需要 外面 市里 县里 区里 一些 处理 办理 相关 有关 其他 其它 工作 公务 公事 业务
  事务 事情 事项 事宜 外出 出去 出差 出行 用车 活动 开会 会议 调研 检查 接人 送人 接送 办公(?!务) 正常 日常 需求 使用
  一趟 一下 公干 任务 安排 我 因 要 需 去 到 外 有 个 点 下 办 事 用 车 急 派 跑 的 等 忙
`

/** Characters that tell something: no signs, no spaces. */
const tellingIn = (text: string): number => (text.match(/[\p{L}\p{N}]/gu) ?? []).length

const LEAST_ALONE = 4

/**
 * CAR-04: missing, too short or vague. A short 事由 may lean on the place (区法院 + 调研座谈), as in the request that product.md 6 gives.
 */
export function isVague({ purpose, destination }: { purpose: string; destination: string }, least: number): boolean {
  const telling = tellingIn(purpose)
  if (tellingIn(purpose.replace(new RegExp(VAGUE, 'gi'), '')) === 0) return true
  return telling < least && (telling < LEAST_ALONE || telling + tellingIn(destination) < least)
}

const CONFIDENTIAL = /机要|涉密载体|密件|密码(?:设备|机)|保密(?:载体|件)|交换站|密码电报|密电/
const ENFORCEMENT = pattern`
  执法 办案 执行(?!工作|情况|局) 巡逻 巡防 巡查 安保 处突 维稳 出警 处警 接警 勘查 勘验 抓捕 缉捕 押解 押送 提审
  提讯 讯问 询问 侦查 侦办 取证 搜查 查封 扣押 查缉 设卡 执勤 值勤 备勤 警卫 护卫 解救 搜救 追逃 追赃 送达 拘留
  收押 逮捕 宣判 开庭 庭审 出庭 布控 摸排 走访排查 处置 应急 抢险 救援 接返 劝返 遣返 缉毒 禁毒 交通管制 疏导 核查
`
const OFFICE_WORK = pattern`
  开会 会议 培训 接待 采购 购买 送文 取文 送材料 取材料 报送 领取 后勤 食堂 慰问 座谈 调研 汇报 办公用品 保养 搬运
  财务 报账 存款 取款 档案 参观 观摩 接站 送站 接机 送机 党日 植树 打印 印刷
`
const SPECIAL = pattern`
  勘查 勘验 检验 检测 鉴定 技术 侦查 侦察 通信保障 应急通信 指挥车 现场指挥 排爆 消防 救护 救援 抢险 押运 囚车
  押解 押送 提押 无人机 采样 监测 测绘 巡回法庭 流动 科技法庭 直播 图传 采集 处置 解剖 尸检 清障 水炮 防暴 处突
  移动警务 通讯
`

/** CAR-10 … 12: which car a trip may not have, for its purpose. */
export function misusesCategory(category: Category, purpose: string, ground: Ground): boolean {
  if (category === 'confidential') return !CONFIDENTIAL.test(purpose)
  if (category === 'enforcement') {
    const isFront = ENFORCEMENT.test(purpose)
    return !isFront && (ground !== 'duty' || OFFICE_WORK.test(purpose))
  }
  return category === 'special' && !SPECIAL.test(purpose)
}

const LEISURE = pattern`
  景区 景点 风景(?:名胜)?区? 旅游(?:区|度假区|点) 度假(?:村|区|酒店|山庄) 会所 娱乐 夜总会 歌厅 KTV 卡拉OK 酒吧
  洗浴 温泉 足浴 桑拿 高尔夫 游乐 主题公园 动物园 海洋馆 农家乐 棋牌 电影院 影城 古镇(?:景|旅) 民宿 滑雪场 漂流
`
const LEISURE_OFFICE = pattern`
  (?:景区|度假区|旅游区|风景区|娱乐)[^、]{0,6}(?:派出所|管委会|管理(?:局|处|委员会|中心)|分局|法庭|检察室|司法所|警务室|警务站|综治中心|社区|街道|办事处|服务中心)
`

/** CAR-29. */
export const isLeisurePlace = (place: string): boolean => LEISURE.test(place) && !LEISURE_OFFICE.test(place)

const RECEPTION: Sense = {
  words: pattern`
    接待 招待 陪同[^、]{0,12}(?:来宾|客人|考察团|参观团|来访团) 迎接[^、]{0,10}(?:来宾|客人|考察团|检查组)
  `,
  unless: pattern`
    接待(?:群众|市民|公众|居民|师生|学生|来访群众|来访人|来访|上访|信访|室|日|大厅|中心|站|窗口|费|律师|家属|场所|能力|当事人)
    (?:信访|来访|群众|上访|诉讼服务|律师|公务)[^、]{0,6}接待(?!用车) 接访
    公务接待(?:费|管理|制度|专项|情况|检查|标准|审计|规定|自查)
    接待[^、]{0,8}(?:督查|检查|审计|自查|整治|专项|座谈会)
  `,
}

/** CAR-31. */
export const isReception = (purpose: string): boolean => means(purpose, RECEPTION)

/** A 公函's number, as it stands on the letter: 江州委函〔2026〕12号. */
export const namesLetter = (basis: string): boolean =>
  /函|[〔［[(\uff08【]\s*20\d\d\s*[〕］\])\uff09】]/.test(basis) && /\d+\s*号/.test(halfWidth(basis))

const STATION = anyOf`
  机场 航站楼 高铁站 火车站 动车站 汽车站 客运站 车站 北站 南站 东站 西站 码头 港口 渡口
  高速(?:公)?路?(?:出|入)?口 收费站 辖区边界 边界 市界 省界 县界
`
const WELCOME: Sense = {
  words: pattern`
    迎送 (?:迎接|欢迎|列队|送行|欢送)${NEAR(14)}${STATION} ${STATION}${NEAR(8)}(?:迎接|欢迎|送行|欢送|列队)
  `,
  unless:
    /整治|(?:检查|督查)(?!组|团)|严禁|禁止|专项|自查|通报|凯旋|消防员|扑火|救援队|英雄|英模|烈士|遗骸|抗洪|援[疆藏外]|维和/,
}
const TRANSFER: Sense = {
  words: pattern`
    接站 送站 接机 送机 接送站 接送机 (?:接送|接|送)(?!达|交|审|件|文|卷|材料|物资|检|返)${NEAR(14)}${STATION}
    ${STATION}${NEAR(6)}(?:接送|(?<![对衔链连直])接|送)(?!警|处|管|入|种|访|待|到|受|返|达|交|件|文|卷|材料|物资|检|报|续)
  `,
  unless: either(
    CARE,
    pattern`
      押 警务 巡逻 巡查 安保 执勤 (?:检查|督查)(?!组|团) 反恐 公文 文件 卷宗 机要 设备 材料 物资 赃物 快件 包裹 整治 安检 开通
      建设
    `,
  ),
}

const AT_STATION = pattern`${STATION}`

/** CAR-32: F for 迎送, A for fetching guests from a station and taking them there. */
export function stationDuty({ purpose, destination }: { purpose: string; destination: string }): 'F' | 'A' | undefined {
  const text = AT_STATION.test(destination) ? `${purpose}${destination}` : purpose
  if (means(text, WELCOME)) return 'F'
  return means(text, TRANSFER) ? 'A' : undefined
}

/** Whatever the trip is for: a case by its number or parties, a document of some secrecy. */
const SECRET_ANYWHERE = pattern`
  [〔［[(\uff08]20\d\d[〕］\])\uff09][\u4e00-\u9fff]{1,3}\d{0,4}[\u4e00-\u9fff]{1,4}\d+号
  (?:绝密|机密|秘密)(?:级|件|文件|★) 涉嫌[\u4e00-\u9fff]{1,12}(?:罪|案)
  (?:犯罪嫌疑人|嫌疑人|被告人|罪犯|线人|举报人)[\u4e00-\u9fff]某
  某[某甲乙丙一二三]?(?:涉嫌|被|等人|盗窃|诈骗|杀人|贩毒) 技侦 侦控 秘密力量 线人
`
/** On a trip for 机要 or 办案. */
const SECRET_THERE = pattern`
  [《〈][^》〉]{1,60}[》〉] [〔［[(\uff08【]\s*20\d\d\s*[〕］\])\uff09】]\s*(?:第)?\s*\d+\s*号
  [\u4e00-\u9fff]{2,8}(?<!此|本|该|各类?|专|命|要|个|办|查|审|重大)(?:杀人|盗窃|诈骗|贩毒|涉黑|涉恶|受贿|抢劫|强奸|绑架|爆炸|投毒|走私|伤害|涉枪|赌博)(?:专)?案
  [\u4e00-\u9fff]{1,3}某(?:某|甲|乙)? 布控 蹲守 抓捕 收网 特情 专案 留置 监视居住地 嫌疑人(?:住处|藏匿|窝点) 窝点
  藏匿 密级 密电第?\d+ 电报号
`
const SEALED = /机要|涉密|密件|密电/
/** Laws and the like are open to everybody, but not what is carried as 机要. */
const OPEN_TITLE = /[《〈][^》〉]{1,60}(?:法|条例|规定|办法|规则|细则|意见|准则|章程)(?:\([^)]{1,12}\))?[》〉]/g
const CASEWORK = /机要|办案|涉密|专案|抓捕|侦查|侦办|收网|布控|蹲守|缉捕|讯问|提审|搜查|留置/

/** CAR-40: particulars of 机要 or 办案 in what is stored and shown to others; of a 依据 its number is wanted. */
export function tellsSecrets(
  of: Pick<TripWish, 'purpose' | 'basis' | 'destination' | 'via' | 'remark' | 'guests' | 'category' | 'ground'>,
): boolean {
  const text = halfWidth([of.purpose, of.destination, of.via, of.remark, of.guests].join('\n'))
  const isCloseTo = of.category === 'confidential' || of.ground === 'duty' || CASEWORK.test(text)
  const isSealed = of.category === 'confidential' || SEALED.test(text)
  const closer = isSealed ? text : text.replace(OPEN_TITLE, '')
  return SECRET_ANYWHERE.test(`${text}\n${halfWidth(of.basis)}`) || (isCloseTo && SECRET_THERE.test(closer))
}

const GROUND_WORDS: ReadonlyArray<readonly [Ground, RegExp]> = [
  ['urgent', /机要|抢险|救灾|防汛|抗洪|突发|应急处置|紧急|急救|送医|火灾|地震|事故处置|存取现金|涉密载体/],
  [
    'duty',
    pattern`
      执法(?!检查|监督|培训|资格|规范) 办案(?!质量|系统|平台|培训|业务|经费) 巡逻 巡防 安保 处突 出警 处警 押解 提审 勘查 抓捕 送达 强制执行 执行任务 执勤 备勤 维稳 取证 出庭
      接返 劝返 送检 听证 庭审 宣判 押运 移送(?:案|卷|物|人|嫌) 物证 涉案 社区矫正 安置帮教 羁押 收押 看押
      (?:护送|送|接)[^、]{0,6}(?:来访|上访|信访|走失|滞留|救助|刑满释放|刑释|服刑|戒毒|被害|受害|未成年)
    `,
  ],
  [
    'joint',
    /联合(?:检查|督查|督导|执法|调研|整治|巡查|行动)|跨部门|执法(?:检查|监督)|会同[^、]{1,12}(?:检查|督查|督导)/,
  ],
  ['group', /统一组织|集体活动|集体(?:参观|观摩|植树)|主题党日|义务植树/],
  ['survey', /调研|座谈|走访|实地考察|蹲点|下访|慰问/],
  [
    'important',
    pattern`
      全市[^、]{0,12}会 全省[^、]{0,12}会 常委会 全委会 党代会 人代会 政协会 外事 迎检
      上级(?:来人|领导|检查|督导|督查|考核|调研)
      (?:中央|中政委|最高[法检]|国家|省委?|部|厅|市委)[^、]{0,8}(?:督[导查]组|检查组|巡视组|巡察组|考核组|调研组|工作组|领导|来人) 考察团 专题汇报 向(?:市委|省委)[^、]{0,6}汇报
    `,
  ],
]

/** The ground of 4.2 that a 事由 suggests; undefined where it suggests none. */
export const groundOf = (purpose: string): Ground | undefined =>
  GROUND_WORDS.find(([, words]) => words.test(halfWidth(purpose)))?.[0]

/**
 * Ground and category, where they are left open by the words. 机要 and 办案 are settled by the words whatever was chosen: everything that
 * keeps such trips from others reads what is settled here.
 */
export function kindOf(wish: {
  purpose: string
  ground: Ground | ''
  category: Category | ''
}): Pick<TripWish, 'ground' | 'category'> {
  const text = halfWidth(wish.purpose)
  const ground = HANDLING_CASES.test(text) ? 'duty' : wish.ground || groundOf(text) || 'ordinary'
  if (CARRIES_SECRETS.test(text)) return { ground, category: 'confidential' }
  return { ground, category: wish.category || (ground === 'urgent' ? 'emergency' : 'other') }
}

const CARRIES_SECRETS = /机要/
const HANDLING_CASES = /办案(?!质量|系统|平台|培训|业务|经费)/
