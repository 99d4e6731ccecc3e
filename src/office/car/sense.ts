import { halfWidth } from '../../kit/text.ts'

/*
 * How the words of a 事由 are heard: clause by clause, where they are what the trip is for, and not where an authority deals with the
 * like (旅游局, 婚姻登记处, 公伤送医, 慰问困难家庭).
 */

/** Alternatives between white space, as part of a pattern. */
export const anyOf = (text: TemplateStringsArray, ...parts: readonly string[]): string =>
  `(?:${String.raw(text, ...parts)
    .trim()
    .split(/\s+/)
    .join('|')})`

/** The same as a pattern of its own. */
export const pattern = (text: TemplateStringsArray, ...parts: readonly string[]): RegExp =>
  new RegExp(anyOf(text, ...parts), 'i')

export const either = (...some: readonly RegExp[]): RegExp =>
  new RegExp(some.map(({ source }) => source).join('|'), 'i')

/** So many characters at most between two words of one clause. */
export const NEAR = (most: number): string => `[^、]{0,${most}}`
export const END = '(?=$|[、\\s])'

/** People in an authority's care, and what happened to them. */
export const CARE = pattern`
  因公 公伤 工伤 负伤 殉职 牺牲 烈士 烈属 英烈 英模 劳模 模范 遗属 遇难 遇害 受害 被害 受伤 伤员 伤者 受灾 灾民
  走失 被拐 失踪 流浪 救助 获救 解救 抢救 急救 突发 紧急 群众 当事人 信访 上访 访民 接访 嫌疑 罪犯 犯人 犯罪 服刑
  刑满 刑释 社区矫正 矫正对象 戒毒 吸毒 在押 收押 入所 (?<!派)出所 被执行 涉案 涉诉 证人 肇事 死者 困难 贫困 特困
  脱贫 帮扶 孤儿 孤寡 孤残 留守 未成年 困境 残疾 敬老院 福利院 养老院 慰问 军属 抗战 老党员 见义勇为 劝返 遣返
  遣送 押解 押送 护送 安置 援助 精神障碍 肇祸 退休 老干部 老同志 务工 迷路 滞留 退役 退伍 新兵
`

/** An authority's work with what others do for themselves. */
export const WORK = pattern`
  督查 督导 督办 巡查 巡逻 巡防 整治 查处 查办 侦办 治理 执法 执勤 安保 维稳 监管 监督 调查 取证 勘查 勘验 审计
  调研 座谈 研讨 会议 开会 研判 协调 调解 投诉 扰民 噪[音声] 噪声 宣传 普法 普查 安全检查 专项 秩序 疏导
  案(?:件|$) 诈骗 纠纷 事故 防火 消防 暗访 明察 走访 评估 验收 登记处 移风易俗 红白理事会 推进会 现场会 动员会
  (?:开展|进行|联合|组织|实地|现场|抽查|例行)检查 检查(?:$|组|工作|[^身体]{0,4}(?:情况|落实|安全|工作))
`

/** Words by which somebody says that it is for themselves. */
const SELF = pattern`
  (?<!当事人|被害人|受害人|嫌疑人|申请人|被告人|证人)本人
  我(?!们|市|省|县|区|院|局|委|办|队|科|处|厅|国|单位|方|军|镇|乡|村|街) 自己 自家 私人 私事 顺便 顺路 顺道 家里
  休假 年假
`

export const CARE_OR_WORK = either(CARE, WORK)

/** What a clause may say, and what said in the same clause makes it an authority's work. */
export interface Sense {
  words: RegExp
  unless: RegExp
}

export const means = (text: string, { words, unless }: Sense): boolean =>
  clausesOf(text).some(clause => words.test(clause) && (SELF.test(clause) || !unless.test(clause)))

const clausesOf = (text: string): string[] =>
  halfWidth(text)
    .split(/[,。;:!?\n]/)
    .map(clause => clause.trim())
    .filter(clause => clause !== '')
