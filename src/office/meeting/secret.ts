import { plain } from '../../kit/text.ts'

/** What is put between the characters of a word so that it is not found. */
const BETWEEN = /[\s\u200b-\u200f\u2060\ufeff·・.‧_*~|/\\-]+/g
const CLAUSE = '[^,。;、:!?\n]'

/** Said of matters of secrecy in general, or to keep them out: taken away before anything else is looked for. */
const HARMLESS = [
  // 非涉密会议; 会上不得谈论涉密内容
  /(?:非|不|未|无)(?:涉密|涉及(?:国家)?秘密|涉及涉密)(?:会议|内容|事项|文件|信息)?/g,
  new RegExp(
    `(?:不得|不能|不要|严禁|禁止|切勿|请勿|勿)${CLAUSE}{0,6}(?:讨论|谈论|涉及|携带|传输|传递|发送|存储|处理|记录|拍摄|上传|发布)${CLAUSE}{0,6}(?:涉密|国家秘密)(?:会议|内容|事项|文件|信息|材料|载体)?`,
    'g',
  ),
  /密级:?(?:无|非密|非涉密|公开|不涉密)/g,
  /(?:是否|有无)涉密(?:会议|内容|事项)?/g,
  // 涉密文件清退, 涉密会议管理办法, 涉密活动保密管理培训
  new RegExp(
    `(?:涉密|(?:绝密|机密|秘密)级)(?:会议|活动|文件|材料|资料|事项|案件|内容)${CLAUSE}{0,8}(?:办法|规定|制度|规范|培训|检查|自查|清退|清理|销毁|一览表|台账|宣贯|宣讲|案例)`,
    'g',
  ),
  // a plain listing, as laws are taught
  /绝密、?机密[、和]?秘密(?:三?级)?/g,
  /(?:商业|工作|审判|检察|警务)(?:机密|秘密)/g,
]

const SECRET = [
  // a mark
  /(?:绝密|机密|秘密)(?:级)?[★☆]/,
  /密级(?:为|是|:)?(?:绝密|机密|秘密)/,
  /[([【〔<](?:绝密|机密|秘密|涉密)(?:级)?[)\]】〕>]/,
  /绝密|(?:机密|秘密)级/,
  // a word
  /涉密(?:会(?!计)|工作会|专题|专项|座谈|研判|部署|通报|汇报|传达|研讨|协调|活动|事项|议题|议程|内容|文件|案件|材料|资料|情报|任务|行动)/,
  /(?:会议|内容|议题|事项|材料)(?:均|都)?(?:属于?|为|是)?涉密/,
  /(?:机密|秘密)(?:会议|件|文件|事项|议题|活动)/,
  new RegExp(
    `(?:传达|学习|研究|审议|讨论|通报|部署|听取)${CLAUSE}{0,10}(?:机密(?!性)|密件|密电|密码电报|国家秘密(?:事项|文件|内容))`,
  ),
  /涉及国家秘密|国家秘密事项(?!一览表|范围)/,
]

/** Whether a text marks or words a meeting as 涉密 (MT-01); that it deals with the keeping of secrets is another matter. */
export function isSecret(text: string): boolean {
  const lines = plain(text).split('\n')
  return lines.some(line => {
    const kept = HARMLESS.reduce((rest, harmless) => rest.replace(harmless, ';'), line.replace(BETWEEN, ''))
    return SECRET.some(secret => secret.test(kept))
  })
}
