import { halfWidth } from '../../kit/text.ts'
import type { AgendaItem, MeetingWish } from './meeting.ts'

/** Everything that the notice says in words. */
export const textOf = (wish: MeetingWish): string =>
  halfWidth(
    [
      ...[wish.title, wish.level, wish.place, wish.branches, wish.materials, wish.discipline, wish.remark],
      ...wish.agenda.map(({ topic, reporter }) => `${topic} ${reporter}`),
    ].join('\n'),
  )

const sentencesOf = (text: string): string[] => text.split(/[。;\n]/).filter(sentence => sentence.trim() !== '')

const says = (wish: MeetingWish, words: RegExp, unless?: RegExp): boolean =>
  sentencesOf(textOf(wish)).some(sentence => words.test(sentence) && !unless?.test(sentence))

/** MT-02: lets others come in somebody's place without leave. */
export const allowsSubstitutes = (wish: MeetingWish): boolean =>
  says(
    wish,
    /(?:可|可以|允许|准许|请|由)(?:自行)?(?:替会|代会|(?:委派|选派|指派|安排|派|委托)[^,]{0,8}(?:代会|代替|代为|代表|他人|人员|同志)(?:其)?(?:参会|参加|出席)?)/,
    /批准|同意|准假|(?:不得|不可|不允许|严禁|禁止)[^,]{0,6}(?:替|代|委派|选派|指派|委托)/,
  )

/** MT-20: the year's comprehensive work meeting, e.g. 全市政法工作会议; not one for one matter. */
export const isComprehensive = (title: string): boolean =>
  /工作会议?$/.test(
    halfWidth(title)
      .replace(/[(〔].*$/, '')
      .trim(),
  ) && !/专题|专项|推进|调度|部署|座谈|现场|动员|视频调度|保密|信访|信息|督查|档案|后勤|党建/.test(title)

/** MT-21: deploys what a document, by its number or title, has deployed already. */
export const deploysDocument = (wish: MeetingWish): boolean =>
  says(
    wish,
    /(?:〔20\d\d〕\s*\d+\s*号|《[^》]{1,60}(?:通知|意见|方案|规定|办法|要点|细则|决定)》)[^。]{0,24}(?:部署|动员|布置|推进)|(?:部署|动员|布置|推进)[^。]{0,24}(?:〔20\d\d〕\s*\d+\s*号|《[^》]{1,60}(?:通知|意见|方案|规定|办法|要点|细则|决定)》)/,
    /审议|审定|讨论稿|征求意见|起草|修订|修改/,
  )

/** MT-22: asks for the heads of units below; those of one's own departments are none. */
export const asksHeads = (wish: MeetingWish): boolean =>
  says(
    wish,
    /主要负责(?:同志|人)|主要领导|一把手|党政正职|单位正职/,
    /(?:科室|处室|股室|部室|内设机构)(?:党支部)?主要|不要求|无需|主要领导讲话/,
  )

/** MT-23: asks for those who lead party committees or governments below. */
export const asksLowerLeaders = (wish: MeetingWish): boolean =>
  says(
    wish,
    /(?:县|区|乡|镇|街道|旗)[^,。]{0,4}(?:(?:党委|党工委)(?!办|政法|组织|宣传|统战)|政府(?!办|部门|工作部门|组成|信访|法制)|党政)[^,。]{0,8}(?:负责(?:同志|人)|领导|书记|正职|班子)|(?:县|区|镇|乡)(?:委书记|长(?=[、,和及参到出\s]|$))/,
    /不要求|无需/,
  )

/** MT-24: goes straight to the grass roots. */
export const reachesGrassroots = (wish: MeetingWish): boolean =>
  wish.scope === 'grassroots' ||
  says(
    wish,
    /直达基层|(?:直接?|一直)?(?:开|延伸|覆盖|贯通)(?:到|至)(?:各)?(?:乡镇|镇|村|社区|街道|基层|一线|派出所|司法所|人民法庭|所队)/,
    /不(?:直接)?(?:开|延伸)/,
  )

const SPEECH = /讲话|报告|致辞|动员/

/** MT-25: the longest speech, in minutes; 0 = none is settled. */
export const longestSpeech = ({ agenda, speech }: Pick<MeetingWish, 'agenda' | 'speech'>): number =>
  Math.max(speech, 0, ...agenda.filter(({ topic }) => SPEECH.test(topic)).map(({ minutes }) => minutes))

/** MT-25: how many main leaders are to speak. */
export function leadersSpeaking(agenda: readonly AgendaItem[], leaders: readonly string[]): number {
  const speeches = agenda.filter(({ topic }) => /讲话|作报告/.test(topic)).map(item => `${item.topic} ${item.reporter}`)
  const named = leaders.filter(name => speeches.some(speech => speech.includes(name)))
  const unnamed = speeches.filter(
    speech => /主要(?:领导|负责同志)/.test(speech) && !leaders.some(name => speech.includes(name)),
  )
  return named.length + unnamed.length
}

/** MT-26. */
export const hasGroups = (wish: MeetingWish): boolean =>
  says(wish, /分组(?:讨论|审议|座谈|交流)|分团(?:讨论|审议)/, /不(?:再)?(?:安排|组织|进行)?分组/)

/** MT-30. */
export const hasPledges = (wish: MeetingWish): boolean => says(wish, /表态(?:发言)?/, /不(?:再)?(?:安排|作|做|搞)?表态/)

/** MT-31: how many characters a paper may have that is asked for, and whether it speaks of everything; the longest first. */
export function papersAsked(wish: MeetingWish): Array<{ characters: number; isComprehensive: boolean }> {
  const found = sentencesOf(halfWidth([wish.materials, wish.remark, wish.discipline].join('\n'))).flatMap(sentence =>
    [...sentence.matchAll(/(\d{1,6}|[一二两三四五六七八九十]{1,3})\s*(千|万|百)?\s*字/g)].map(
      ([, digits = '', unit]) => ({
        characters: numberOf(digits) * ({ 百: 100, 千: 1_000, 万: 10_000 }[unit ?? ''] ?? 1),
        isComprehensive: /综合|全面|年度|总结|工作报告/.test(sentence),
      }),
    ),
  )
  return found.sort((a, b) => b.characters - a.characters)
}

const DIGITS = '零一二三四五六七八九'
function numberOf(text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  const [tens, ones] = text.replace(/两/g, '二').split('十')
  if (ones === undefined) return DIGITS.indexOf(tens ?? '')
  return (tens ? DIGITS.indexOf(tens) : 1) * 10 + (ones ? DIGITS.indexOf(ones) : 0)
}

/** MT-32. */
export const dodgesDocuments = (wish: MeetingWish): boolean =>
  says(
    wish,
    /(?:白头(?:件|文件|形式)?|便笺|便函)[^,。]{0,8}(?:印发|下发|发文|发放|通知|形式)|(?:以|用|改)[^,。]{0,6}(?:白头|便笺)|合并(?:印发|发文)/,
    /不得|不以|严禁|禁止/,
  )

/** MT-33: a demand for feedback or papers of everybody's own, without a reason. */
export const demandsFeedback = (wish: MeetingWish): boolean =>
  says(
    wish,
    /(?:报送|上报|报告|反馈)[^,。]{0,14}(?:贯彻|落实|会议精神|传达学习)[^,。]{0,8}(?:情况|报告|材料)|(?:贯彻|落实|传达学习)[^,。]{0,8}情况[^,。]{0,12}(?:报送|上报|报至|报市|报我|反馈)|(?:制定|出台|印发|报送)[^,。]{0,10}(?:配套(?:文件|方案|措施|制度)|实施(?:方案|细则|意见))/,
    /无需|不要求|不再|因[^。]{2,}(?:需|须)|为[^。]{2,}(?:需|须)|理由|审议|讨论/,
  )
