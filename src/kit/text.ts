/** Traditional characters that occur in command words, role words, common names and words of secrecy, each before its simplified form. */
const TRADITIONAL =
  '幫帮辦办會会議议車车報报靜静見见設设置置問问詢询單单檢检簽签銷销導导統统計计帳账臺台調调派派場场駕驾駛驶員员領领導导紀纪錄录處处長长' +
  '張张偉伟強强劉刘陳陈楊杨趙赵黃黄周周吳吴孫孙馬马許许鄭郑謝谢馮冯鄧邓蕭萧葉叶閻阎陸陆錢钱龍龙萬万賀贺嚴严賴赖譚谭鐘钟盧卢蘇苏蔣蒋' +
  '華华國国傑杰軍军麗丽紅红靈灵蘭兰鳳凤瑩莹穎颖維维軒轩鵬鹏飛飞達达棟栋誠诚濤涛輝辉斌斌潔洁婷婷燕燕萍萍' +
  '務务書书記记級级區区縣县縂总綜综隊队科科室室處处協协聯联絡络專专訪访檔档審审計计撤撤銷销歸归還还滿满開开關关閉闭備备註注' +
  '請请轉转達达時时間间點点後后週周號号個个兩两從从為为與与並并將将對对應应該该說说話话讀读寫写錯错誤误試试' +
  '絕绝絶绝祕秘宻密機机級级內内資资徵征討讨論论碼码電电編编傳传僅仅閱阅證证據据銀银監监護护偵侦術术線线佈布網网組组執执' +
  '槍枪彈弹藥药預预動动無无屬属來来進进過过標标題题舉举報报訴诉眾众戶户產产業业養养農农廣广當当學学習习練练實实際际' +
  '識识稱称樣样種种圖图這这邊边讓让親亲權权於于傷伤殺杀槍枪隱隐匯汇結结緊紧獲获擬拟復复釋释選选項项須须'

const SIMPLIFIED = new Map<string, string>()
for (let i = 0; i + 1 < TRADITIONAL.length; i += 2) SIMPLIFIED.set(TRADITIONAL.charAt(i), TRADITIONAL.charAt(i + 1))

/** The simplified form of a character, as far as this house knows it; any other is itself. */
export const simplified = (char: string): string => SIMPLIFIED.get(char) ?? char

/** Full-width letters, digits, signs and spaces become their plain form; length in UTF-16 units is kept. */
export function halfWidth(text: string): string {
  return text.replace(/[\uff01-\uff5e\u3000]/g, char =>
    char === '\u3000' ? ' ' : String.fromCharCode(char.charCodeAt(0) - 0xfee0),
  )
}

/** The plain form in which command words, sub-commands and names are compared: half-width, simplified, lower case. */
export function plain(text: string): string {
  return Array.from(halfWidth(text), simplified).join('').toLowerCase()
}

/** A mention that was typed instead of chosen, and the name in it. */
export const TYPED_MENTION = /[@\uff20]\s{0,3}([^\s,\uff0c、;\uff1b:\uff1a@\uff20]{1,20})/g

/** A sentence, whether or not it has its full stop already. */
export const sentence = (words: string): string => words.replace(/。?$/, '。')

/**
 * Text from outside made fit to be kept: no NUL and no lone surrogates (Postgres refuses both), no control characters
 * but line breaks, no characters that turn the reading direction, at most `limit` UTF-16 units.
 */
export function tidy(text: string, limit = Number.POSITIVE_INFINITY): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/(?![\n\t])[\p{Cc}\p{Cf}]/gu, '')
    .slice(0, limit)
    .toWellFormed()
}

/** At most `limit` characters, with an ellipsis where something was cut. */
export function shorten(text: string, limit: number): string {
  const chars = Array.from(text.replace(/\s+/g, ' ').trim())
  return chars.length <= limit ? chars.join('') : `${chars.slice(0, limit - 1).join('')}…`
}

/** Splits off the first word; the rest keeps its inner spaces. */
export function firstWord(text: string): [word: string, rest: string] {
  const [before = '', word = ''] = /^\s*(\S*)\s*/.exec(text) ?? []
  return [word, text.slice(before.length).trimEnd()]
}

/** What is left of a text something was taken out of, without the signs and spaces that parted it from that; a full stop stays. */
export const trimmed = (text: string): string =>
  text.replace(/^[\s,\uff0c。、;\uff1b:\uff1a]+|[\s,\uff0c、;\uff1b:\uff1a]+$/g, '')

/** A clause that a deadline leaves behind: `报送总结,12月7日前完成!`. */
const DONE = /(?:^|[,\uff0c;\uff1b。])\s*(?:务必|必须|须|请)?(?:全部|按时)?(?:完成|办结|办好|办完)[!\uff01。]*$/

/** What is left of a title whose deadline was taken out; one sentence needs no full stop. */
export const bareTitle = (text: string): string =>
  trimmed(trimmed(text).replace(DONE, '')).replace(/^([^。]*)。$/, '$1')

/**
 * What was said, parted behind its first word, at most six characters of Chinese that a sign, a space or the end follows: `同意,请抓紧` is
 * 同意 and 请抓紧, `完成不了` one word of its own. Where it begins with no such word, both are ''. Thanks are no word.
 */
export function opening(text: string): { head: string; word: string } {
  const [, head = '', word = ''] =
    /^\s*([一-鿿]{1,6})(?:[\s,\uff0c。.:\uff1a;\uff1b!\uff01、]+([\s\S]*))?$/.exec(text) ?? []
  return { head, word: THANKS.test(word) ? '' : word.trim() }
}

/** What is polite to add, and says nothing of the matter. */
const THANKS = /^(?:谢谢|多谢|感谢|辛苦)(?:了|啦|你|您|提醒|领导)?[\s,\uff0c。!\uff01~]*$/

/** A reason without the word for it, which some write before it. */
export const reason = (word: string): string => word.replace(/^(?:理由|原因)[:\uff1a\s]*/, '')

/** How many single-character edits lie between two short words. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
