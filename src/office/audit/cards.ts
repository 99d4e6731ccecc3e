import {
  type Block,
  bold,
  buttons,
  type Card,
  card,
  type Field,
  fields,
  form,
  note,
  type Option,
  type Piece,
  text,
  tint,
} from '../../kit/card.ts'
import { shorten } from '../../kit/text.ts'
import { dayIn, formatDay, formatInstant, formatShort } from '../../kit/time.ts'
import { ALL, type Asked, OUTCOMES, type Outcome } from './asked.ts'

export const PAGE = 10
export const EXAMPLES = ['/审计 @王强 11月', '/审计 督〔2026〕12号', '/审计 昨天 拒绝', '/审计 交办 序号12'] as const

/** One audit record in words: never what somebody wrote. */
export interface Line {
  id: number
  at: Date
  /** With whom they acted for and what they held: `王强(督办员),代周正(主要领导)`. */
  who: string
  subject: string
  act: string
  object: string
  outcome: Outcome
  /** Ids of rules that spoke. */
  rules: readonly string[]
  where: string
  /** Of a matter that changed: the hashes of what it was and of what it is; '' = there was or is nothing. */
  hashes: { before: string; after: string } | undefined
}

/** What is asked for, in words; `person`: the name. */
export function askedWords(asked: Asked, person: string, subject: string): string {
  const { number, from, until, outcome } = asked
  const days = [...new Set([from, until].filter(day => day !== ''))].map(formatDay).join('至')
  const words = [person, number, days, subject, outcome && OUTCOMES[outcome]].filter(word => word !== '')
  return words.length ? words.join('、') : '全部'
}

/** The form, when nothing is asked for. */
export function searchCard(subjects: readonly Option[], people: readonly Option[], isWhole: boolean): Card {
  return card(
    '审计记录',
    'blue',
    text(isWhole ? '可按人员、编号、时间、功能和结果查询,条件可以组合。' : '可查询与保密有关的记录。'),
    form('audit', fieldsOf(subjects, people), [{ label: '查询', action: 'audit.search', style: 'primary' }]),
    ...(isWhole ? [checking] : []),
    note(`也可以直接发送:${EXAMPLES.join('、')}。查看审计记录本身也会留下记录。`),
  )
}

const checking = buttons(
  { label: '校验', action: 'audit.verify' },
  { label: '导出全部', action: 'audit.export' },
) as Block

function fieldsOf(subjects: readonly Option[], people: readonly Option[]): Field[] {
  return [
    { kind: 'people', name: 'person', label: '人员', hint: '不选为全部', options: [...people] },
    { kind: 'input', name: 'number', label: '编号', hint: '例如:督〔2026〕12号;未编号的填序号并选择功能', max: 40 },
    { kind: 'input', name: 'days', label: '时间', hint: '例如:昨天、11月、11月1日至11月5日', max: 40 },
    {
      kind: 'choose',
      name: 'feature',
      label: '功能',
      options: [{ value: ALL, label: '全部功能' }, ...subjects],
      value: ALL,
    },
    {
      kind: 'choose',
      name: 'outcome',
      label: '结果',
      options: [
        { value: ALL, label: '全部结果' },
        ...Object.entries(OUTCOMES).map(([value, label]) => ({ value, label })),
      ],
      value: ALL,
    },
  ]
}

/** A page of records, the newest first. `words`: what was asked for; `older`: before which record the next page begins. */
export function listCard(of: {
  lines: readonly Line[]
  words: string
  asked: Asked
  page: number
  older: number | undefined
  mayExport: boolean
  now: Date
}): Card {
  const { lines, words, asked, page, older, mayExport, now } = of
  const value = { ...asked }
  const drawn = card(
    '审计记录',
    'blue',
    note(`查询条件:${words}`),
    ...lines.flatMap(line => entry(line, now)),
    ...(lines.length ? [] : [text('没有符合条件的审计记录。')]),
    note(`第${page + 1}页${older === undefined ? ',已到最后' : ''}`),
    buttons(
      ...(page > 0 ? [{ label: '回到最新', action: 'audit.page', value }] : []),
      ...(older === undefined
        ? []
        : [{ label: '更早记录', action: 'audit.page', value: { ...value, before: older, page: page + 1 } }]),
      ...(mayExport && lines.length ? [{ label: '导出', action: 'audit.export', value }] : []),
    ),
  )
  return { ...drawn, summary: `审计记录:${shorten(words, 30)}` }
}

function entry({ id, at, who, subject, act, object, outcome, rules, where, hashes }: Line, now: Date): Block[] {
  const result: Piece = outcome === 'ok' ? OUTCOMES.ok : tint('red', OUTCOMES.refused)
  const told = [object, ...(rules.length ? [`规则${rules.join('、')}`] : [])].filter(word => word !== '')
  const change = hashes ? `变更 ${briefly(hashes.before)}→${briefly(hashes.after)}` : ''
  const marks = [formatShort(at, now), subject, where, `记录${id}`, change].filter(word => word !== '')
  return [text(bold(who), ` ${act}${told.length ? ` ${told.join(' ')}` : ''} · `, result), note(marks.join(' · '))]
}

/** As much of a hash as tells two states of one matter apart; an export has the whole. */
const briefly = (hash: string): string => (hash ? hash.slice(0, 8) : '无')

/** A verification as its card tells it. */
export interface Told {
  state: 'chain' | 'strays' | 'whole' | 'broken'
  isNightly: boolean
  at: Date
  endedAt: Date | undefined
  /** Entries that fit, and the one after which it began. */
  entries: number
  from: number
  /** Whether nothing is left of what stood before. */
  isStart: boolean
  firstAt: Date | undefined
  lastAt: Date | undefined
  hash: string
  fault: string
  key: string
}

const TITLES: Record<Told['state'], [string, Card['colour']]> = {
  chain: ['审计链校验 · 进行中', 'yellow'],
  strays: ['审计链校验 · 进行中', 'yellow'],
  whole: ['审计链校验 · 完整', 'green'],
  broken: ['审计链校验 · 发现异常', 'red'],
}

/** `resealable`: the verification that found all but the signature in order. */
export function checkCard(told: Told, resealable: number | undefined): Card {
  const [title, colour] = TITLES[told.state]
  const { from, entries, firstAt, lastAt, hash, key, fault, endedAt, at } = told
  return card(
    title,
    colour,
    fault ? text(bold(fault)) : undefined,
    told.state === 'chain' || told.state === 'strays'
      ? text('记录较多,校验分批进行,完成后本卡片自动更新。')
      : undefined,
    fields(
      ['校验范围', rangeOf(told)],
      ['相符记录', `${entries}条`],
      firstAt && lastAt ? ['起止时间', `${formatInstant(firstAt)}至${formatInstant(lastAt)}`] : undefined,
      ['末条摘要', `第${from + entries}条 ${hash}`],
      ['验证公钥', key],
      ['校验时间', formatInstant(endedAt ?? at)],
    ),
    note('建议将末条摘要另行登记,以便日后核对。'),
    resealable !== undefined
      ? buttons({
          label: '确认更换密钥',
          action: 'audit.accept',
          style: 'danger',
          value: { id: resealable },
          confirm: {
            title: '确认更换密钥',
            text: '仅在近期确已更换应用密钥(App Secret)时确认。确认后以当前链尾为准重新签名。',
          },
        })
      : undefined,
  )
}

function rangeOf({ from, isStart, firstAt, fault }: Told): string {
  if (!from) return '自第1条起'
  if (!isStart) return `第${from + 1}条起(此前各条已于上次校验通过)`
  const day = firstAt ? `(${formatDay(firstAt)})` : ''
  return `自第${from + 1}条${day}起,此前记录已${fault ? '' : '按保存期限'}清除`
}

export const alertCard = (told: Told, resealable: number | undefined): Card => ({
  ...checkCard(told, resealable),
  title: '审计告警',
  summary: `审计告警:${told.fault}`,
})

/** Why nobody heard of it who may. */
export const nobodyCard = (): Card =>
  card(
    '审计告警',
    'red',
    text('审计链校验发现异常,但尚未设置安全审计员。'),
    note('请发送 /角色 @姓名 安全审计员 设置,由其查看。'),
  )

/** `审计记录_20261124.zip` */
export const exportFileName = (now: Date): string => `审计记录_${dayIn(now).replaceAll('-', '')}.zip`

/** A record in words, for a reader of the exported file. */
export const wordsOfLine = ({
  at,
  who,
  subject,
  act,
  object,
  outcome,
  rules,
  where,
  hashes,
}: Line): Record<string, string> => ({
  时间: formatInstant(at),
  人员: who,
  功能: subject,
  行为: act,
  对象: object,
  结果: OUTCOMES[outcome],
  ...(rules.length ? { 规则: rules.join('、') } : {}),
  来源: where,
  ...(hashes ? { 变更前摘要: hashes.before || '无', 变更后摘要: hashes.after || '无' } : {}),
})

/** What lies beside an export. `key`: with which the bot signs, base64url. */
export const instruction = (key: string): string => `审计记录导出说明

records.jsonl    审计记录,每行一条。words 为文字说明;text 为参与摘要计算的原始字段,
                 依次为:记录编号、时间(UTC)、人员、代何人、角色、功能、事项、行为、结果、会话、投递编号、附加数据摘要。
manifest.json    导出人、时间、条件、条数、截至链上第几条(upTo)、满一分钟仍未入链因而不在其中的条数(unsealed)、
                 逐行摘要和当时的链头。
signature.txt    对 manifest.json 的 Ed25519 签名(Base64)。
public-key.pem   验证公钥。请与机器人校验卡片上的“验证公钥”核对:
                 ${key}

校验方法一:在部署目录执行
  npm run verify-audit -- 审计记录.zip
校验方法二:仅验证签名
  base64 -d signature.txt > signature.bin
  openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in manifest.json -sigfile signature.bin

变更前摘要、变更后摘要:事项变更前后全部内容的SHA-256,不含内容本身;“无”表示新增或删除。
同一事项后一条的变更前摘要与前一条的变更后摘要不同的,其间有系统自动更新(如提醒时间)或未经本程序的改动。
每条记录:hash = SHA-256(previous + 换行 + seq + 换行 + text);previous 为前一条的 hash,第1条的 previous 为64个0。
逐行摘要:自64个0起,digest = SHA-256(digest + 换行 + 该行)。
导出文件含人员信息,请按规定保管。
`
