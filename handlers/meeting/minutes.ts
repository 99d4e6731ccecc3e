import { departmentNames } from '../../db/department.ts'
import { getMeeting, holdMeeting } from '../../db/meeting.ts'
import {
  attendeesOf,
  decisionsOf,
  minutesOf,
  minutesSubmitted,
  openMinutes,
  saveMinutes,
} from '../../db/meeting-after.ts'
import { countsOf, NONE } from '../../db/meeting-stats.ts'
import { peopleById } from '../../db/people.ts'
import type { Action, Answer, Look, Press, Said, TodoItem, Turn, Waiting } from '../../src/bot/feature.ts'
import type { Block, Card } from '../../src/kit/card.ts'
import { officialDocument } from '../../src/kit/document.ts'
import type { Part as FilePart } from '../../src/kit/package.ts'
import type { Person, Viewer } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { hiddenCard } from '../../src/office/meeting/cards.ts'
import { meetingFlow } from '../../src/office/meeting/flow.ts'
import { type Actor, type Meeting, numberText, type Setting } from '../../src/office/meeting/meeting.ts'
import {
  checkMinutes,
  type Minutes,
  type MinutesMove,
  mattersText,
  minutesDrafted,
  minutesFlow,
  minutesMoved,
  minutesMovesOpen,
} from '../../src/office/meeting/minutes.ts'
import {
  minutesBlocks,
  minutesCard,
  minutesDocument,
  minutesFileName,
  minutesForm,
} from '../../src/office/meeting/minutes-cards.ts'
import { isOrganisedBy, maySee } from '../../src/office/meeting/roles.ts'
import { wordIn } from '../given.ts'
import { holdersFor, stillHere } from '../holders.ts'
import { opened } from '../opened.ts'
import type { Part } from '../part.ts'
import { tellOf } from '../tell.ts'
import { meetingSaid } from './numbered.ts'
import { actorIn, actorOf, FEATURE, idOf, refuseStrangers, settingOf } from './setting.ts'

const MATTER = /^(\d{1,15})\/minutes$/
const matterOf = (meeting: number): string => `${meeting}/minutes`
const bodyOf = (meeting: number) => ({ matter: { feature: FEATURE, id: matterOf(meeting) } })
const NO_MINUTES = '未找到该会议纪要'
const USAGE = '/会议 纪要 会〔2026〕31号'
/** More hear of it from whoever organised the meeting. */
const MOST_SENT = 200

type Reading = Pick<Look, 'db' | 'now' | 'office'>

const settingFor = (look: Reading, meeting: Meeting, minutes: Minutes | undefined): Promise<Setting> =>
  settingOf(look, [meeting], minutes ? [minutes.maker, minutes.movedBy, minutes.movedFor ?? ''] : [])

/** 起草纪要, 查看纪要: what is known becomes a first draft. */
async function openFor(turn: Turn, meeting: Meeting): Promise<Answer> {
  const found = await minutesOf(turn.db, meeting.id)
  const setting = await settingFor(turn, meeting, found)
  refuseStrangers(meeting, actorIn(turn), setting)
  if (!found) await draft(turn, meeting, setting)
  return { say: bodyOf(meeting.id), privately: true }
}

async function draft(turn: Turn, meeting: Meeting, setting: Setting): Promise<void> {
  if (!isOrganisedBy(meeting, actorIn(turn), setting)) throw new Refusal('会议纪要由会议承办人起草')
  if (meeting.state !== 'underway' && meeting.state !== 'ended')
    throw new Refusal(`会议${meetingFlow.states[meeting.state]},召开后才能起草纪要`)
  const counts = (await countsOf(turn.db, [meeting.id])).get(meeting.id) ?? NONE
  const units = await departmentNames(turn.db, [meeting.unit || (turn.who.departments[0] ?? '')])
  const present = counts.present || counts.coming
  const first = minutesDrafted(meeting, { ...counts, present }, { ...setting, units }, turn.who.id)
  await openMinutes(turn.db, { ...first, issuer: first.issuer || ([...units.values()][0] ?? '') })
  turn.record({ feature: FEATURE, act: 'minutes.draft', matter: matterOf(meeting.id) })
  turn.redraw(FEATURE, String(meeting.id))
}

const open: Action = async (turn, { value }) => ({
  ...(await openFor(turn, await holdMeeting(turn.db, idOf(value.id)))),
  toast: { kind: 'success', words: '已发送到私聊' },
})

async function command(turn: Turn, { text }: Said): Promise<Answer> {
  const { meeting } = await meetingSaid(turn, text, USAGE, maySee)
  return openFor(turn, meeting)
}

async function hold(turn: Turn, value: unknown): Promise<{ meeting: Meeting; minutes: Minutes; setting: Setting }> {
  const meeting = await holdMeeting(turn.db, idOf(value))
  const minutes = await minutesOf(turn.db, meeting.id)
  const setting = await settingFor(turn, meeting, minutes)
  refuseStrangers(meeting, actorIn(turn), setting)
  if (!minutes) throw new Refusal(NO_MINUTES)
  return { meeting, minutes, setting }
}

async function draw(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const meeting = await getMeeting(look.db, idOf(MATTER.exec(matter)?.[1]))
  const minutes = await minutesOf(look.db, meeting.id)
  const setting = await settingFor(look, meeting, minutes)
  const actor = viewer.kind === 'person' ? await actorOf(look, viewer.id) : undefined
  if (!minutes || !actor || !maySee(meeting, actor, setting)) return hiddenCard()
  const [matters, heads] = await Promise.all([
    minutes.state === 'issued' ? minutes.matters : mattersOf(look, meeting),
    concerned(look, meeting),
  ])
  const moves = minutesMovesOpen(minutes, meeting, actor, setting)
  return minutesCard({ minutes, meeting, matters, moves, heads: heads.length }, setting)
}

const mattersOf = async ({ db }: Reading, { id }: Meeting): Promise<string> => mattersText(await decisionsOf(db, id))

/** To whom signed minutes go: who held the meeting, took part, or is to do what it settled. */
async function concerned({ db }: Reading, meeting: Meeting): Promise<string[]> {
  const { id, maker, presider, convener, contact } = meeting
  const [decisions, attendees] = await Promise.all([decisionsOf(db, id), attendeesOf(db, id, MOST_SENT)])
  const bearers = decisions.flatMap(({ lead, assistants }) => [lead, ...assistants.map(one => one.id)])
  const all = [...new Set([maker, presider, convener, contact, ...bearers, ...attendees])].filter(one => one !== '')
  const people = await peopleById(db, all)
  return people
    .filter(({ active }) => active)
    .map(one => one.id)
    .slice(0, MOST_SENT)
}

const readPress = ({ value, form }: Press) => ({
  seenRev: typeof value.rev === 'number' ? value.rev : undefined,
  word: wordIn(form, 'word', 1_000),
})

const move =
  (name: MinutesMove): Action =>
  async (turn, pressed) => {
    const { meeting, minutes, setting } = await hold(turn, pressed.value.id)
    const press = { move: name, by: actorIn(turn), ...readPress(pressed) }
    const after = minutesMoved(minutes, meeting, press, setting)
    if (name === 'submit') checkMinutes(after)
    const kept = name === 'approve' ? { ...after, matters: await mattersOf(turn, meeting) } : after
    await saveMinutes(turn.db, minutes, kept)
    await tell(turn, meeting, kept, setting)
    turn.record({
      feature: FEATURE,
      act: `minutes.${name}`,
      matter: matterOf(meeting.id),
      ...(kept.movedFor ? { actingFor: kept.movedFor } : {}),
      data: { to: kept.state, reason: kept.word },
    })
    turn.redraw(FEATURE, matterOf(meeting.id))
    turn.redraw(FEATURE, String(meeting.id))
    return { toast: { kind: 'success', words: `已${minutesFlow.moves[name].button}` } }
  }

async function tell(turn: Turn, meeting: Meeting, after: Minutes, setting: Setting): Promise<void> {
  const line = `会议纪要 ${after.title}:${minutesFlow.states[after.state]}`
  if (after.lastMove === 'submit') {
    const signers = await signersOf(turn, meeting, after, setting)
    if (!signers.length) throw new Refusal('没有可以签发的人员,请核对主持人和角色设置')
    await tellOf(turn, signers, { body: bodyOf(meeting.id), line }, 'later')
  }
  if (after.lastMove === 'revise') await tellOf(turn, [after.maker], { body: bodyOf(meeting.id), line }, 'later')
  if (after.lastMove === 'approve')
    for (const person of await concerned(turn, meeting)) turn.send({ to: { person }, body: fileOf(after, meeting) })
}

/** The presider where they did not write it and have not left; else 办公室主任 and 分管领导. */
async function signersOf(turn: Turn, meeting: Meeting, minutes: Minutes, setting: Setting): Promise<string[]> {
  const ids = [meeting.presider, ...(await holdersFor(turn, meeting, ['BZ', 'FG']))].filter(id => id !== '')
  const actors = await Promise.all((await stillHere(turn.db, ids)).map(id => actorOf(turn, id)))
  const able = actors.filter(actor => signs(minutes, meeting, { ...actor, standsFor: [] }, setting))
  const presiding = able.filter(({ id }) => id === meeting.presider)
  return (presiding.length ? presiding : able).map(({ id }) => id)
}

const signs = (minutes: Minutes, meeting: Meeting, actor: Actor, setting: Setting): boolean =>
  minutesMovesOpen(minutes, meeting, actor, setting).includes('approve')

const fileOf = (minutes: Minutes, meeting: Meeting) => ({
  file: { feature: FEATURE, name: minutesFileName(minutes, meeting), order: { minutes: meeting.id } },
})

/** 修改: pressed on the card it opens the form, pressed on the form it saves. */
const edit: Action = async (turn, pressed) => {
  const { meeting, minutes, setting } = await hold(turn, pressed.value.id)
  const press = { move: 'edit' as const, by: actorIn(turn), ...readPress(pressed), word: '' }
  const after = minutesMoved(minutes, meeting, press, setting)
  if (typeof pressed.form.title !== 'string') return opened(turn, minutesForm(minutes))
  const typed = (name: string): string => wordIn(pressed.form, name, 2_000)
  const words = checkMinutes({
    title: typed('title'),
    issuer: typed('issuer'),
    overview: typed('overview'),
    remark: typed('remark'),
  })
  await saveMinutes(turn.db, minutes, { ...after, ...words })
  turn.record({ feature: FEATURE, act: 'minutes.edit', matter: matterOf(meeting.id) })
  turn.redraw(FEATURE, matterOf(meeting.id))
  return { toast: { kind: 'success', words: '已修改' }, fresh: bodyOf(meeting.id) }
}

const download: Action = async (turn, { value }) => {
  const { meeting, minutes } = await hold(turn, value.id)
  if (minutes.state !== 'issued') throw new Refusal('纪要签发后才能下载公文')
  turn.send({ to: { person: turn.who.id }, body: fileOf(minutes, meeting), urgent: true })
  turn.record({ feature: FEATURE, act: 'minutes.file', matter: matterOf(meeting.id) })
  return { toast: { kind: 'success', words: '公文随后发送到私聊' } }
}

async function print(look: Look, order: { minutes?: unknown }): Promise<FilePart[]> {
  const meeting = await getMeeting(look.db, idOf(order.minutes))
  const minutes = await minutesOf(look.db, meeting.id)
  if (!minutes) throw new Error('no minutes to print')
  return officialDocument(minutesDocument(minutes, meeting))
}

/** On the meeting's own card, for whoever sees it as its organiser does. */
export async function minutesBeside(
  look: Reading,
  meeting: Meeting,
  viewer: Actor | undefined,
  setting: Setting,
): Promise<Block[]> {
  const isHeld = meeting.state === 'underway' || meeting.state === 'ended'
  if (!viewer || !isHeld) return []
  return minutesBlocks(meeting, await minutesOf(look.db, meeting.id), isOrganisedBy(meeting, viewer, setting))
}

const MOST_WAITING = 20

/** Minutes that somebody is to sign. */
async function todo(look: Look & { who: Person }): Promise<Waiting> {
  const actor = await actorOf(look, look.who.id)
  const items: TodoItem[] = []
  const submitted = await minutesSubmitted(look.db, MOST_WAITING)
  for (const minutes of submitted) {
    const meeting = await getMeeting(look.db, minutes.meeting)
    if (!signs(minutes, meeting, actor, await settingOf(look, [meeting]))) continue
    items.push({
      feature: FEATURE,
      matter: matterOf(meeting.id),
      awaitsDecision: true,
      urgency: minutes.movedAt.getTime(),
      line: [
        '会议纪要 ',
        { bold: minutes.title },
        `${meeting.number ? ` · ${numberText(meeting.number)}` : ''} · 待签发`,
      ],
      buttons: [{ label: '查看', action: `${FEATURE}.minutes`, value: { id: meeting.id } }],
    })
  }
  return { items, more: submitted.length === MOST_WAITING }
}

/** 会议纪要: from its draft to the paper that goes out. */
export const minutesPart: Part = {
  owns: matter => MATTER.test(matter),
  orders: ({ minutes }) => minutes !== undefined,
  print,
  commands: { 纪要: { usage: USAGE, about: '起草或查看会议纪要', run: command } },
  actions: {
    minutes: open,
    minutesSubmit: move('submit'),
    minutesApprove: move('approve'),
    minutesRevise: move('revise'),
    minutesEdit: edit,
    minutesFile: download,
  },
  heavy: ['minutesApprove', 'minutesFile'],
  draw,
  heard: () => {
    throw new Refusal('会议纪要请用卡片上的按钮处理')
  },
  todo,
}
