import { halfWidth } from '../../kit/text.ts'
import type { Category, Ground } from './terms.ts'
import type { TripWish } from './trip.ts'

/*
 * What the words of a 事由 say (CAR-01 … 04, 10 … 12, 29 … 32, 40). They are heard clause by clause, where they are what the trip
 * is for, and not where an authority deals with the like (旅游局, 婚姻登记处, 公伤送医, 慰问困难家庭).
 */

const KIN =
  '(?:孩子|小孩|娃|[大二小]宝|宝宝|子女|儿子|女儿|闺女|姑姑|姑妈|姑父|舅舅|舅妈|叔叔|婶婶|伯父|伯母|姨妈|姨父|孙子|孙女|外孙女?|家属|家人|家眷|爱人|未婚妻|未婚夫|媳妇|老婆|老公|妻子|丈夫|夫人|太太|父母|父亲|母亲|爸爸?|妈妈?|老爸|老妈|我妈|我爸|岳父|岳母|公公|婆婆|爷爷|奶奶|外公|外婆|姥姥|姥爷|哥哥?|嫂子|姐姐?|弟弟?|妹妹?|侄子|侄女|外甥女?|亲戚|亲属|亲友|亲人|朋友|好友|同学|战友|老乡|女友|男友|对象)'
const NEAR = (most: number): string => `[^、]{0,${most}}`
const END = '(?=$|[、\\s])'

/** People in an authority's care, and what happened to them. */
const CARE =
  /因公|公伤|工伤|负伤|殉职|牺牲|烈士|烈属|英烈|英模|劳模|模范|遗属|遇难|遇害|受害|被害|受伤|伤员|伤者|受灾|灾民|走失|被拐|失踪|流浪|救助|获救|解救|抢救|急救|突发|紧急|群众|当事人|信访|上访|访民|接访|嫌疑|罪犯|犯人|犯罪|服刑|刑满|刑释|社区矫正|矫正对象|戒毒|吸毒|在押|收押|入所|出所|被执行|涉案|涉诉|证人|肇事|死者|困难|贫困|特困|脱贫|帮扶|孤儿|孤寡|孤残|留守|未成年|困境|残疾|敬老院|福利院|养老院|慰问|军属|抗战|老党员|见义勇为|劝返|遣返|遣送|押解|押送|护送|安置|援助|精神障碍|肇祸|退休|老干部|老同志|务工|迷路|滞留|退役|退伍|新兵/

/** An authority's work with what others do for themselves. */
const WORK =
  /督查|督导|督办|巡查|巡逻|巡防|整治|查处|查办|侦办|治理|执法|执勤|安保|维稳|监管|监督|调查|取证|勘查|勘验|审计|调研|座谈|研讨|会议|开会|研判|协调|调解|投诉|扰民|噪[音声]|噪声|宣传|普法|普查|安全检查|专项|秩序|疏导|案(?:件|$)|诈骗|纠纷|事故|防火|消防|暗访|明察|走访|评估|验收|登记处|移风易俗|红白理事会|推进会|现场会|动员会|(?:开展|进行|联合|组织|实地|现场|抽查|例行)检查|检查(?:$|组|工作|[^身体]{0,4}(?:情况|落实|安全|工作))/

/** Words by which somebody says that it is for themselves. */
const SELF =
  /(?<!当事人|被害人|受害人|嫌疑人|申请人|被告人|证人)本人|我(?!们|市|省|县|区|院|局|委|办|队|科|处|厅|国|单位|方|军|镇|乡|村|街)|自己|自家|私人|私事|顺便|顺路|顺道|家里|老家|休假|年假/

interface Sense {
  words: RegExp
  /** Said in the same clause, it is an authority's work. */
  unless: RegExp
}
const one = (...some: readonly string[]): RegExp => new RegExp(some.join('|'), 'i')
const either = (...some: readonly RegExp[]): RegExp => new RegExp(some.map(({ source }) => source).join('|'))

const CARE_OR_WORK = either(CARE, WORK)

const PRIVATE: readonly Sense[] = [
  {
    // 接送子女、家属
    words: one(
      `(?:接送|接|送|带|陪同?|搭|捎)${NEAR(6)}${KIN}`,
      `${KIN}${NEAR(4)}(?:上学|放学|入学|开学|上课|补课|返校|高考|中考|出院)`,
      `(?:接|送)${NEAR(6)}(?:上学|放学|返校|补习班|兴趣班|幼儿园)${END}`,
      '家长会|(?:幼儿园|学校)接(?:人|$)',
      `(?:给|为|替|帮)${KIN}[^、]{0,10}(?:报名|手续|上学|入学)|${KIN}(?:报名|生病|住院|急诊|生孩子|生产|发烧)`,
      `(?:给|帮|替)(?:领导|自己的?|我)?(?:家里?|${KIN})(?!做|讲|普法|谈|送达|通报|反馈|答复)`,
    ),
    unless: either(
      CARE,
      /家长会[^、]{0,4}(?:宣讲|普法|宣传|授课|法治)|(?:宣讲|普法|法治)[^、]{0,10}家长会|问题|政策|协调会|座谈会|调研|思想工作|笔录|告知|善后|情绪|沟通|谈话/,
    ),
  },
  {
    // 探亲、访友
    words: one(
      '探亲(?!房|假|制度|政策|规定|管理)|省亲|回(?:老家|娘家|婆家)|走亲戚|走亲访友|串亲|访友',
      '回家(?!访)|返乡|回[^、]{0,4}(?:老家|村里|乡下|农村)|老家来人|(?:送|接)老人',
      `(?:拜访|看望|探望|看|约见)(?:老|生病的?|住院的?)?(?:${KIN}|老人|老师|病人)`,
      '(?:老同学|老战友|老朋友|老乡)[^、]{0,4}(?:见面|相聚|小聚)',
      '(?:同学|战友|老乡|朋友|家庭|私人|班级)(?:聚会|聚餐)|(?:同学|战友|老乡)会(?=$|[、\\s活])',
      '聚餐|聚会|吃饭|喝酒|饮酒|赴宴|宴请|请客|吃席|吃酒|饭局|应酬|唱歌|卡拉OK|KTV|打牌|打麻将|泡吧|足浴|按摩|桑拿|洗浴|美容|美发|理发|健身(?!步道|路径|器材)|相亲|约会|散步|拜年|送礼(?!金)|(?:去|陪[^、]{0,6})打球',
    ),
    unless: CARE_OR_WORK,
  },
  {
    // 旅游
    words: one(
      `(?:去|到|赴|前往|外出|出去|自驾|家庭|集体|跟团|亲子|周末|组织|带|团建)${NEAR(10)}(?<!文化|文|涉|全域|乡村|红色|智慧|生态|工业|促进)旅游(?=$|[、\\s]|度假|观光|散心|休闲|团|几天)`,
      '(?:考察|学习|工会|疗养)旅游$|^旅游(?=$|[、\\s]|度假|观光|散心|休闲)',
      '(?:去|到|出去|外出|带)[^、]{0,12}玩(?=$|[、\\s]|[一二两三几\\d]|耍|玩)|出去转转|[来去]玩$|旅行(?!社|团|袋|商)|休闲(?!农业|广场|区|街)|打高尔夫|(?:果园|农园|大棚)?摘(?:水果|草莓|葡萄|桃|橘)|兴趣班|游玩|游览|观光(?!农业|园|车|巡)|自驾游|[一二三两\\d]日游|亲子游|度假(?!区|村|酒店|山庄|中心)|散心|郊游|踏青|春游|秋游|赏[花枫雪]|采摘(?!园|节)|爬山|登山(?!队|节|步道|比赛|活动)|钓鱼(?!执法|岛)|垂钓|泡温泉|看海|露营(?!地)|野餐',
      '农家乐(?:玩|吃|休|聚|$)|逛(?:街|公园|景|商|超|古镇|庙会)|滑雪(?!场)|看(?:电影|演唱会|球赛|演出)',
    ),
    unless: CARE_OR_WORK,
  },
  {
    // 婚丧
    words: one(
      `(?:参加|出席|赴|去|吃|喝|办|操办|帮办|送)${NEAR(10)}(?:婚礼|婚宴|喜宴|喜酒|酒席|葬礼|丧事|婚事|满月|升学宴|谢师宴|寿宴|生日|周岁|乔迁|订婚|定亲|喜事|白事)`,
      '奔丧|吊孝|吊唁|丧事|丧葬$|出嫁|订婚$|办(?:酒|喜事)(?=$|[、\\s])|(?:喝|吃)[^、]{0,4}酒(?=$|[、\\s])|接新[郎人]|迎亲|接亲|娶亲|接新娘|婚车|扫墓|上坟|祭祖',
      `(?:儿子|女儿|朋友|亲戚|同学|本人|家里|同事)结婚|结婚${END}|(?:办|领|拍)${NEAR(4)}结婚`,
      '(?:家里|家中|家人|亲属|亲戚|岳父|岳母|父亲|母亲|爷爷|奶奶)[^、]{0,6}(?:去世|过世|病故|丧|白事|出殡|火化|后事)',
    ),
    unless: either(CARE, WORK, /集体婚礼/),
  },
  {
    // 购物和家事
    words: one(
      '购物(?!中心|广场|商场|街|公园|节|平台|卡|点)|买(?:菜|年货|衣|房|车|家具|家电|礼物|东西|手机|药|烟|酒|个人)|逛超市',
      '(?:取|拿|寄)(?:个人|私人|本人|家里)?的?(?:快递(?!文件|材料|公函|函|公文)|包裹|网购)|搬东西|搬家(?!公司)|搬运?(?:个人|私人|家具)|装修(?:自|房|新|家)',
      `(?:看|买|收|验|选|租)新?房${END}|办理?(?:个人|私人|自己|本人|家庭)|办私事|私事|私人(?:事|外出|用车|行程)|家[里中]有?(?:急|私)?事|家庭?(?:私事|事务)|私家车|私车|私用|自用$|(?:个人|自己)[^、]{0,4}用车|借车|水电费|物业费?(?:交费|缴费)|(?:办|换)[^、]{0,4}(?:社保卡|银行卡|驾照)|银行办卡|驾照(?:换证|体检|年审)|个人(?:工资|物品|行李)|房产证|(?:房产|房屋|车辆|二手车)[^、]{0,2}过户|办(?:理)?[^、]{0,4}(?:身份证|护照|签证|通行证|结婚证|驾驶证|居住证)`,
      '(?:拉|运|取)(?:家具|家电|自家|家用)',
    ),
    unless: either(CARE_OR_WORK, /慰问品|办公|会议|公共?租赁?房|出访|团组|外事/),
  },
  {
    // 就医, but not 公务伤病
    words: one(
      '看病|看牙|看中医|探病|(?:给|帮|替)[^、]{0,4}(?:拿药|取药|买药)|(?:去|到)[^、]{0,6}医院(?:检查|看看)?(?=$|[、\\s])|住院手续|牙疼|看医生|就医|就诊|挂号|产检|陪护|陪床|接种疫苗|打疫苗|做手术',
      '(?:去|到|做|本人|个人|自己|带)[^、]{0,8}(?:体检|检查身体|复查|化验|住院|输液|拿药|取药|配药|拆线)',
      '(?:医院|门诊|诊所)[^、]{0,4}(?:取药|拿药|配药|复查|体检|拆线|输液|检查身体)',
    ),
    unless: either(
      CARE,
      /督查|督导|巡查|整治|调研|执法|监管|座谈|会议|案件|安全检查|监所|看守所|改革|医保|结算|统一组织|(?:组织|安排)[^、]{0,10}体检|(?:干警|民警|入职|录用|招录|新警|征兵|老干部)[^、]{0,6}体检|卫生院检查/,
    ),
  },
  {
    // 学车
    words: one(
      '学车|练车|考驾(?:照|证|驶证)|报考驾|学驾驶|驾校(?:学|练|报|考|上)|科目[一二三四](?:考|练|$|[、\\s])|(?:参加|去|约)驾考',
    ),
    unless: CARE_OR_WORK,
  },
]

const clausesOf = (text: string): string[] =>
  halfWidth(text)
    .split(/[,。;:!?\n]/)
    .map(clause => clause.trim())
    .filter(clause => clause !== '')

const means = (text: string, { words, unless }: Sense): boolean =>
  clausesOf(text).some(clause => words.test(clause) && (SELF.test(clause) || !unless.test(clause)))

/** CAR-01: 接送子女或家属, 探亲, 访友, 旅游, 婚丧, 购物, 就医 (but not 公务伤病), 学车. */
export const isPrivate = (purpose: string): boolean => PRIVATE.some(sense => means(purpose, sense))

const COMMUTE: Sense = {
  words: one(
    '上下班(?!高峰|途中|时间|时段|秩序|打卡|纪律|考勤|制度|情况|期间)',
    '(?:接|送)[^、]{0,10}(?:上班|下班)(?!途中|高峰|时间)',
    '通勤(?!航|道路|圈|规律|廊道)|(?:每天|每日|日常|每天早晚|早晚)接送',
    '(?:从|到)家(?:里|中)?[^、]{0,4}(?:接|送)|(?:家|住处|住所|小区)[^、]{0,8}[到去来]单位(?:上班)?(?=$|[、\\s])|接[^、]{1,8}(?:从家|住处|小区)[^、]{0,4}(?:到|去|来)单位',
    `送[^、]{0,6}(?:领导|主任|书记|局长|院长|处长|科长|同事|干警)${NEAR(4)}回(?:家|住处|住所)`,
    '(?:去|到)单位上班|下班回家|上班用车|下班用车|(?:早上|早晨|清晨|晚上|傍晚|每天|每日)(?:接|送)(?!警)|送?我上班|^上班$|^下班$',
  ),
  unless: CARE_OR_WORK,
}

/** CAR-02. */
export const isCommute = (purpose: string): boolean => means(purpose, COMMUTE)

const TRAINING: Sense = {
  words: one(
    `(?:外出|参加|赴|去|到|前往|接受|跟班|报名)${NEAR(16)}(?:培训班?|进修|学习班|研修班?|轮训|集训|短训|研讨班|学历班|面授|听课|考试|面试|笔试|复试)(?!中心|基地|机构|工作|会议?|会场|教材|资料|场地|需求|市场|监督|巡视|巡考|考务|安保|保障)`,
    `(?:外出|赴|去|到|前往|跟班|脱产|在职|参加)${NEAR(12)}(?<!中心组|理论)学习(?=$|[、\\s]|班|培训|一周|一个月|[一二三两\\d]+天)`,
    '^(?:培训|进修|学习|考试|学习班|面试|笔试|集训|轮训)(?=$|[、\\s])|脱产|外出(?:培训|学习|进修)|进修|继续教育|考研|自考|MBA|MPA|在职研究生',
  ),
  unless:
    /授课|讲课|宣讲|讲座|讲学|监考|巡考|考务|考场|试卷|阅卷|命题|(?:为|给|对|向)[^、]{1,16}(?:培训|授课)|(?:开展|举办|主办|承办|筹备|主持|调研|检查|督导|督查|考察|指导|出席|保障|服务|观摩|评估|对接|洽谈|商谈|联系|验收)[^、]{0,16}(?:培训|考试|进修|轮训|学习|集训|面试)|组织(?![^、]*(?:参加|外出|赴|前往))[^、]{0,14}(?:培训|考试|面试)|结业|开班|开学典礼|中心组|党课|党日|学习(?:贯彻|宣传|型|强国|室|教育|成果|心得)|(?:考试|培训|面试)[^、]{0,6}(?:安保|执勤|秩序|巡逻|监督|纪律|作弊|舞弊|诈骗)|试题押运|押运/,
}

/** CAR-03: whoever goes to be taught or examined; not who teaches, examines, inspects. */
export const isTraining = (purpose: string): boolean => means(purpose, TRAINING)

/** CAR-03: told to be a journey of the whole unit. */
export const isCollective = (purpose: string): boolean =>
  /统一组织|集体|组织[^、]{0,12}(?:参加|外出|赴|前往)/.test(purpose)

const VAGUE =
  /^(?:(?:我|本人|领导|科室|单位|临时|因|因为|要|需|需要|去|到|外|外面|市里|县里|区里|有|一些|点|下|处理|办理|办|相关|有关|其他|其它|工作|公务|公事|业务|事务|事情|事项|事宜|事|外出|出去|出差|出行|用车|用|车|活动|开会|会议|调研|检查|接人|送人|接送|办公|正常|日常|急|需求|使用|派|一趟|一下|跑|的|等|公干|任务|安排|忙)\s*)+$/

/** Characters that tell something: no signs, no spaces. */
const tellingIn = (text: string): number => (text.match(/[\p{L}\p{N}]/gu) ?? []).length

const LEAST_ALONE = 4

/**
 * CAR-04: missing, too short or vague. A short 事由 may lean on the place (区法院 + 调研座谈), as in the request that product.md 6 gives.
 */
export function isVague({ purpose, destination }: { purpose: string; destination: string }, least: number): boolean {
  const telling = tellingIn(purpose)
  if (
    VAGUE.test(
      halfWidth(purpose)
        .replace(/[\p{P}\p{S}]/gu, '')
        .trim(),
    )
  )
    return true
  return telling < least && (telling < LEAST_ALONE || telling + tellingIn(destination) < least)
}

const CONFIDENTIAL = /机要|涉密载体|密件|密码(?:设备|机)|保密(?:载体|件)|交换站|密码电报|密电/
const ENFORCEMENT =
  /执法|办案|执行(?!工作|情况|局)|巡逻|巡防|巡查|安保|处突|维稳|出警|处警|接警|勘查|勘验|抓捕|缉捕|押解|押送|提审|提讯|讯问|询问|侦查|侦办|取证|搜查|查封|扣押|查缉|设卡|执勤|值勤|备勤|警卫|护卫|解救|搜救|追逃|追赃|送达|拘留|收押|逮捕|宣判|开庭|庭审|出庭|布控|摸排|走访排查|处置|应急|抢险|救援|接返|劝返|遣返|缉毒|禁毒|交通管制|疏导|核查/
const OFFICE_WORK =
  /开会|会议|培训|接待|采购|购买|送文|取文|送材料|取材料|报送|领取|后勤|食堂|慰问|座谈|调研|汇报|办公用品|保养|搬运|财务|报账|存款|取款|档案|参观|观摩|接站|送站|接机|送机|党日|植树|打印|印刷/
const SPECIAL =
  /勘查|勘验|检验|检测|鉴定|技术|侦查|侦察|通信保障|应急通信|指挥车|现场指挥|排爆|消防|救护|救援|抢险|押运|囚车|押解|押送|提押|无人机|采样|监测|测绘|巡回法庭|流动|科技法庭|直播|图传|采集|处置|解剖|尸检|清障|水炮|防暴|处突|移动警务|通讯/

/** CAR-10 … 12: which car a trip may not have, for its purpose. */
export function misusesCategory(category: Category, purpose: string, ground: Ground): boolean {
  if (category === 'confidential') return !CONFIDENTIAL.test(purpose)
  if (category === 'enforcement') {
    const isFront = ENFORCEMENT.test(purpose)
    return !isFront && (ground !== 'duty' || OFFICE_WORK.test(purpose))
  }
  return category === 'special' && !SPECIAL.test(purpose)
}

const LEISURE =
  /景区|景点|风景(?:名胜)?区?|旅游(?:区|度假区|点)|度假(?:村|区|酒店|山庄)|会所|娱乐|夜总会|歌厅|KTV|卡拉OK|酒吧|洗浴|温泉|足浴|桑拿|高尔夫|游乐|主题公园|动物园|海洋馆|农家乐|棋牌|电影院|影城|古镇(?:景|旅)|民宿|滑雪场|漂流/i
const LEISURE_OFFICE =
  /(?:景区|度假区|旅游区|风景区|娱乐)[^、]{0,6}(?:派出所|管委会|管理(?:局|处|委员会|中心)|分局|法庭|检察室|司法所|警务室|警务站|综治中心|社区|街道|办事处|服务中心)/

/** CAR-29. */
export const isLeisurePlace = (place: string): boolean => LEISURE.test(place) && !LEISURE_OFFICE.test(place)

const RECEPTION: Sense = {
  words: /接待|招待|陪同[^、]{0,12}(?:来宾|客人|考察团|参观团|来访团)|迎接[^、]{0,10}(?:来宾|客人|考察团|检查组)/,
  unless:
    /接待(?:群众|市民|公众|居民|师生|学生|来访群众|来访人|来访|上访|信访|室|日|大厅|中心|站|窗口|费|律师|家属|场所|能力|当事人)|(?:信访|来访|群众|上访|诉讼服务|律师|公务)[^、]{0,6}接待(?!用车)|接访|公务接待(?:费|管理|制度|专项|情况|检查|标准|审计|规定|自查)|接待[^、]{0,8}(?:督查|检查|审计|自查|整治|专项|座谈会)/,
}

/** CAR-31. */
export const isReception = (purpose: string): boolean => means(purpose, RECEPTION)

/** A 公函's number, as it stands on the letter: 江州委函〔2026〕12号. */
export const namesLetter = (basis: string): boolean =>
  /函|[〔［[((【]\s*20\d\d\s*[〕］\]))】]/.test(basis) && /\d+\s*号/.test(halfWidth(basis))

const STATION =
  '(?:机场|航站楼|高铁站|火车站|动车站|汽车站|客运站|车站|北站|南站|东站|西站|码头|港口|渡口|高速(?:公)?路?(?:出|入)?口|收费站|辖区边界|边界|市界|省界|县界)'
const WELCOME: Sense = {
  words: one(`迎送|(?:迎接|欢迎|列队|送行|欢送)${NEAR(14)}${STATION}|${STATION}${NEAR(8)}(?:迎接|欢迎|送行|欢送|列队)`),
  unless: /整治|(?:检查|督查)(?!组|团)|严禁|禁止|专项|自查|通报/,
}
const TRANSFER: Sense = {
  words: one(
    '接站|送站|接机|送机|接送站|接送机',
    `(?:接送|接|送)(?!达|交|审|件|文|卷|材料|物资|检|返)${NEAR(14)}${STATION}`,
    `${STATION}${NEAR(6)}(?:接送|(?<![对衔链连直])接|送)(?!警|处|管|入|种|访|待|到|受|返|达|交|件|文|卷|材料|物资|检|报|续)`,
  ),
  unless: either(
    CARE,
    /押|警务|巡逻|巡查|安保|执勤|检查|督查|反恐|公文|文件|卷宗|机要|设备|材料|物资|赃物|快件|包裹|整治|安检|开通|建设/,
  ),
}

const AT_STATION = one(STATION)

/** CAR-32: F for 迎送, A for fetching guests from a station and taking them there. */
export function stationDuty({ purpose, destination }: { purpose: string; destination: string }): 'F' | 'A' | undefined {
  const text = AT_STATION.test(destination) ? `${purpose}${destination}` : purpose
  if (means(text, WELCOME)) return 'F'
  return means(text, TRANSFER) ? 'A' : undefined
}

/** Whatever the trip is for: a case by its number or parties, a document of some secrecy. */
const SECRET_ANYWHERE =
  /[〔［[((]20\d\d[〕］\]))][\u4e00-\u9fff]{1,3}\d{0,4}[\u4e00-\u9fff]{1,4}\d+号|(?:绝密|机密|秘密)(?:级|件|文件|★)|涉嫌[\u4e00-\u9fff]{1,12}(?:罪|案)|(?:犯罪嫌疑人|嫌疑人|被告人|罪犯|线人|举报人)[\u4e00-\u9fff]某|某[某甲乙丙一二三]?(?:涉嫌|被|等人|盗窃|诈骗|杀人|贩毒)|技侦|侦控|秘密力量|线人/
/** On a trip for 机要 or 办案. */
const SECRET_THERE =
  /[《〈][^》〉]{1,60}[》〉]|[〔［[((【]\s*20\d\d\s*[〕］\]))】]\s*(?:第)?\s*\d+\s*号|[\u4e00-\u9fff]{2,8}(?<!此|本|该|各类?|专|命|要|个|办|查|审|重大)(?:杀人|盗窃|诈骗|贩毒|涉黑|涉恶|受贿|抢劫|强奸|绑架|爆炸|投毒|走私|伤害|涉枪|赌博)(?:专)?案|[\u4e00-\u9fff]{1,3}某(?:某|甲|乙)?|布控|蹲守|抓捕|收网|特情|专案|留置|监视居住地|嫌疑人(?:住处|藏匿|窝点)|窝点|藏匿|密级|密电第?\d+|电报号/
const CASEWORK = /机要|办案|涉密|专案|抓捕|侦查|侦办|收网|布控|蹲守|缉捕|讯问|提审|搜查|留置/

/** CAR-40: particulars of 机要 or 办案 in what is stored and shown to others; of a 依据 its number is wanted. */
export function tellsSecrets(
  of: Pick<TripWish, 'purpose' | 'basis' | 'destination' | 'via' | 'remark' | 'guests' | 'category' | 'ground'>,
): boolean {
  const text = halfWidth([of.purpose, of.destination, of.via, of.remark, of.guests].join('\n'))
  const isCloseTo = of.category === 'confidential' || of.ground === 'duty' || CASEWORK.test(text)
  return SECRET_ANYWHERE.test(`${text}\n${halfWidth(of.basis)}`) || (isCloseTo && SECRET_THERE.test(text))
}

const GROUND_WORDS: ReadonlyArray<readonly [Ground, RegExp]> = [
  ['urgent', /机要|抢险|救灾|防汛|抗洪|突发|应急处置|紧急|急救|送医|火灾|地震|事故处置|存取现金|涉密载体/],
  [
    'duty',
    /执法|办案|巡逻|巡防|安保|处突|出警|处警|押解|提审|勘查|抓捕|送达|强制执行|执行任务|执勤|备勤|维稳|取证|出庭|接返|劝返/,
  ],
  ['joint', /联合(?:检查|督查|督导|执法|调研|整治|巡查|行动)|跨部门|会同[^、]{1,12}(?:检查|督查|督导)/],
  ['group', /统一组织|集体活动|集体(?:参观|观摩|植树)|主题党日|义务植树/],
  ['survey', /调研|座谈|走访|实地考察|蹲点|下访|慰问/],
  [
    'important',
    /全市[^、]{0,12}会|全省[^、]{0,12}会|常委会|全委会|党代会|人代会|政协会|外事|迎检|上级(?:来人|领导|检查|督导|考核)|考察团|专题汇报|向(?:市委|省委)[^、]{0,6}汇报/,
  ],
]

/** The ground of 4.2 that a 事由 suggests; undefined where it suggests none. */
export const groundOf = (purpose: string): Ground | undefined =>
  GROUND_WORDS.find(([, words]) => words.test(halfWidth(purpose)))?.[0]
