import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, normalize, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { features } from '../handlers/index.ts'
import { type Flow, isEnd, moveNames } from '../src/kit/flow.ts'
import { assignFlow } from '../src/office/assign/flow.ts'
import { tripFlow } from '../src/office/car/flow.ts'
import { publicationFlow } from '../src/office/car/publication.ts'
import { repairFlow } from '../src/office/car/repair.ts'
import { meetingFlow, replyFlow } from '../src/office/meeting/flow.ts'
import { minutesFlow } from '../src/office/meeting/minutes.ts'
import { seriesFlow } from '../src/office/meeting/series.ts'
import { ROLES } from '../src/office/role/role.ts'
import { alertFlow } from '../src/office/secrecy/alert.ts'
import { bulletinFlow } from '../src/office/task/bulletin.ts'
import { assistFlow, taskFlow } from '../src/office/task/flow.ts'

/** The laws of the house (style.md e): read from the source and the tables, so that the third feature keeps them too. */

const ROOT = new URL('..', import.meta.url).pathname
const flows: Record<string, Flow> = {
  assign: assignFlow,
  car: tripFlow,
  'car (报修)': repairFlow,
  'car (公示)': publicationFlow,
  meeting: meetingFlow,
  'meeting (纪要)': minutesFlow,
  'meeting (定期)': seriesFlow,
  'meeting (回执)': replyFlow,
  'secrecy (告警)': alertFlow,
  task: taskFlow,
  'task (协办)': assistFlow,
  'task (通报)': bulletinFlow,
}

function filesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).flatMap(name => {
    const path = join(folder, name)
    if (statSync(join(ROOT, path)).isDirectory()) return name === 'migrations' ? [] : filesUnder(path)
    return /\.tsx?$/.test(name) ? [path] : []
  })
}

interface Source {
  path: string
  text: string
  /** Files of ours that it imports, as paths from the root. */
  ours: string[]
  /** Packages that it imports. */
  packages: string[]
  dynamic: string[]
}

function sourceAt(path: string): Source {
  const text = readFileSync(join(ROOT, path), 'utf8')
  const found = [...text.matchAll(/^(?:import|export)\s[^'"]*?from\s+'([^']+)'|^import\s+'([^']+)'/gm)].map(
    match => match[1] ?? match[2] ?? '',
  )
  const dynamic = [...text.matchAll(/import\('([^']+)'\)/g)].map(match => match[1] ?? '')
  const own = (name: string) => relative(ROOT, join(ROOT, dirname(path), name))
  const all = [...found, ...dynamic]
  return {
    path,
    text,
    ours: all.filter(name => name.startsWith('.')).map(name => normalize(own(name))),
    packages: all.filter(name => !name.startsWith('.')),
    dynamic,
  }
}

const sources = ['src', 'handlers', 'db'].flatMap(filesUnder).map(sourceAt)

const under = (folder: string) => sources.filter(source => source.path.startsWith(folder))
const featureOf = (path: string) => /^src\/office\/([^/]+)\//.exec(path)?.[1]

/** Who may import whom; lower never knows higher. Types of the floor above are named where the contract needs them. */
const STOREYS: Record<string, RegExp> = {
  'src/kit/': /^src\/kit\//,
  'src/office/': /^src\/(kit|office)\//,
  'src/feishu/': /^src\/(kit|feishu)\/|^src\/config\.ts$/,
  'db/': /^(src\/(kit|office)\/|db\/)/,
  'src/bot/': /^(src\/(kit|feishu|bot)\/|db\/|src\/(clock|config)\.ts$)/,
  'handlers/': /^(src\/(kit|office)\/|db\/|handlers\/|src\/bot\/feature\.ts$)/,
}

describe('law 1: imports follow the storeys', () => {
  it.each(Object.entries(STOREYS))('%s', (storey, allowed) => {
    const strays = under(storey).flatMap(({ path, ours }) =>
      ours.filter(name => !allowed.test(name)).map(name => `${path} → ${name}`),
    )
    expect(strays).toEqual([])
  })

  it('no office folder imports another', () => {
    const strays = under('src/office/').flatMap(({ path, ours }) =>
      ours
        .filter(name => featureOf(name) !== undefined && featureOf(name) !== featureOf(path))
        .map(name => `${path} → ${name}`),
    )
    expect(strays).toEqual([])
  })

  it('no handler of a feature imports the handler of another', () => {
    const names = features.map(feature => feature.name)
    const handlerOf = (path: string) =>
      names.find(name => path === `handlers/${name}.ts` || path.startsWith(`handlers/${name}/`))
    const strays = under('handlers/')
      .filter(({ path }) => path !== 'handlers/index.ts')
      .flatMap(({ path, ours }) =>
        ours
          .filter(name => handlerOf(name) !== undefined && handlerOf(name) !== handlerOf(path))
          .map(name => `${path} → ${name}`),
      )
    expect(strays).toEqual([])
  })

  it('no circles', () => {
    const all = [...sources, ...filesUnder('simulator').map(sourceAt)]
    const graph = new Map(all.map(({ path, ours }) => [path, ours]))
    const circles: string[] = []
    const visit = (path: string, trail: string[]): void => {
      if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
      else if (!done.has(path)) {
        for (const next of graph.get(path) ?? []) visit(next, [...trail, path])
        done.add(path)
      }
    }
    const done = new Set<string>()
    for (const path of graph.keys()) visit(path, [])
    expect(circles).toEqual([])
  })
})

describe('law 2: packages stay where they belong', () => {
  const HOMES: Array<[name: RegExp, home: RegExp]> = [
    [/^drizzle-orm/, /^db\//],
    [/^(postgres|@electric-sql\/pglite)$/, /^db\//],
    [/^hono/, /^src\/app\.ts$/],
    [/^@hono\/node-server$/, /^src\/node\//],
    [/^node-cron$/, /^src\/node\//],
    [/^unpdf(\/|$)/, /^src\/bot\/read-pdf\.ts$/],
    [/^@larksuiteoapi\//, /^src\/feishu\//],
    // hashes: Workers have this part of Node too
    [/^(node:|cloudflare:)/, /^src\/(node\/|node\.ts$|kit\/secret\.ts$)/],
  ]
  it.each(HOMES)('%s only in %s', (name, home) => {
    const strays = sources.filter(({ path, packages }) => !home.test(path) && packages.some(one => name.test(one)))
    expect(strays.map(({ path }) => path)).toEqual([])
  })

  it('Node itself only behind its door', () => {
    const bare = new RegExp(`^(${builtinModules.join('|')})$`)
    const strays = sources.filter(
      ({ path, text, packages }) =>
        !/^src\/node(\/|\.ts$)/.test(path) &&
        (packages.some(one => bare.test(one)) || /\bprocess\./.test(withoutComments(text))),
    )
    expect(strays.map(({ path }) => path)).toEqual([])
  })

  it('process.env in one file', () => {
    const reading = sources.filter(({ text }) => /process\.env/.test(text)).map(({ path }) => path)
    expect(reading.filter(path => path !== 'src/node/demo.ts')).toEqual(['src/node/environment.ts'])
  })
})

describe('law 3: each floor speaks its own language', () => {
  it('no feature is named in kit, bot or feishu', () => {
    const names = features
      .map(feature => feature.name)
      .filter(name => !['help', 'todo', 'settings', 'setup', 'find', 'today', 'role'].includes(name))
    const strays = ['src/kit/', 'src/bot/', 'src/feishu/']
      .flatMap(under)
      .flatMap(({ path, text }) =>
        names.filter(name => new RegExp(`['"\`./]${name}['"\`./]`).test(text)).map(name => `${path}: ${name}`),
      )
    expect(strays).toEqual([])
  })

  it("no word of Feishu's outside src/feishu", () => {
    const words =
      /open_id|card\.action\.trigger|tenant_access_token|receive_id|message_id|open_message_id|chat_id|msg_type|plain_text|lark_md/
    const strays = sources.filter(
      ({ path, text }) => !path.startsWith('src/feishu/') && words.test(withoutComments(text)),
    )
    expect(strays.map(({ path }) => path).filter(path => path !== 'src/config.ts')).toEqual([])
  })
})

describe('law 4: the rules are pure', () => {
  it.each(['src/office/', 'src/kit/'])('%s', folder => {
    const impure = /\basync\b|new Date\(\)|Date\.now|Math\.random|console\./
    const strays = under(folder).filter(
      ({ path, text }) => path !== 'src/kit/secret.ts' && impure.test(withoutComments(text)),
    )
    expect(strays.map(({ path }) => path)).toEqual([])
  })

  it('one clock', () => {
    const clocks = sources
      .filter(({ text }) => /new Date\(\)|Date\.now\(\)/.test(withoutComments(text)))
      .map(({ path }) => path)
    expect(clocks).toEqual(['src/clock.ts'])
  })
})

/** Verbs of the glossary (style.md d and README): one word for one meaning, in every flow. */
const VERBS: Record<string, string[]> = {
  approve: ['同意', '同意交办', '同意印发', '签发'],
  refuse: ['不同意', '驳回'],
  submit: ['送审', '提交'],
  issue: ['印发'],
  withdraw: ['撤回'],
  endorse: ['同意补办'],
  object: ['不同意补办'],
  depart: ['出车'],
  arrive: ['回场'],
  reschedule: ['调整返回时间'],
  miss: ['登记爽约'],
  lapse: ['登记未派'],
  correct: ['更正里程'],
  complete: ['核对完成'],
  edit: ['修改'],
  revise: ['退回修改'],
  redirect: ['改派'],
  uphold: ['维持'],
  grantExtension: ['同意延期'],
  denyExtension: ['不同意延期'],
  check: ['同意办结'],
  suspend: ['暂缓'],
  requestSuspension: ['暂缓'],
  grantSuspension: ['同意暂缓'],
  denySuspension: ['不同意暂缓'],
  pause: ['暂停'],
  resume: ['恢复'],
  terminate: ['终止'],
  annul: ['撤销'],
  requestAnnulment: ['撤销'],
  grantAnnulment: ['同意撤销'],
  denyAnnulment: ['不同意撤销'],
  phone: ['记录电话催办'],
  change: ['变更'],
  grantChange: ['同意变更'],
  denyChange: ['不同意变更'],
  record: ['代录领导意见'],
  acknowledge: ['知道了'],
  again: ['再交办', '再次申请'],
  archive: ['归档'],
  assign: ['交办', '派车'],
  reassign: ['转办'],
  divide: ['分办'],
  accept: ['签收'],
  update: ['反馈进展'],
  extend: ['申请延期'],
  nudge: ['催办', '催报回执'],
  return: ['退回', '退回交办'],
  finish: ['完成', '申请办结', '维修完成', '结束会议'],
  confirm: ['确认完成', '同意办结', '确认行程'],
  redo: ['退回重做', '退回重办'],
  cancel: ['取消', '取消用车', '取消会议'],
  publish: ['发布'],
  sheet: ['签到表'],
  begin: ['开始会议'],
  decide: ['录入议定事项'],
  attend: ['参加'],
  askLeave: ['请假'],
  grantLeave: ['同意请假'],
  denyLeave: ['不同意请假'],
  delegate: ['委托代会'],
  reconsider: ['改回执'],
  name: ['报名'],
  rename: ['改报名'],
  checkIn: ['签到'],
  release: ['误报放行'],
  breach: ['确认违规'],
  leak: ['确认泄密'],
  report: ['已报告'],
}

describe.each(Object.entries(flows))('law 5: the flow of %s', (_name, flow) => {
  const states = Object.keys(flow.states)
  const reach = (from: string[]): Set<string> => {
    const next = moveNames(flow).flatMap(name =>
      flow.moves[name]?.from.some(state => from.includes(state))
        ? [flow.moves[name]?.to ?? from[0] ?? '', ...(flow.moves[name]?.or ?? [])]
        : [],
    )
    const all = [...new Set([...from, ...next])]
    return all.length === from.length ? new Set(all) : reach(all)
  }

  it('reaches every state from its start', () => expect([...reach([flow.start])].sort()).toEqual(states.sort()))

  it('reaches an end from every state', () => {
    const stuck = states.filter(state => ![...reach([state])].some(end => isEnd(flow, end)))
    expect(stuck).toEqual([])
  })

  it('asks only roles that somebody can hold', () => {
    for (const name of moveNames(flow)) expect(Object.keys(flow.roles)).toContain(flow.moves[name]?.by)
  })

  it('uses the verbs of the glossary', () => {
    for (const name of moveNames(flow)) expect(VERBS[name], name).toContain(flow.moves[name]?.button)
  })
})

describe('law 8: no litter', () => {
  it('catch only at the doors', () => {
    const DOORS =
      /^src\/(node\/|bot\/(apology|dispatch|quick|deliver|fetch|drain|tick|directory)\.ts|feishu\/(http|json|client)\.ts|house\.ts|worker\.ts|app\.ts)/
    const strays = sources.filter(({ path, text }) => /\bcatch\b/.test(withoutComments(text)) && !DOORS.test(path))
    expect(strays.map(({ path }) => path)).toEqual([])
  })

  it('no sign twice in a class of a pattern: one of the two was the full-width one that people type', () => {
    const classes = (text: string) => text.match(/\[\^?(?:\\[^\n]|[^\]\\\n{}`'= [])+\]/g) ?? []
    const isTwice = (one: string): boolean => {
      const signs = (one.match(/\\x..|\\u....|\\.|./g) ?? []).filter(sign => !/^[\w\p{L}\\-]/u.test(sign))
      return !/^\[[\w.+()]+\]$|\.\.\.|\(\?/.test(one) && new Set(signs).size < signs.length
    }
    expect(classes('/^[\\s,,、]*x/.exec([...y])').filter(isTwice)).toEqual(['[\\s,,、]'])
    const strays = sources.flatMap(({ path, text }) =>
      classes(withoutComments(text)).flatMap(one => (isTwice(one) ? `${path} ${one}` : [])),
    )
    expect(strays).toEqual([])
  })

  it('no any', () => {
    const strays = sources.filter(({ text }) => /:\s*any\b|<any>|as any\b/.test(withoutComments(text)))
    expect(strays.map(({ path }) => path)).toEqual([])
  })

  it('no file for odds and ends', () => {
    const odd = [...sources.map(({ path }) => path), ...filesUnder('simulator'), ...filesUnder('test')].filter(path =>
      /(^|\/)(utils?|helpers?|common|misc|shared|services?|managers?|types)(\/|\.tsx?$)/.test(path),
    )
    expect(odd).toEqual([])
  })
})

describe('the history and its chain', () => {
  const statements = ['src', 'handlers', 'db'].flatMap(filesUnder).map(path => {
    const text = withoutComments(readFileSync(join(ROOT, path), 'utf8'))
    return { path, text }
  })

  it.each([
    ['drizzle', /\.(delete|update)\(\s*(events|auditChain)\b/],
    [
      'SQL',
      /\b(delete\s+from|update|truncate(\s+table)?)\s+(only\s+)?("?events"?|"?audit_chain"?|\$\{(events|auditChain)\})(?![\w.])/i,
    ],
  ])('nothing in the program changes or deletes them: %s', (_, change) => {
    expect(statements.filter(({ text }) => change.test(text)).map(({ path }) => path)).toEqual([])
  })

  it('no migration does either', () => {
    const folder = join(ROOT, 'db/migrations')
    const change = /\b(delete\s+from|update|truncate(\s+table)?|drop\s+table)\s+"?(events|audit_chain)"?(?!\w)/i
    const strays = readdirSync(folder).filter(
      name => name.endsWith('.sql') && change.test(readFileSync(join(folder, name), 'utf8')),
    )
    expect(strays).toEqual([])
  })
})

describe('law 9: every feature is told about and promised', () => {
  it.each(features.map(feature => [feature.name, feature] as const))('%s', (name, feature) => {
    for (const command of Object.values(feature.commands)) {
      expect(command.usage).toMatch(/^\//)
      expect(command.about).not.toBe('')
    }
    expect(existsSync(join(ROOT, 'test', `${name}.test.ts`)), `test/${name}.test.ts`).toBe(true)
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toMatch(new RegExp(`\\| ${feature.title} \\| \`${name}\``))
  })

  it('no two features share a command word', () => {
    const words = features.flatMap(feature => feature.words)
    expect(new Set(words).size).toBe(words.length)
  })
})

describe('law 10: it is no burden', () => {
  /** Where the rules recognise what people write about themselves. */
  const READS = ['src/office/car/private-use.ts']

  it('GEN-01 GEN-02 GEN-03 GEN-04 nobody is ranked, clocked, counted as a user, or called to answer in a chain', () => {
    const words = /积分|排名|排行|打卡|在线时长|安装率|使用率|活跃度|登录率|点赞|转发量|学习时长|行动轨迹|接龙/
    const strays = sources.filter(({ path, text }) => !READS.includes(path) && words.test(withoutComments(text)))
    expect(strays.map(({ path }) => path)).toEqual([])
  })

  it('GEN-08 who has read what is told in no 通报, list or statistics', () => {
    const papers = /bulletin|publication|stats|ledger|report|export|digest|lists|chart/
    const strays = sources.filter(({ path, text }) => papers.test(path) && /未读|已读/.test(withoutComments(text)))
    expect(strays.map(({ path }) => path)).toEqual([])
    // who has read a notice is known to the card that its organiser asks for, and to nothing else; how long it is kept reads nothing
    const beside = (path: string, text: string): string =>
      path === 'db/retention.ts' ? text.replace(/^ {2}notice_reads: \{\s+what: '[^']*',/m, '') : text
    const readers = sources.filter(({ path, text }) =>
      /notice_reads|noticeReads|meeting-unread/.test(beside(path, withoutComments(text))),
    )
    expect(readers.map(({ path }) => path).sort()).toEqual(['db/meeting-unread.ts', 'handlers/meeting/unread.ts'])
  })
})

describe('law 11: what is said here goes to nobody else (SEC-23, SEC-25)', () => {
  it('F58 the network is reached through the platform alone', () => {
    const calls =
      /(?<![.\w#])fetch\((?!\w+: )|XMLHttpRequest|new WebSocket\(|from '(?:node:)?(?:https?|http2|net|tls|dgram)'|from '(?:axios|undici|ws)'/
    const reaching = sources.filter(({ text }) => calls.test(withoutComments(text))).map(({ path }) => path)
    expect(reaching.filter(path => !/^src\/(node|feishu)\//.test(path))).toEqual([])
  })

  it('no address is written down but those of the platform, of this machine and of file formats', () => {
    const ours =
      /^(open\.feishu\.cn|open\.larksuite\.com|open\.example\.cn|localhost|127\.0\.0\.1|schemas\.(openxmlformats\.org|microsoft\.com))$/
    const named = sources.flatMap(({ path, text }) =>
      [...withoutComments(text).matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host = '']) => ({ path, host })),
    )
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter(({ host }) => !ours.test(host))).toEqual([])
  })

  it('no service of the platform that reads, translates or writes, and no robot without a name', () => {
    const services = /optical_char_recognition|translation\/v1|speech_to_text|document_ai|\/aily\/|\/bot\/v2\/hook/
    expect(sources.filter(({ text }) => services.test(withoutComments(text))).map(({ path }) => path)).toEqual([])
  })
})

describe('law 12: nothing passes the gate unseen', () => {
  it('whatever is said, pressed or sent is looked through in one place', () => {
    const openers = (call: RegExp) =>
      sources.filter(({ text }) => call.test(withoutComments(text))).map(({ path }) => path)
    // what runs a turn, and what reads a file, stands behind it
    expect(openers(/RUNNERS\b/).sort()).toEqual(['src/bot/dispatch.ts', 'src/bot/quick.ts', 'src/bot/run.ts'])
    expect(openers(/\bquickly\(/).sort()).toEqual(['src/bot/dispatch.ts', 'src/bot/quick.ts'])
    expect(openers(/feishu\.file\(/)).toEqual(['src/bot/fetch.ts'])
  })
})

/**
 * Where roles of domain.md 1.2 are named outside `src/office/role`, and why that decides nothing by itself. Whoever may do something
 * is found by `may`; a file that is not here asks it.
 */
const ROLE_NAMERS: Record<string, readonly RegExp[]> = {
  'whose role counts in which unit (the data scope of domain.md 1.2); the rights of those found are asked of `may`': [
    /^src\/office\/(task|car|meeting)\/roles\.ts$/,
    /^handlers\/(car|task|meeting)\/(setting|sight|late)\.ts$/,
    /^src\/office\/(meeting\/(decision|stats)|task\/(bulletin|export)|car\/(publication|repair))\.ts$/,
    /^handlers\/(admins|role|meeting\/(full|make|line|decision(-note|-todo)?|replies))\.ts$/,
  ],
  'by which role a step is decided, which one a rule adds, and who climbs to it': [
    /^src\/kit\/chain\.ts$/,
    /^src\/office\/(car|meeting)\/(chain|rule-book|proposal)\.ts$/,
  ],
  'whom the matrix denies whatever else they hold': [/^src\/kit\/person\.ts$/],
  'whom a notice goes to, or what somebody has left behind': [
    /^src\/office\/task\/ladder\.ts$/,
    /^handlers\/task\/(recipients|record|digest|bulletin)\.ts$/,
    /^handlers\/car\/(digest|endorse|month-end|publish-approvers|recipients|reschedule|run|spend|sweep|late)\.ts$/,
    /^handlers\/meeting\/(booking|contacts|minutes|rules|series)\.ts$/,
    /^handlers\/secrecy\/officers\.ts$/,
    /^handlers\/remind\/due\.ts$/,
    /^handlers\/audit\/check\.ts$/,
  ],
  'what stands in /帮助, and who is noted as acting or as having come to be what': [
    /^handlers\/audit\.ts$/,
    /^db\/role-outside\.ts$/,
    /^src\/bot\/desk\.ts$/,
  ],
  'who is offered in a choice or ranked in a hall, and which roles an office needs': [
    /^handlers\/(car|meeting)\/(drivers|offer|room|ranks|seal-release)\.ts$/,
    /^handlers\/(setup|setup\/missing)\.ts$/,
    /^src\/node\/start\.ts$/,
  ],
}

describe('law 13: rights are asked in one place', () => {
  const codes = Object.keys(ROLES).join('|')
  const naming = sources
    .filter(
      ({ path, text }) =>
        !path.startsWith('src/office/role/') && new RegExp(`'(${codes})'`).test(withoutComments(text)),
    )
    .map(({ path }) => path)
  const known = Object.values(ROLE_NAMERS).flat()

  it('only files that are known to decide nothing by a role name one', () => {
    expect(naming.filter(path => !known.some(one => one.test(path)))).toEqual([])
  })

  it('and each of them still does', () => {
    expect(known.filter(one => !naming.some(path => one.test(path)))).toEqual([])
  })

  it('the three administrators are told apart in one place', () => {
    const apart = sources.filter(({ text }) => /'SY', 'BM', 'SJ'|'BM', 'SJ'/.test(withoutComments(text)))
    expect(apart.map(({ path }) => path)).toEqual(['src/office/role/role.ts'])
  })

  it('and nothing is decided by whether somebody is one of them', () => {
    const compared =
      /(?:[!=]==|includes\(|case)\s*'(?:SY|SJ|BM)'|'(?:SY|SJ|BM)'\s*[!=]==|\['(?:SY|SJ|BM)'[^\]]*\]\.includes/
    const comparing = sources.filter(({ text }) => compared.test(withoutComments(text))).map(({ path }) => path)
    // which role is being withdrawn: the last 系统管理员 stays
    expect(comparing).toEqual(['handlers/role.ts'])
    const listed = sources.filter(({ text }) => /'SY', 'SJ'/.test(withoutComments(text)))
    expect(listed.map(({ path }) => path)).toEqual(['src/kit/person.ts'])
  })
})

it('the simulator and the bot know nothing of each other', () => {
  const simulator = filesUnder('simulator').filter(path =>
    /from '(\.\.\/)+(src|db|handlers)\//.test(readFileSync(join(ROOT, path), 'utf8')),
  )
  expect(simulator).toEqual([])
  expect(
    sources.filter(({ ours }) => ours.some(name => name.startsWith('simulator/'))).map(({ path }) => path),
  ).toEqual([])
})

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}

it('no two duties take of one kind', () => {
  const kinds = under('handlers/').flatMap(({ text }) => [...text.matchAll(/\.take\('(\w+)'/g)].map(([, kind]) => kind))
  expect(kinds.length).toBeGreaterThan(10)
  expect(kinds.filter((kind, i) => kinds.indexOf(kind) !== i)).toEqual([])
})

it('what is locked and passed over is chosen once', () => {
  const asked = sources.filter(({ text }) =>
    /\bin \((\s|with|\w+ as)*select[^;`]*skip locked/i.test(withoutComments(text)),
  )
  // a plan may ask a subquery again for each row; as an array it is asked once
  expect(asked.map(({ path }) => path)).toEqual([])
})

/** What by its name makes a file or figures, checks or searches. */
const HEAVY_COMMAND = /导出|统计|校验|核算|台账|看板|通报|公示/
const HEAVY_ACTION = /^(export|search|verify|ledger|accounts|costs|board|paper|serve|.*(File|Template))$/

describe('law 14: nobody has much made without measure (trust.md F60)', () => {
  const commands = features.flatMap(({ name, commands: own }) =>
    Object.entries(own).map(([sub, { heavy }]) => ({ what: `${name} ${sub}`, sub, isHeavy: heavy === true })),
  )
  const actions = features.flatMap(({ name, actions: own, heavy = [] }) =>
    Object.keys(own).map(move => ({ what: `${name}.${move}`, move, isHeavy: heavy.includes(move) })),
  )

  it('what makes a file or figures, checks or searches is declared heavy', () => {
    const expensive = [
      ...commands.filter(({ sub }) => HEAVY_COMMAND.test(sub)),
      ...actions.filter(({ move }) => HEAVY_ACTION.test(move) && move !== 'keepTemplate'),
    ]
    expect(expensive.length).toBeGreaterThan(25)
    expect(expensive.filter(({ isHeavy }) => !isHeavy).map(({ what }) => what)).toEqual([])
  })

  it('no action is declared heavy that is none', () => {
    const declared = features.flatMap(({ name, heavy = [] }) => heavy.map(move => `${name}.${move}`))
    const known = actions.map(({ what }) => what)
    expect(declared.filter(what => !known.includes(what))).toEqual([])
  })
})
