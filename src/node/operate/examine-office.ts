import { outboxDepth } from '../../../db/outbox.ts'
import { HEARTBEAT, setting } from '../../../db/settings.ts'
import { checksOf } from '../../../handlers/setup.ts'
import { arrivalsNow } from '../../bot/arrivals.ts'
import type { Office } from '../../bot/office.ts'
import type { Config } from '../../config.ts'
import { FeishuFault } from '../../feishu/fault.ts'
import { lacking } from '../../feishu/scopes.ts'
import { WINDOWS } from '../../feishu/verify.ts'
import { type Arrived, type Cause, refusedNow } from '../../kit/arrivals.ts'
import { alertOf, TOO_OLD_MS } from '../../office/setup/alerts.ts'
import type { Incident } from '../../office/setup/watch.ts'
import { bad, type Finding, good, note } from './finding.ts'

/** Whether Feishu takes us for who we are, and what the house has granted. */
export async function examineFeishu(office: Pick<Office, 'feishu'>): Promise<Finding[]> {
  const { feishu } = office
  const me = await feishu.me().catch(faultOf)
  if (me instanceof FeishuFault) return [refused(me)]
  const granted = await feishu.scopes().catch(faultOf)
  return [
    good('Feishu', `answers; we are ${me.name || me.id}`),
    ...examineClock(feishu.clockAheadMs()),
    ...(granted instanceof FeishuFault
      ? [note('Scopes', `Feishu does not tell them (${granted.kind} ${granted.code})`, 'compare them with the README')]
      : examineScopes(granted)),
  ]
}

function faultOf(error: unknown): FeishuFault {
  if (error instanceof FeishuFault) return error
  throw error
}

/** What to do where the app itself is not let in, but for its bot, which is mostly not switched on. */
const SHUT: Record<number, string> = {
  99991401: 'put the outgoing address of this server on the IP allow-list of the app in the console',
  99991403: 'the calls of this month are used up: buy more, or wait for the next',
}

function refused({ kind, code }: FeishuFault): Finding {
  const shut = SHUT[code]
  if (shut) return bad('Feishu', `refuses the app (${code})`, shut)
  if (kind === 'unauthorised')
    return bad(
      'Feishu',
      `refuses the app (${code || 'no token'})`,
      'compare FEISHU_APP_ID and FEISHU_APP_SECRET with the console',
    )
  if (kind === 'unreachable')
    return bad('Feishu', 'cannot be reached', 'look at the network, a proxy, and FEISHU_DOMAIN')
  return bad('Feishu', `refuses: ${kind} ${code}`, 'is the bot switched on in the console, and the app published?')
}

const BARELY_MS = 60_000

/** By it signatures are taken for fresh, or not. */
function examineClock(aheadMs: number | undefined): Finding[] {
  if (aheadMs === undefined) return []
  const offMs = Math.abs(aheadMs)
  if (offMs < BARELY_MS) return [good('Clock', 'the same as Feishu’s')]
  const says = `${span(offMs)} ${aheadMs > 0 ? 'ahead of' : 'behind'} Feishu’s`
  return [(offMs > WINDOWS.callback ? bad : note)('Clock', says, 'let the machine follow a time server')]
}

function examineScopes(granted: string[]): Finding[] {
  const missing = lacking(granted)
  if (!missing.length) return [good('Scopes', 'all granted')]
  return missing.map(({ name, lost, optional }) =>
    (optional ? note : bad)(
      'Scopes',
      `${name} is not granted: ${lost}`,
      'ask for it in the console (权限管理) and publish a version',
    ),
  )
}

const FRESH_MS = 48 * 3_600_000
const HEARTBEAT_MS = 180_000

/** Whether Feishu finds us, and whether the bot is at work. */
export async function examineDelivery(
  office: Pick<Office, 'db' | 'clock' | 'arrivals'>,
  { transport }: Pick<Config, 'transport'>,
): Promise<Finding[]> {
  const { db, clock } = office
  const [ever, { event, press }, beatMs] = [
    await setting(db, 'tenant'),
    await arrivalsNow(office),
    await setting<number>(db, HEARTBEAT),
  ]
  const how =
    transport === 'websocket'
      ? 'choose 使用长连接接收 in the console while the bot runs'
      : 'set the two addresses in the console, and compare Encrypt Key and Verification Token'
  const silentMs = beatMs === undefined ? undefined : clock.wire() - beatMs
  const isNew = !ever && !event.refused && !press.refused
  return [
    ...(isNew
      ? [bad('Deliveries', 'nothing authentic has ever come from Feishu', how)]
      : [
          examineArrived('Events', event, clock.wire(), `say something to the bot; if nothing comes, ${how}`),
          examineArrived('Presses', press, clock.wire(), `press a button of the bot's; if nothing comes, ${how}`),
        ]),
    silentMs === undefined || silentMs > HEARTBEAT_MS
      ? bad(
          'Heartbeat',
          silentMs === undefined ? 'none yet' : `the last was ${ago(silentMs)}`,
          'start the bot; its log says why it stands still',
        )
      : good('Heartbeat', ago(silentMs)),
  ]
}

/** What was wrong with what was refused, and what to do about it. */
const CAUSES: Record<Cause, [says: string, todo: string]> = {
  key: [
    'encrypted with another key than ours',
    'compare FEISHU_ENCRYPT_KEY with Encrypt Key in the console, and start the bot anew',
  ],
  token: [
    'bearing another token than ours',
    'compare FEISHU_VERIFICATION_TOKEN with Verification Token in the console, and start the bot anew',
  ],
  app: [
    'meant for another app or tenant',
    'compare FEISHU_APP_ID with the console; a database belongs to the tenant that spoke to it first',
  ],
  clock: ['signed at another time than our clock has', 'let the machine follow a time server'],
  seal: [
    'not signed, or changed on the way',
    'set an Encrypt Key in the console; let no proxy change the body or take X-Lark headers away',
  ],
}

function examineArrived(what: string, arrived: Arrived, nowMs: number, todo: string): Finding {
  const refused = refusedNow(arrived)
  if (refused) {
    const [says, mend] = CAUSES[refused.cause]
    const since = `all refused for ${span(refused.lastMs - refused.sinceMs)}, the last ${ago(nowMs - refused.lastMs)}`
    return bad(what, `${since}: ${says}`, mend)
  }
  const { acceptedMs = 0 } = arrived
  return nowMs - acceptedMs < FRESH_MS
    ? good(what, `signature and key are right; the last came ${ago(nowMs - acceptedMs)}`)
    : note(what, `none in the last ${FRESH_MS / 3_600_000} h`, todo)
}

const ago = (ms: number): string => `${span(ms)} ago`

function span(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000))
  if (minutes < 1) return 'less than a minute'
  if (minutes < 120) return `${minutes} min`
  return minutes < 2_880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1_440)} days`
}

/** What `/初始化` shows as well, and how old the outbox is. Alerts are those of the last heartbeat. */
export async function examineOffice(office: Pick<Office, 'db' | 'clock' | 'facts'>): Promise<Finding[]> {
  const { db, clock, facts } = office
  const { directory, vacant, admins, missingYears, calendarDenied, openGates, alerts, broken } = await checksOf({
    db,
    now: clock.now(),
    office: facts,
  })
  const { waiting, oldestMs, failed } = await outboxDepth(db)
  const ageMs = oldestMs === undefined ? 0 : clock.wire() - oldestMs
  const inChat = 'send the bot in private'
  return [
    directory.people
      ? good(
          'Directory',
          `${directory.people} people, ${directory.departments} departments, ${directory.groups} groups`,
        )
      : bad(
          'Directory',
          'nobody is known',
          'set 通讯录权限范围 in the console, publish, and wait for the next heartbeat',
        ),
    admins
      ? good('Administrators', String(admins))
      : bad('Administrators', 'none', `${inChat} /初始化 and the code that the start prints, or set ADMINS`),
    vacant.length
      ? note('Roles', `nobody is ${vacant.join(', ')}`, `${inChat} /角色 @somebody and the role`)
      : good('Roles', 'the main ones are held'),
    missingYears.length
      ? (missingYears.some(({ isOverdue }) => isOverdue) ? bad : note)(
          'Holidays',
          `${missingYears.map(({ year }) => year).join(', ')} not loaded`,
          `${inChat} /假期 载入 and the official notice`,
        )
      : good('Holidays', 'loaded'),
    openGates.length
      ? note('Gates', `not confirmed: ${openGates.join(', ')}`, `${inChat} /初始化, 上线前确认`)
      : good('Gates', 'confirmed'),
    ...(calendarDenied ? [note('Calendar', 'meetings cannot be put there', 'grant calendar:calendar')] : []),
    ageMs > TOO_OLD_MS
      ? bad(
          'Outbox',
          `${waiting} waiting, the oldest for ${span(ageMs)}`,
          'is the bot running, and does Feishu answer?',
        )
      : good('Outbox', `${waiting} waiting`),
    failed
      ? note('Undelivered', `${failed} given up`, `${inChat} /初始化, which lists them with their reasons`)
      : good('Undelivered', 'none'),
    broken.length
      ? note(
          'Breakdowns',
          `${broken.length} not done: ${broken
            .slice(-5)
            .map(({ id, act }) => `${act} (${id})`)
            .join(', ')}`,
          'look for the id in the log (turn failed)',
        )
      : good('Breakdowns', 'none'),
    ...(alerts.length ? alerts.map(one => examineAlert(one, clock.now())) : [good('Alerts', 'none')]),
  ]
}

function examineAlert({ id, since }: Incident, now: Date): Finding {
  const says = `${id}, since ${span(now.getTime() - Date.parse(since))}`
  return (alertOf(id).grave ? bad : note)('Alerts', says, 'the administrators were told what to do')
}
