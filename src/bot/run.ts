import type { Claim } from '../../db/inbox.ts'
import { addMembers, dismiss, dropMembers, keepChat, leaveMembers, meetPeople, noteOutsiders } from '../../db/people.ts'
import { DIRECTORY_WANTED, keepFirstOnce, keepSetting } from '../../db/settings.ts'
import type { Incoming } from '../feishu/incoming.ts'
import { MOST_IMAGES } from '../feishu/message.ts'
import { FORM_LIMITS } from '../feishu/press.ts'
import { card, text } from '../kit/card.ts'
import { AlreadySo, Refusal } from '../kit/refusal.ts'
import { type Asked, readCommand } from './command.ts'
import type { Desk } from './desk.ts'
import type { Answer, Feature, Said, Turn } from './feature.ts'
import type { Office } from './office.ts'
import { isStopping, type Screened, screenPictures } from './screen.ts'

/** What a delivery turned out to ask for; `feature: ''` leaves no trace in the history. */
export interface Act {
  feature: string
  act: string
}

/** Why nothing is done where people of another house listen (SEC-23); it may be said there. */
export const OUTSIDE = {
  text: '本群有外部人员,回音不在此办理和发送业务内容。请在内部群或与回音的私聊中办理。',
  open: true,
} as const

/** Nor where it is not known yet whether any do. */
const ASKING = '正在核对本群有无外部人员'
const UNREAD = { text: `${ASKING},这条消息未处理,请稍候再发一次。`, open: true } as const

/** Only as it was run did it turn out to be what the gate stops: it is undone and stopped. */
export class Stopping extends Error {
  readonly found: Omit<Screened<unknown>, 'passes'>

  constructor(found: Omit<Screened<unknown>, 'passes'>) {
    super('stopped')
    this.found = found
  }
}

export interface Run<K extends Kind = Kind> {
  office: Office
  turn: Turn
  incoming: Extract<Incoming, { kind: K }>
  copy: Claim['copy']
  /** People of another house hear what is said there; undefined: nothing is known of the chat yet. */
  outside: boolean | undefined
  desk: Desk
  /** Says what it is as soon as that is known, so that a refusal is noted under its name too. */
  name(feature: string, act: string): void
}

type Kind = Exclude<Incoming['kind'], 'ignored'>
type Runner<K extends Kind> = (run: Run<K>) => Promise<Answer | undefined>

/** What each kind of delivery does. */
export const RUNNERS: { [K in Kind]: Runner<K> } = {
  said: async run => {
    const { office, turn, incoming, copy } = run
    const asked = readCommand(incoming, office.features, office.self())
    const isForUs = asked.kind === 'command' || asked.addressed
    if (!turn.who.active) return passedOver(run, asked)
    if (run.outside) return isForUs ? refusedOutside(run, asked) : undefined
    if (isUnread(run)) return isForUs || copy ? refusedUnread(run) : undefined
    // whoever is named where outsiders sit may be one of them
    if (turn.chat.kind === 'group') await meet(turn, incoming)
    if (asked.kind === 'command') {
      const { feature, act } = actOf(asked)
      run.name(feature, act)
      // a subject whose matters take material
      if (asked.feature.heard) stopPictures(run, asked.said)
      refuseExcess(incoming)
      refuseManyFiles(run, asked.said)
      return asked.command.heavy
        ? measured(run, () => asked.command.run(turn, asked.said))
        : asked.command.run(turn, asked.said)
    }
    const about = copy && office.features.find(feature => feature.name === copy.feature)
    if (copy && about?.heard && !asked.signed) {
      run.name(about.name, 'reply')
      stopPictures(run, asked.said)
      refuseExcess(incoming)
      refuseManyFiles(run, asked.said)
      return about.heard(turn, copy.matter, asked.said)
    }
    if (!asked.addressed) return undefined
    run.name('help', 'unknown')
    refuseExcess(incoming)
    refuseManyFiles(run, asked.said)
    return office.host.unknown(turn, asked.said, asked.word)
  },

  pressed: async run => {
    const { office, turn, incoming, copy } = run
    const [name = '', move = ''] = incoming.action.split('.')
    const feature = office.features.find(one => one.name === name)
    const action = feature && Object.hasOwn(feature.actions, move) ? feature.actions[move] : undefined
    const press = { value: incoming.value, form: incoming.form, copy, message: incoming.message }
    run.name(action ? name : 'help', action ? move : 'outdated')
    const asked = action && feature?.says?.(turn, press)
    if (asked) run.name(asked.feature, asked.act)
    if (!turn.who.active) throw new Refusal('账号已停用')
    if (run.outside) throw new Refusal(OUTSIDE.text)
    if (isUnread(run)) throw new Refusal(`${ASKING},请稍候再试`)
    if (!action) throw new Refusal('卡片已过期,请以最新卡片为准')
    refuseOverfilled(incoming)
    const answer = isHeavy(office.features, incoming.action)
      ? await measured(run, () => action(turn, press))
      : await action(turn, press)
    // last, so that whoever has no right is told that, and nothing is told by whether a card is ours
    if (copy && isElsewhere(copy, incoming, turn.standsFor))
      throw new Refusal('该卡片不在您的会话中,请在发给您的卡片上办理')
    return answer
  },

  entered: async ({ office, turn, name }) => {
    name('help', 'entered')
    return office.host.entered(turn)
  },

  // of who has come, gone or moved an event may tell hours late, after a later one: it counts at once, and then Feishu is asked how it stands
  joined: async ({ office, turn, incoming, outside, desk, name }) => {
    name('help', 'joined')
    const { chat: id, name: called, external } = incoming
    // outsiders who joined it meanwhile have been told of already: whether they all have left is what Feishu tells
    await keepChat(turn.db, { id, kind: 'group', name: called, present: true, external })
    await desk.learnGroup(id)
    return external || outside ? { say: OUTSIDE } : office.host.joined(turn)
  },

  left: async ({ turn, incoming, desk, name }) => {
    name('help', 'left')
    await keepChat(turn.db, { id: incoming.chat, kind: 'group', name: incoming.name, present: false })
    await leaveMembers(turn.db, incoming.chat)
    await desk.learnGroup(incoming.chat)
    return undefined
  },

  members: async ({ turn, incoming, outside, desk }) => {
    if (incoming.external) await noteOutsiders(turn.db, incoming.chat)
    // somebody of another house has said something, as they may go on to
    if (outside && !incoming.added.length && !incoming.gone.length) return undefined
    await meetPeople(turn.db, incoming.added)
    await addMembers(
      turn.db,
      incoming.chat,
      incoming.added.map(one => one.id),
    )
    await dropMembers(turn.db, incoming.chat, incoming.gone)
    await desk.learnGroup(incoming.chat)
    return undefined
  },

  moved: async ({ turn, incoming, desk }) => {
    if (incoming.gone) await dismiss(turn.db, incoming.person)
    await desk.learn(incoming.person)
    return undefined
  },

  reorganised: async ({ turn }) => {
    await keepSetting(turn.db, DIRECTORY_WANTED, true, turn.now)
    return undefined
  },

  recalled: async () => undefined,
}

/** Whether what a button does is declared to cost much. */
export function isHeavy(features: readonly Feature[], action: string): boolean {
  const [name, move = ''] = action.split('.')
  return features.find(one => one.name === name)?.heavy?.includes(move) === true
}

type Asker = Pick<Run, 'office'> & { incoming: { who: string } }

/** Something expensive, if its asker is within their measure (`Throttle`). */
async function measured<T>({ office, incoming }: Asker, work: () => Promise<T>): Promise<T> {
  const taken = office.throttle.take(incoming.who, office.clock.wire(), 'asked')
  // nothing is wrong where somebody has tapped twice
  if (taken === 'busy') throw new AlreadySo('您的上一项查询、统计或导出尚未完成,请稍候再试')
  if (taken === 'often') throw new Refusal('您一分钟内的查询、统计和导出过多,请稍后再试')
  return work().finally(taken)
}

/** More than is taken in: nothing of it is looked into either. */
export class Excess extends Refusal {}

/** White space counts: what looks for words takes its time over that too. */
const LONGEST_SAID = 5_000

/** Nothing is done about a part of what somebody says. */
function refuseExcess({ pieces, attachments }: Extract<Incoming, { kind: 'said' }>): void {
  const said = pieces.filter(piece => typeof piece === 'string').join('')
  if (said.length > LONGEST_SAID) throw new Excess(`消息过长,这条消息未处理,请控制在${LONGEST_SAID}字以内`)
  if (attachments.length > MOST_IMAGES) throw new Excess(`图片过多,这条消息未处理,每条消息请控制在${MOST_IMAGES}张以内`)
}

/** Nor about a part of what somebody fills in. */
function refuseOverfilled({ unheard }: Extract<Incoming, { kind: 'pressed' }>): void {
  const { text, items } = FORM_LIMITS
  if (unheard) throw new Refusal(`填写的内容过长,未办理,请将每项控制在${text}字以内,多选控制在${items}项以内`)
}

function refuseManyFiles({ office, incoming }: Asker, { attachments }: Said): void {
  if (attachments.length && office.throttle.take(incoming.who, office.clock.wire(), 'sent') === 'often')
    throw new Excess('您一分钟内发送的文件过多,这份文件未处理,请稍后再发')
}

/** What is shown on a picture or a scan cannot be examined (SEC-22). */
function stopPictures({ office }: Pick<Run, 'office'>, { attachments }: Said): void {
  const found = screenPictures(office.gate, attachments)
  if (isStopping(found.action)) throw new Stopping(found)
}

/** A command of somebody whose account is closed: nobody answers it, and it stands in the history. */
function passedOver({ turn }: Pick<Run, 'turn'>, asked: Asked): undefined {
  if (asked.kind === 'command') turn.record({ ...actOf(asked), outcome: 'refused' })
}

const actOf = ({ feature, sub }: Extract<Asked, { kind: 'command' }>) => ({
  feature: feature.name,
  act: sub || 'command',
})

/** Said to all of them once, then to whoever asks. */
async function refusedOutside({ turn }: Pick<Run, 'turn'>, asked: Asked): Promise<Answer> {
  const { db, chat, now } = turn
  if (asked.kind === 'command') turn.record({ ...actOf(asked), outcome: 'refused', data: { rules: ['SEC-23'] } })
  return { say: OUTSIDE, privately: !(await keepFirstOnce(db, `outside.${chat.id}`, now)) }
}

const isUnread = ({ outside, turn }: Pick<Run, 'outside' | 'turn'>): boolean =>
  outside === undefined && turn.chat.kind === 'group'

async function refusedUnread({ turn, desk }: Pick<Run, 'turn' | 'desk'>): Promise<Answer> {
  await desk.learnGroup(turn.chat.id)
  return { say: UNREAD }
}

/**
 * Whether a card is pressed by somebody else than whom it was sent to, or in another chat: it was forwarded, or made up. Whoever
 * stands in for its reader may have it from them.
 */
export const isElsewhere = (
  { viewer, lane }: NonNullable<Claim['copy']>,
  { who, chat }: Extract<Incoming, { kind: 'pressed' }>,
  standsFor: Turn['standsFor'],
): boolean => (viewer ? viewer !== who && !standsFor.some(({ id }) => id === viewer) : lane !== chat)

/** People mentioned in a group are met by name, also when the directory does not show them to us. */
async function meet(turn: Turn, { pieces }: Extract<Incoming, { kind: 'said' }>): Promise<void> {
  const named = pieces.filter(piece => typeof piece !== 'string').filter(piece => piece.kind === 'person')
  if (named.length)
    await meetPeople(
      turn.db,
      named.map(({ id, name }) => ({ id, name })),
    )
}

/** A refusal goes to the person: over the pressed card, or as a message. */
export function refused(refusal: Refusal, incoming: Incoming): Answer {
  if (incoming.kind === 'pressed')
    return { toast: { kind: refusal instanceof AlreadySo ? 'info' : 'error', words: refusal.message } }
  const words = refusal.example ? `${refusal.message}。例如:${refusal.example}` : refusal.message
  return { say: { card: card('未能办理', 'red', text(words)) }, privately: true }
}
