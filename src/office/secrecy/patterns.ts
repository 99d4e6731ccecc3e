import { surname } from '../../kit/surname.ts'
import { tellsJourney } from './journey.ts'
import { loosely, matching } from './loose.ts'
import { GAP } from './normal.ts'
import { cardNumbers, identityNumbers, passNumbers, type Span, spans } from './numbers.ts'
import { PETITION, petitionersNumbers } from './petitioners.ts'
import type { Action, Place, RuleId } from './rule-book.ts'

/** What a rule looks for in a text of the normal form, and what it does about it. */
export interface Pattern {
  rule: RuleId
  /** What no text can do without in which something is found: it spares most texts the search. */
  needs: RegExp
  /** By place, and of a form by what it is about; undefined: the rule does not look there. */
  does: (place: Place, text: string, subject?: string) => Action | undefined
  /** Everything it finds, or, where nothing is masked, the first is enough. */
  find: (text: string) => Iterable<Span>
}

const everywhere = (action: Action) => () => action
const byPlace = (actions: Partial<Record<Place, Action>>) => (place: Place) => actions[place]

const LEVEL = '(?:绝密|机密|秘密)'
/** What may stand between a level and its star. */
const APART = '[ ·:,()\\[\\]"\\n]{0,4}'
const TERM = '(?:\\d{1,3}[ ]?(?:年|个月|天|日)|长期|[^ \\n]{1,12}前)'

/** What joins the levels where they are listed: signs, letters of a choice, and the terms that the law gives them; in a table, that there are none, and a line of `x`. */
const JOINS =
  '(?:~级)?(?:~国家秘密)?(?::0(?!\\d))?(?:\\nx)?(?:~(?:的~)?(?:保密期限~)?(?:不~超~过~|为~|是~)?(?:\\d{1,2}|[二三]?~十)~年)?[ ·,:()\\[\\]"\\n]{0,4}(?:x{1,20}\\n(?:密级:)?)?(?:[和及或与]|[a-d](?![a-z]))?[ ·,:()\\[\\]"\\n]{0,4}'

/** 绝密、机密和秘密, as laws are taught, in either order, and the terms of the law itself; not so many papers of each. */
const TAUGHT = loosely`
  (?:绝密 ${JOINS} 机密 ${JOINS} 秘密 | 秘密 ${JOINS} 机密 ${JOINS} 绝密) (?!(?:~级)?(?:~的)?~(?:文件|材料|资料|件)[^\n]{0,6}\d)
  | ${LEVEL}级[^\n★]{0,12}不超过(?:三十|二十|十|[123]0)~年
  | (?:${LEVEL}~级[^★\n]{0,6})?${LEVEL}~级国家秘密 (?=~(?:是|的|,|和|或|载体))
`

/** Not 拒绝密切…, 手机密码, 司机密切… */
const ABSOLUTE = '绝密(?!切(?![勿莫忌记])|[集码封闭钥度植布云])'
const CONFIDENTIAL =
  '(?<!商~业~|企~业~)机密(?!切(?![勿莫忌记])|[性码闭封集度钥植布谋云]|评(?![估审级定])|不~[可透]|~计~算)'
/** How secret the things are that a machine is for. */
const MACHINES = loosely`(?:计算|打印|复印|传真|一体|[主单整手])机密级(?:标识|标签|标志|标注|管理|登记)`
const SECRET = '(?<!商~业~|工~作~|国~家~|企~业~|术~|判~|察~|务~)秘密~(?:级(?!别)|文件)'

/** The head 密级 behind something that ends with one of these: 打印机,密级:非密 or one cell beneath another. */
const LEVEL_HEAD = loosely`[机秘][ ·]?[,:()\[\]"\n][ ·,:()\[\]"\n]{0,10}密级 (?=[ ·]?(?:[:(\n]|$))`

const HARMLESS_LEVELS = new RegExp(`${TAUGHT.source}|${MACHINES.source}|${LEVEL_HEAD.source}`, 'gm')

/** The same within its line: at the beginning of the next one a star counts what stands there. */
const BESIDE = '[ ·:,()\\[\\]"]{0,4}'
const LEGAL_TERM = '(?:\\d{1,3}[ ]?(?:年|个月|天(?!内))|长期|(?:启用|解密|公布|公开|发布|宣布|开考|开标)[^ \\n]{0,4}前)'

const STATE_SECRETS = matching(
  loosely`(?<!商~业~|工~作~) ${LEVEL} (?:~级)? (?: ${BESIDE} ★ | ${APART} [★*] ${APART} ${LEGAL_TERM} | ${BESIDE} \*{1,3} ${APART} ${TERM} | ${BESIDE} (?<!\*~${LEVEL}(?:~级)?${APART}) \*(?!\*) )`,
)
/**
 * Marks without a star: in brackets of their own, or with a term at the beginning of something, also on the next line. Only the level is
 * found, so that it may be part of how the law is taught.
 */
const MARKS_WITHOUT_STAR = matching(
  loosely`
    (?:(?<=\[[ ·]?)|(?<=^[ ·]?\([ ·]?)) ${LEVEL} (?:~级)? (?=[ ·]?[)\]](?!~(?:级|投票)))
    | (?<=(?:^|[ ([·"])) ${LEVEL} (?:~级)? (?=[ ·"(]{0,3}\d{1,2}[ ]?年(?![ ·]?[前来后间内之以多的里级]))
    | (?<=^[ ·]?) ${LEVEL} (?:~级)? (?=[ ·]?\n[ ·]?\d{1,2}[ ]?年[ ·]?(?:\n|$))
  `,
  TAUGHT,
)
const LEVELS = matching(
  loosely`(?<![绝机秘]|最~高~)密级~ (?:(?:(?:和|及)~)?保密期限~)? (?:(?:为|是|定为)~)? ${LEVEL}`,
  TAUGHT,
)

/** A copy's number by itself on a line, near a mark of a secret (SEC-09). */
function* copyNumbers(text: string): Iterable<Span> {
  const marks = [...STATE_SECRETS(text), ...LEVELS(text)]
  if (!marks.length) return
  const lines = spans(text, /^.*$/gm)
  const lineOf = (at: number) => lines.findIndex(({ to }) => to >= at)
  const marked = new Set(marks.slice(0, MARKS).map(({ from }) => lineOf(from)))
  for (const [i, line] of lines.entries())
    if (/^[ ·]?\d{6}[ ·]?$/.test(text.slice(line.from, line.to)) && isNear(marked, i)) yield line
}

const MARKS = 20
const isNear = (marked: ReadonlySet<number>, line: number): boolean =>
  [-3, -2, -1, 1, 2, 3].some(away => marked.has(line + away))

const DRAFT = '(?:征求意见稿|讨论稿|送审稿|未定稿|草稿)(?![件子箱纸酬费源])'
const PUBLISHED = /公开征求|向社会(?:公开)?征|面向社会|公开征集|已(?:正式)?(?:公布|公开|印发)/

/** A draft by its mark: in brackets, or at the end of a title or line. */
const DRAFT_MARK = matching(loosely`[(\[《] ~ ${DRAFT} ~ [)\]》] | ${DRAFT} (?=[ ·]?(?:[》"\n]|$))`)

const unpublished = (text: string): Action => (PUBLISHED.test(text) ? 'return' : 'block')

/** Means that are secret themselves; not 一线人员, 热线人工, 流水线人手, 2号线人满为患, nor a line that is held and then a new clause: 守住底线,人人有责. */
const MEANS = loosely`
  技侦(?![查察探]) | 技术侦查措施 | 侦控(?![制申告辩]) | 秘密力量
  | 技术手段监听(?!器) | 秘密监听 | 卧底~(?:民警|警察|干警|侦查员) | (?:嫌疑人|嫌犯|逃犯)(?:~的)?~手机~(?:进行~)?定位
  | (?<![一二三在热战前沿连无光产全条防阵上下离干路专短直曲红视航导主界海岸基准总电网内外支铁公管]|天际|斑马|装配|流水|地铁[ ·]?[\d一二三四五六七八九十]{1,3}号)
    线[ ·★*%]{0,12}人(?![员数工才民们口均气流物群选次社行]|人(?![身员选数])|满(?![意口])|力(?![量求主图])|手(?![机上里中头持])|文(?!化)|防(?!护|范)|身(?![份边上亡])|性化|偶(?!尔|然)|情案|车分)
`
const MEASURES = loosely`
  (?<![分发公宣散颁])布控(?![球制]) | 蹲守 | 蹲点守候 | 抓捕(?![流野犬猫蛇]) | (?<![回接吸征验签招没查代]|渔民|渔船)收网(?![络点格上页站约购吧红民友贷银信])
  | (?<![独奇])特情(?![况景感节怀调趣绪形商]|~(?:处置|应急|演练)) | (?<!项目)专案组 | (?<!行李)留置(?![换于业放办备物其]|的动)
`
const NO_MEASURES = loosely`
  (?:抓捕|布控|蹲守)~(?:(?:战术|技能)~)?(?:培训|演练|演习|训练|比武) | 留置~(?:送达|权|针|导尿|导管)
  | (?:流浪[犬狗猫]|野[狗猪]|犬只|动物)(?:~的)?~抓捕 | 布控~(?:系统|平台|设备)[^\n,]{0,4}(?:维护|维保|运维|采购|招标|升级|巡检|验收)
  | (?:蹲守|蹲点守候)[^\n,]{0,6}(?:渣土|垃圾|偷倒|乱倒|违停|占道|排污|焚烧)
`

/**
 * With the code of a court it is one whatever it ends with, and so is a procuratorate's with its kind; otherwise it may be the number of a
 * letter or a notice.
 */
const CASE_NUMBER = new RegExp(
  [
    '[([]20\\d\\d[)\\]] ?(?![年第度]|提案|(?:公开|[审采招备])字|[一-鿿]{0,3}(?:不动产|房抵))(?:[一-鿿]{1,2} ?\\d{2,4} ?[一-鿿]{1,4}(?<!月) ?\\d{1,6} ?号|[一-鿿]{1,3} ?\\d{0,4} ?[一-鿿]{1,4}(?<![发函督会派办通报纪要期月]第?) ?\\d{1,6} ?号(?!楼|院|厅|窗|会议室))',
    // the brackets left out, with the code of a court
    '(?<!\\d)20\\d\\d ?(?![年第度])[一-鿿]{1,2} ?\\d{2,4} ?[刑民行执破赔委财司][一-鿿]{0,3} ?\\d{1,6} ?号',
    // of the police
    '(?:公 ?[([][一-鿿]{1,6}[)\\]] ?[一-鿿]{1,6}字|公[刑治经禁][一-鿿]{0,3}字) ?[([]20\\d\\d[)\\]] ?第? ?\\d{1,6} ?号',
    '(?<!纪)检[刑民行公未控申审诉捕监][一-鿿]{0,3} ?[([]20\\d\\d[)\\]] ?\\d{1,6} ?号',
  ].join('|'),
  'g',
)

const TITLE = '(?:书记|[市省县区厅局院部]长|主任|常委)(?:~同志)?'
const AS_FOLLOWS = '(?:~(?:如下|指出|要求|强调))?'
/** Its words themselves; a quotation may also stand behind it without a colon. */
const INSTRUCTION = loosely`
  批示${AS_FOLLOWS}~:~" | 作出(?:~了)?(?:~重要)?~批示${AS_FOLLOWS}~:
  | 批示[ ·]?(?:的~)?[原全]文[ ·]?(?:为|是|如下)?[ ·]?:(?=[ ·"]?(?![详另]?见|在|略|另|无|留|不|请到|由)[一-鿿]{2})
  | (?:${TITLE}|领导)(?:~重要)?~批示[ ·]?"(?![^"\n]{0,20}(?:行动|工作|活动|方案|专项|工程)"|精神|件|办|要求|事项|[的和及与中后]|[^"\n]{0,8}批示)[一-鿿]{2}(?:[^"\n]{6,60}"|[^"\n]{0,5}"(?=[ ·,)\n]|$))
`
const ON_PAPER = '在[^\\n,:]{1,14}[上中]'
const INSTRUCTED = loosely`
  ${TITLE}(?:~${ON_PAPER})?(?:~重要)?~批示(?:~(?:内容|精神))?${AS_FOLLOWS}[ ·]?:(?=[ ·]?[一-鿿]{2})
  | (?:${TITLE}|领导)~${ON_PAPER}(?:~重要)?~批示[ ·]?,(?=[ ·]?(?:请|要|务必|责成|同意|抓紧|尽快|立即))
`
/** It is asked for, and none is quoted: 请李局长批示:关于…的请示. */
const ASKED_FOR = loosely`请~[一-鿿]{0,3}~${TITLE}(?:~${ON_PAPER})?(?:~重要)?~批示[ ·]?(?:,|:[ ·"]?(?:关于|《))`
const INSTRUCTION_PICTURE = /批示[^\n]{0,60},(?:jpe?g|png|bmp|gif|webp|heic|tiff?)$/g

const WHO = '(?:举报|检举|控告)~[人者]'
/** Not 举报人曾经反映, 举报人许多来信. */
const NAMED = `(?!曾(?!某)|马上|许[久多]|何[时人]|陈述|张贴)${surname}[一-鿿]{1,2}`
/** What is to be filled in next where nothing was yet, or the next head of a table. */
const BLANK =
  '(?:被?(?:举报|检举|控告|反映|办理|处理|受理)[^ \\n:(]{0,4}|(?:联系|电话|手机|地址|住址|时间|日期|单位|部门|身份|性别|年龄|内容|来源|方式|类型|备注|签名|签字|编号)[^ \\n:(]{0,6})(?:[:(\\n]|$)'
const INFORMANT = loosely`
  ${WHO}~(?:姓名|:(?!~${BLANK})|信息[ ·]?:(?=[ ·"]?(?!严|依|予|不|应|须|要|保|加|见|无|略|姓|匿|填|详)[一-鿿]{2})|(?:是(?!否)|为)(?!~(?:匿名|实名)))
  | ${WHO}~${NAMED}~(?:反映|举报|检举|控告|来电|来信|来访|(?:的~)?(?:联系~)?(?:电话|手机))
`
const PROTECTS = loosely`
  (?:不得|不能|不准|不要|严禁|禁止|严防|防止|避免)[^\n,]{0,6}(?:泄露|泄漏|公开|透露|披露|打听)[^\n,]{0,4}${WHO}姓名
  | ${WHO}姓名[^\n:]{0,12}(?:保密|不得|严禁)
  | (?:保护|鼓励|奖励|关爱)(?:好)?${WHO}[ ·"]?,~为
`

/** A value of four signs at least that nobody would write in words. */
const VALUE = '(?!\\d{1,2}·\\d{1,2}位)(?=[^ \\n一-鿿]{4})[^ \\n一-鿿]{0,3}[a-z0-9]'
/** One in words, which nobody would say of how passwords are to be chosen, kept or asked for. */
const SAID_VALUE =
  '(?!请|[详]?见|由|另|联系|咨询|向[^ \\n]{1,12}(?:申|索|咨|询|领|报|了解|联|要|取)|按|会[前后]|稍后|[找问][^ ,\\n]{1,6}(?:要|拿|取|领|索|科|室|局|员|老师|同志|主任|[小老][一-鿿])|(?:单独|私信|短信|电话|微信|邮件|口头|当面|线下|书面)[^ ,\\n]{0,4}[发告送给说]|自行|统一|定期|[不无未已须应需要可待含以在同与为如若]|至少|必须|禁止|严禁|默认|初始)(?![^ ,\\n]{0,12}(?:密码|口令|评估|应用|检查|培训|宣传|工作|管理|整改|修改|更换|设置|重置|要求|规定|负责|保管|部门|长度|字母|数字|[前后末][\\d一二三四五六七八]位))[一-鿿]{4,8}(?=[ ,·"\\n)]|$)'
/** Letters and digits that are neither a day, a time nor an address. */
const LONELY_VALUE =
  '(?!20\\d\\d(?:年|[·,]\\d)|\\d{1,2}[·,:]\\d|https?:|www,)(?=[^ \\n一-鿿]{0,20}[a-z])(?=[^ \\n一-鿿]{0,20}\\d)[^ \\n一-鿿]{6}'
const PASSWORD = new RegExp(
  [
    `(?<![弱空])(?:口${GAP}令|密${GAP}码)[ ·"]{0,2}(?:为|是)?[ ·"]{0,2}:[ ·":]{0,3}${SAID_VALUE}`,
    `(?:口${GAP}令|密${GAP}码)[ ·"]{0,2}(?:为|是|:)[ ·":]{0,3}${VALUE}`,
    // on the next line by itself
    `(?:口${GAP}令|密${GAP}码)[ ·"]{0,2}:[ ·"]{0,2}\\n[ ·"]{0,3}(?:${LONELY_VALUE}|\\d{6}(?=[ ·]?(?:\\n|$)))`,
    // right behind the word, with a digit, and no day
    `(?:口${GAP}令|密${GAP}码)[ ·"]{0,2}(?!20\\d\\d·\\d{1,2}·\\d{1,2})(?=[a-z·]{0,20}\\d)[a-z0-9·]{6}`,
    '(?<![a-z])(?:pass(?:word|wd|code)|pwd)[ ·"]{0,2}(?::[ ·":]{0,3}(?!required|reset|change|polic|must|too |not )|[· ][ ·":]{0,3}(?=[a-z·]{0,20}\\d))[a-z0-9·]{4}',
    '·begin (?:[a-z]{2,10} ){0,2}private key',
    '(?<![a-z0-9])(?:akia[a-z0-9]{16}|gh[pousr]·[a-z0-9]{20}|sk·[a-z0-9·]{20}|eyj[a-z0-9]{10}[a-z0-9·]{0,200},eyj)',
    '(?<![a-z0-9])(?:access|api|app|secret|client|auth|private)[·, ]?(?:key|secret|token)[·, ]?(?:id|secret)?[ ·"]{0,3}:[ ·"]{0,3}(?=[a-z·]{0,30}\\d)[a-z0-9·]{8}',
    '(?<![a-z0-9])(?:token|bearer)[ ·":]{1,4}(?=[a-z·]{0,30}\\d)[a-z0-9·,]{16}',
    // root/Admin@2026, and no address
    '(?<![a-z0-9·])(?:root|admin|administrator)·(?!user|list|report)[a-z][a-z0-9]{1,19}·\\d{3,8}(?![a-z0-9·]|,[a-z0-9])',
    '(?:密钥|私钥|令牌|授权码)[ ·"]{0,2}(?:为|是|:)[ ·"]{0,3}(?=[a-z·]{0,30}\\d)[a-z0-9·]{8}',
  ].join('|'),
  'g',
)
/** The number by which one joins a video meeting stands in its notice, or next to the meeting's in a table. */
const JOINING =
  /(?:(?:会议|入会|参会)(?:密码|口令)|会议(?:号|id)?[ ·]?:?[ ·]?\d[\d ·]{7,14}[ ,:\n·]{0,3}(?:x\n)?(?:会议|入会)?(?:密码|口令))[ ·]?:?[ ·\n]{0,3}\d{4,8}(?![a-z0-9])/g

const SPELT =
  '(?:(?<![a-z])j[ ·]?i[ ·]?m[ ·]?i(?![a-z])|(?<![a-z])j[ ·]?u[ ·]?e[ ·]?m[ ·]?i(?![a-z])|[绝机][ ·,]?mi(?![a-z])|(?<![a-z])(?:jue|ji)[ ·,]?密)'
const PAPERS = '(?:文件|资料|会议|材料|内容|事项)'
/** A letter for a character: 涉M文件. */
const LETTER = '(?:(?<![手司飞主相])[涉绝机秘][ ·]?m|(?<![a-z0-9·])jm)'
const SPELT_LEVEL = new RegExp(
  `${SPELT}[^\\n]{0,10}?${PAPERS}|${PAPERS}[^\\n]{0,10}?${SPELT}|${LETTER}[ ·]?(?:级[ ·]?)?(?:文件|资料|材料|会议)`,
  'g',
)

/** A figure that is neither a date, a time nor a number of something else. */
const FIGURE =
  /(?<![\da-z第([]|\d[:·,])\d{1,6}(?!\d|[:·]\d|%|[ ·]?(?:月|日|号|年|点|时|分|周|季|级|届|期|次|版|份|项|条|稿|页|册|章|天|小时|个工作日|元|万元|米|公里|平方|楼|层|室))/g
const FORCES = loosely`(?:枪支|弹药)(?!罪)|枪弹(?!罪)|(?:出动|投入|调集|抽调)~警力(?=~[约共计近逾超]{0,2}~\d)|警力部署|安保方案|处突预案|值班警力`
const FIGURE_WITHIN = 20
/** Further back no item before it is looked for. */
const LIST_BACK = 500

/** Forces, and how many, in one line (SEC-20): not how many ride along in a 用车, nor the place of an item in a list. */
function* forceFigures(text: string): Iterable<Span> {
  const drives = DRIVES.test(text)
  const figures = spans(text, FIGURE).filter(one => !isListed(text, one) && !(drives && areRiders(text, one)))
  let next = 0
  for (const { from, to } of figures.length ? spans(text, FORCES) : []) {
    while (next < figures.length && (figures[next]?.from ?? 0) < to) next++
    const figure = figures[next]
    if (figure && figure.from <= to + FIGURE_WITHIN && !text.slice(to, figure.from).includes('\n'))
      yield { from, to: figure.to }
  }
}

/** `2、` where `1、` stands before. */
function isListed(text: string, { from, to }: Span): boolean {
  if (!' ,\n'.includes(text.charAt(from - 1)) || !/^,(?!\d)/.test(text.slice(to, to + 2))) return false
  const before = Number(text.slice(from, to)) - 1
  return new RegExp(`(?:^|[^\\d])${before},`).test(text.slice(Math.max(0, from - LIST_BACK), from))
}

const areRiders = (text: string, { from, to }: Span): boolean =>
  ' ,'.includes(text.charAt(from - 1)) && /^ ?人(?:[ ,·\n]|$)/.test(text.slice(to, to + 3))

const SUBJECT = '(?:会议|活动|文件|材料|资料|任务(?!书))'
const SECRET_SUBJECT = loosely`涉密~(?:${SUBJECT}|工作会议|专题会)`
const NO_SUBJECT = loosely`
  (?:非|不|未|无|是否)~涉密~${SUBJECT}
  | (?:不得|不能|不要|严禁|禁止|切勿|请勿)[^\n,]{0,6}(?:讨论|谈论|涉及|携带|传输|传递|发送|存储|处理|记录|拍摄|上传|发布)[^\n,]{0,6}涉密~${SUBJECT}
  | 涉密~${SUBJECT}[^\n,]{0,8}(?:办法|规定|制度|规范|培训|检查|自查|清退|清理|销毁|一览表|台账|宣贯|宣讲|案例|保障|登记)
  | 涉密~${SUBJECT}[^\n ,交送报给到向]{0,4}管理(?![科处局员室站部中])
`

const MOBILE_LONG = /\d(?:[ ·]?\d){10}/
const CARD_LONG = /\d(?:[ ·]?\d){15}/

const personal = (_: Place, text: string): Action => (PETITION.test(text) ? 'block' : 'mask')

/** Begins with one of the commands as the bot takes them: glued to its argument only after a sign, and only in Chinese. */
const begins = (...words: readonly string[]): RegExp => {
  const glued = words.map(word => (/^[a-z]/.test(word) ? `${word}(?![a-z0-9])` : word))
  return new RegExp(`^ ?(?:·[^ \\n]{1,30} )?(?:(?:${words.join('|')})(?=[ :\\n]|$)|[·,] ?(?:${glued.join('|')}))`)
}
const MEETING = ['会议', 'meeting', 'hy']
const CAR = ['用车', 'car', 'yc']
/** Whose forms say who comes when and whereto: that is what they arrange. */
const ARRANGES: readonly string[] = ['meeting', 'car']
const CALLS_OR_DRIVES = begins(...MEETING, ...CAR)
const DRIVES = begins(...CAR)
/** What makes a new matter. */
const MAKES = begins(...MEETING, ...CAR, '督办', 'task', 'rw', '交办', 'assign', 'jb', '提醒', 'remind', 'tx')

/** The rules that read (domain.md 9.2). Where nothing is said of a place, they hold in every place. */
export const PATTERNS: readonly Pattern[] = [
  { rule: 'SEC-01', needs: /[★*]/, does: everywhere('block'), find: STATE_SECRETS },
  { rule: 'SEC-01', needs: /密/, does: everywhere('block'), find: MARKS_WITHOUT_STAR },
  { rule: 'SEC-02', needs: /密/, does: everywhere('block'), find: LEVELS },
  {
    rule: 'SEC-03',
    needs: /密/,
    does: everywhere('return'),
    find: matching(loosely`${ABSOLUTE} | ${CONFIDENTIAL} | ${SECRET}`, HARMLESS_LEVELS),
  },
  {
    rule: 'SEC-05',
    needs: /稿/,
    does: byPlace({ text: 'warn', form: 'warn', attachment: 'warn' }),
    find: matching(loosely`${DRAFT}`),
  },
  {
    rule: 'SEC-05',
    needs: /稿/,
    does: (place, text) => (place === 'name' ? unpublished(text) : undefined),
    find: matching(loosely`${DRAFT}`),
  },
  {
    rule: 'SEC-05',
    needs: /稿/,
    does: (place, text) => (place === 'attachment' ? unpublished(text) : undefined),
    find: DRAFT_MARK,
  },
  {
    rule: 'SEC-06',
    needs: /[密编机]/,
    does: everywhere('block'),
    find: matching(loosely`
      (?:密(?:~[传电])?|中~机~[发电]|机~要~发)~[(\[]~(?:\d~){4}[)\]]~(?:第~)?(?:\d~){1,6}号 | 密码电报 | 密传电报 | 绝密件 | 机要件编号
      | (?<!商~业~|企~业~|工~作~)秘密[ ·]?件(?![数件])
      | (?<![保加解严精周细亲紧稠])密电(?![话码脑子视缆力台器源路信影梯池动气站机商线网厂费])
    `),
  },
  {
    rule: 'SEC-07',
    needs: /密/,
    does: everywhere('block'),
    find: matching(
      loosely`(?:^|[(\[])[ ·]?(?:(?:警务|审判|检察)~)?工作秘密[ ·]?(?:[)\]]|$) | 工作秘密(?:${BESIDE}★|${APART}[★*]${APART}${LEGAL_TERM}|${BESIDE}\*${APART}${TERM})`,
    ),
  },
  {
    rule: 'SEC-08',
    needs: /[内存传仅此予]/,
    does: byPlace({ text: 'return', form: 'return', name: 'block', attachment: 'block' }),
    find: matching(
      loosely`
      内部资料(?!性) | 内部文件(?![柜夹袋盒]) | 内部使用(?!面积) | 注意保存(?![一-鿿]) | (?:不得|不要|严禁|禁止|勿)~外传 | 仅供内部~(?:参考|参阅|掌握)
      | 仅限[^\n]{0,10}阅(?![览卷]) | 此件不公开 | 不予公开(?!~(?:告知书|决定书|(?:的~)?(?:情形|范围)))
    `,
      loosely`属于[^\n,]{1,16}的~(?:政府信息~)?(?:依法~|一律~)?不予公开`,
    ),
  },
  { rule: 'SEC-09', needs: /密/, does: everywhere('block'), find: copyNumbers },
  { rule: 'SEC-10', needs: /20\d\d.{1,30}号/, does: everywhere('return'), find: matching(CASE_NUMBER) },
  { rule: 'SEC-11', needs: /[侦秘线听卧定]/, does: everywhere('block'), find: matching(MEANS) },
  { rule: 'SEC-11', needs: /[布蹲捕网特专置]/, does: everywhere('return'), find: matching(MEASURES, NO_MEASURES) },
  { rule: 'SEC-12', needs: /示/, does: everywhere('block'), find: matching(INSTRUCTION) },
  { rule: 'SEC-12', needs: /示/, does: everywhere('return'), find: matching(INSTRUCTED, ASKED_FOR) },
  { rule: 'SEC-12', needs: /示/, does: byPlace({ name: 'block' }), find: matching(INSTRUCTION_PICTURE) },
  {
    rule: 'SEC-13',
    needs: /[总理席长导首记委主]/,
    does: (place, text, subject = '') =>
      (place === 'text' && CALLS_OR_DRIVES.test(text)) || (place === 'form' && ARRANGES.includes(subject))
        ? undefined
        : 'return',
    find: tellsJourney,
  },
  { rule: 'SEC-14', needs: CARD_LONG, does: personal, find: identityNumbers },
  { rule: 'SEC-14', needs: /照|证/, does: personal, find: passNumbers },
  { rule: 'SEC-15', needs: MOBILE_LONG, does: everywhere('mask'), find: petitionersNumbers },
  { rule: 'SEC-16', needs: CARD_LONG, does: everywhere('mask'), find: cardNumbers },
  { rule: 'SEC-17', needs: /[举检控]/, does: everywhere('block'), find: matching(INFORMANT, PROTECTS) },
  {
    rule: 'SEC-18',
    needs: /[密令钥授]|key|token|secret|akia|gh[a-z]·|sk·|eyj|bearer|passw|passcode|pwd|root|admin/,
    does: everywhere('block'),
    find: matching(PASSWORD, JOINING),
  },
  { rule: 'SEC-19', needs: /m[ ·]?[i级文资材会]|密/, does: everywhere('return'), find: matching(SPELT_LEVEL) },
  { rule: 'SEC-20', needs: /[枪弹警预案]/, does: everywhere('return'), find: forceFigures },
  {
    rule: 'SEC-21',
    needs: /密/,
    does: (place, text) =>
      place === 'form' || place === 'name' || (place === 'text' && MAKES.test(text)) ? 'block' : undefined,
    find: matching(SECRET_SUBJECT, NO_SUBJECT),
  },
]
