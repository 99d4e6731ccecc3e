import { getMeeting } from '../../db/meeting.ts'
import {
  getMaterial,
  holdMaterial,
  keepMaterial,
  markServed,
  materialsOf,
  noteServed,
  openMaterial,
} from '../../db/meeting-day.ts'
import { lookBy } from '../../db/meeting-due.ts'
import { invitationsOf } from '../../db/meeting-invitation.ts'
import { type MeetingFilter, meetingsSeen } from '../../db/meeting-list.ts'
import type { Action, Answer, Beat, FileDesk, Look, Looked, Said, Turn } from '../../src/bot/feature.ts'
import type { Card } from '../../src/kit/card.ts'
import { isOpen, openingAfter } from '../../src/kit/customs.ts'
import type { Viewer } from '../../src/kit/person.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { sentence, tidy } from '../../src/kit/text.ts'
import { dayIn } from '../../src/kit/time.ts'
import { hiddenCard } from '../../src/office/meeting/cards.ts'
import { served } from '../../src/office/meeting/expected.ts'
import {
  MATERIAL_STATES,
  type Material,
  offerCard,
  refuseDraft,
  settledCard,
} from '../../src/office/meeting/material.ts'
import { type Invitation, LIMITS, type Meeting } from '../../src/office/meeting/meeting.ts'
import { headOf } from '../../src/office/meeting/notice.ts'
import { isOrganisedBy } from '../../src/office/meeting/roles.ts'
import { isOut } from '../../src/office/meeting/schedule.ts'
import { customs } from '../customs.ts'
import { waits } from '../tell.ts'
import { organised } from './organised.ts'
import { actorIn, FEATURE, idOf, settingOf } from './setting.ts'
import { sightOf } from './sight.ts'

const MOST_NAME = 120
const OFFERED = 20

/** Final materials that an organiser sends in private. */
export const materials: FileDesk = {
  async received(turn, said) {
    const [file] = said.attachments.filter(({ kind }) => kind === 'file')
    const meetings = file ? await organisedNow(turn) : []
    return file && meetings.length ? offered(turn, said, meetings, undefined) : undefined
  },

  async passed(beat, matter, passed) {
    const material = await holdMaterial(beat.db, idOf(matter))
    if (material.state !== 'passing' || material.meeting === undefined) return
    const meeting = await getMeeting(beat.db, material.meeting)
    const tell = (words: string) => beat.send({ to: { person: material.maker }, body: { text: words }, urgent: true })
    const isOff = meeting.state === 'cancelled'
    beat.redraw(FEATURE, materialMatter(meeting.id, material.id))
    if ('fault' in passed || isOff) {
      await keepMaterial(beat.db, { ...material, state: 'failed', movedAt: beat.now })
      return tell(`未能发送《${material.name}》:${sentence('fault' in passed ? passed.fault : '会议已取消')}`)
    }
    const ready: Material = { ...material, state: 'served', key: passed.key, movedAt: beat.now }
    await keepMaterial(beat.db, ready)
    const all = await invitationsOf(beat.db, meeting.id, LIMITS.invited * 2)
    const count = await serve(beat, meeting, ready, served(meeting, all))
    beat.redraw(FEATURE, dayMatter(meeting.id))
    tell(`《${material.name}》已发送给${count}人。以后确认参加的和代会人员将自动收到。`)
  },
}

const MATTER = /^(\d{1,15})\/material(\d{1,15})$/

export const isMaterial = (matter: string): boolean => MATTER.test(matter)

/** `12/material7`: what became of a material, for whoever handed it in. */
const materialMatter = (meeting: number, material: number): string => `${meeting}/material${material}`

export async function drawMaterial(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const [, of, id] = MATTER.exec(matter) ?? []
  const [meeting, material] = await Promise.all([getMeeting(look.db, idOf(of)), getMaterial(look.db, idOf(id))])
  const isOwn = viewer.kind === 'person' && viewer.id === material.maker && material.meeting === meeting.id
  return isOwn ? settledCard(material, meeting, await settingOf(look, [meeting])) : hiddenCard()
}

export const dayMatter = (meeting: number): string => `${meeting}/day`

const COMING: MeetingFilter['states'] = ['notified', 'submitted', 'underway']

/** Meetings that have been notified and that somebody organises, the soonest first. */
async function organisedNow(turn: Turn): Promise<Meeting[]> {
  const actor = actorIn(turn)
  const filter: MeetingFilter = { states: COMING ?? [], endsFrom: turn.now }
  const seen = await meetingsSeen(turn.db, await sightOf(turn, actor), filter, OFFERED * 5, 0, 'soonest')
  const setting = await settingOf(turn, seen)
  return seen.filter(one => one.notifiedAt && isOrganisedBy(one, actor, setting)).slice(0, OFFERED)
}

/** A file in the thread of a meeting's card. */
export async function receivedFor(turn: Turn, said: Said, meeting: Meeting): Promise<Answer> {
  await organised(turn, meeting.id)
  return offered(turn, said, [meeting], meeting.id)
}

/** Asks for which meeting it is, and whether it is to go out. */
async function offered(
  turn: Turn,
  said: Said,
  meetings: readonly Meeting[],
  meeting: number | undefined,
): Promise<Answer> {
  const [file, ...others] = said.attachments
  if (file?.kind !== 'file') throw new Refusal('会议材料请以文件形式发送')
  if (others.length) throw new Refusal('会议材料请逐份发送')
  const name = tidy(file.name, MOST_NAME)
  refuseDraft(name)
  const { message, key } = file
  const material = await openMaterial(turn.db, {
    ...{ meeting, state: 'offered', name, message, file: key, key: '', maker: turn.who.id, movedAt: turn.now },
  })
  turn.fetch({ ...file, name }, FEATURE, String(material.id), 'look')
  turn.record({ feature: FEATURE, act: 'material', data: { id: material.id, ...(meeting ? { meeting } : {}) } })
  return { say: { card: offerCard(material, meetings, await settingOf(turn, [...meetings])) }, privately: true }
}

/** One in which the gate finds something is over, whether it is to go out or not. */
export async function lookedMaterial(beat: Beat, matter: string, looked: Looked): Promise<void> {
  if (!('fault' in looked && looked.caught)) return
  const material = await holdMaterial(beat.db, idOf(matter))
  if (material.state === 'offered') await keepMaterial(beat.db, { ...material, state: 'failed', movedAt: beat.now })
  const words = `未能发送《${material.name}》:${sentence(looked.fault)}`
  beat.send({ to: { person: material.maker }, body: { text: words }, urgent: true })
}

/** Only whoever handed it in decides on it, once. */
async function own(turn: Turn, id: unknown): Promise<Material> {
  const material = await holdMaterial(turn.db, idOf(id))
  if (material.maker !== turn.who.id) throw new Refusal('未找到该材料,请重新发送')
  if (material.state !== 'offered') throw new AlreadySo(`该材料${MATERIAL_STATES[material.state]}`)
  return material
}

const MOST = 30

/** 发送给参会人员: it is fetched and handed in anew between two turns, then goes to each. */
export const serveMaterial: Action = async (turn, { value, form }) => {
  const material = await own(turn, value.id)
  const { meeting } = await organised(turn, form.meeting ?? value.meeting ?? material.meeting)
  if (material.meeting !== undefined && material.meeting !== meeting.id) throw new Refusal('该材料属于另一会议')
  if (meeting.state === 'cancelled') throw new AlreadySo('会议已取消')
  await refuseNight(turn, meeting)
  const others = await materialsOf(turn.db, meeting.id, ['passing', 'served'])
  if (others.length >= MOST) throw new Refusal(`一次会议最多发送${MOST}份材料`)
  const passing: Material = { ...material, meeting: meeting.id, state: 'passing', movedAt: turn.now }
  await keepMaterial(turn.db, passing)
  const { name, message, file: key } = material
  turn.fetch({ kind: 'file', name, message, key }, FEATURE, String(material.id), 'pass')
  turn.record({
    ...{ feature: FEATURE, act: 'serve', matter: String(meeting.id) },
    data: { id: material.id, name },
  })
  turn.redraw(FEATURE, dayMatter(meeting.id))
  return {
    toast: { kind: 'success', words: '正在发送,完成后告知' },
    fresh: { matter: { feature: FEATURE, id: materialMatter(meeting.id, material.id) } },
  }
}

/** GEN-07: what is not needed before the office opens again waits. */
async function refuseNight(turn: Turn, { startsAt }: Meeting): Promise<void> {
  const inForce = await customs(turn)
  if (!isOpen(turn.now, inForce) && startsAt > openingAfter(turn.now, inForce))
    throw new Refusal('现为下班时间,请于上班后发送')
}

export const dropMaterial: Action = async (turn, { value }) => {
  const dropped: Material = { ...(await own(turn, value.id)), state: 'dropped', movedAt: turn.now }
  await keepMaterial(turn.db, dropped)
  return {
    toast: { kind: 'success', words: '不发送' },
    fresh: { card: settledCard(dropped, undefined, await settingOf(turn, [])) },
  }
}

/** Sends one on to those who have not got it; a line before it says what it is for. */
async function serve(turn: Beat, meeting: Meeting, material: Material, people: readonly string[]): Promise<number> {
  const fresh = await noteServed(turn.db, material.id, [...new Set(people)], turn.now)
  await markServed(turn.db, meeting.id, fresh, turn.now)
  const words = `【会议材料】${headOf(meeting, await settingOf(turn, [meeting]))}:《${material.name}》`
  for (const person of fresh) {
    turn.send({ to: { person }, body: { text: words }, plain: words })
    turn.send({ to: { person }, body: { file: { name: material.name, key: material.key } } })
  }
  return fresh.length
}

/** Whoever comes after all, or comes for another, gets what the others have got. */
export async function materialsFollow(
  turn: Turn,
  meeting: Meeting,
  { person }: Pick<Invitation, 'person'>,
): Promise<void> {
  if (person === undefined || meeting.state === 'cancelled' || dayIn(meeting.endsAt) < dayIn(turn.now)) return
  const some = await materialsOf(turn.db, meeting.id, ['served'])
  // whoever answers at night is awake; who is named by others then gets them when the office opens
  if (some.length && person !== turn.who.id && (await waits(turn, meeting.startsAt)))
    return lookBy(turn.db, meeting.id, openingAfter(turn.now, await customs(turn)))
  for (const material of some) await serve(turn, meeting, material, [person])
}

/** Sends what had to wait for the morning; answers when to look again where it is still to wait. */
export async function materialsCatchUp(beat: Beat, meeting: Meeting): Promise<Date | undefined> {
  const some = isOut(meeting) ? await materialsOf(beat.db, meeting.id, ['served']) : []
  if (!some.length) return undefined
  if (await waits(beat, meeting.startsAt)) return openingAfter(beat.now, await customs(beat))
  const all = await invitationsOf(beat.db, meeting.id, LIMITS.invited * 2)
  for (const material of some) await serve(beat, meeting, material, served(meeting, all))
  return undefined
}
