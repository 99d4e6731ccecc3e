import { getMeeting } from '../../db/meeting.ts'
import { dutiesOf, expectedIn, materialsOf, servedWith } from '../../db/meeting-day.ts'
import type { Action, Answer, Look, Said, Turn } from '../../src/bot/feature.ts'
import type { Block, Card } from '../../src/kit/card.ts'
import type { Viewer } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { hiddenCard } from '../../src/office/meeting/cards.ts'
import { type Day, dayCard } from '../../src/office/meeting/day-cards.ts'
import { served, unnamed } from '../../src/office/meeting/expected.ts'
import { type Actor, LIMITS, type Meeting, type Setting } from '../../src/office/meeting/meeting.ts'
import { isOrganisedBy } from '../../src/office/meeting/roles.ts'
import type { Part } from '../part.ts'
import { drawList, dutyActions, isList, template, todo } from './duties.ts'
import {
  dayMatter,
  drawMaterial,
  dropMaterial,
  isMaterial,
  lookedMaterial,
  materials,
  receivedFor,
  serveMaterial,
} from './materials.ts'
import { organised } from './organised.ts'
import { ordersPaper, paper, paperFile } from './papers.ts'
import { arrange, keepSeats, seatedIn } from './seats.ts'
import { actorOf, FEATURE, idOf, settingOf } from './setting.ts'

const MATTER = /^(\d{1,15})\/day$/
const MOST = LIMITS.invited * 2

/** 会务准备, for whoever organises the meeting. */
const day: Action = async (turn, { value }) => {
  const { meeting } = await organised(turn, value.id)
  const matter = { feature: FEATURE, id: dayMatter(meeting.id) }
  return value.back === 1 ? { fresh: { matter } } : { say: { matter }, privately: true }
}

async function draw(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const meeting = await getMeeting(look.db, idOf(MATTER.exec(matter)?.[1]))
  const setting = await settingOf(look, [meeting])
  const actor = viewer.kind === 'person' ? await actorOf(look, viewer.id) : undefined
  if (!actor || !isOrganisedBy(meeting, actor, setting)) return hiddenCard()
  return dayCard(meeting, await dayOf(look, meeting), setting)
}

async function dayOf(look: Look, meeting: Meeting): Promise<Day> {
  const all = await expectedIn(look.db, meeting.id, MOST)
  const [{ people, plan }, some] = await Promise.all([
    seatedIn(look, meeting, all),
    materialsOf(look.db, meeting.id, ['passing', 'served', 'failed']),
  ])
  const got = await servedWith(
    look.db,
    some.map(({ id }) => id),
  )
  const names = new Map(all.map(({ invitation, name }) => [invitation.person, name]))
  const wanted = served(
    meeting,
    all.map(({ invitation }) => invitation),
  )
  const shown = some.map(material => {
    const has = got.get(material.id) ?? new Set<string>()
    const missing = material.state === 'served' ? wanted.filter(id => !has.has(id)) : []
    return { material, got: has.size, missing: missing.map(id => names.get(id) || '未知人员') }
  })
  return { people, plan, unnamed: unnamed(all), materials: shown, duties: await dutiesOf(look.db, meeting.id) }
}

/** What a meeting's card offers to whoever organises it. */
export function dayBeside(meeting: Meeting, viewer: Actor | undefined, setting: Setting): Block[] {
  if (!meeting.notifiedAt || meeting.state === 'cancelled' || !viewer) return []
  if (!isOrganisedBy(meeting, viewer, setting)) return []
  return [
    {
      kind: 'buttons',
      buttons: [{ label: '会务准备', action: 'meeting.day', value: { id: meeting.id } }],
    },
  ]
}

const drawingOf = (matter: string) => (isMaterial(matter) ? drawMaterial : isList(matter) ? drawList : draw)

/** A file sent in answer to the card is a material. */
async function heard(turn: Turn, matter: string, said: Said): Promise<Answer> {
  const { meeting } = await organised(turn, matter.split('/')[0])
  if (said.attachments.length) return receivedFor(turn, said, meeting)
  throw new Refusal('会务准备卡片下请发送会议材料文件')
}

/** The day itself: seats, papers and materials. */
export const dayPart: Part = {
  commands: {
    准备模板: { usage: '/会议 准备模板', about: '会务准备清单的模板,由会务员或办公室主任修改', run: template },
  },
  actions: { ...dutyActions, day, paper, arrange, keepSeats, serve: serveMaterial, dropMaterial },
  heavy: ['paper', 'serve'],
  owns: matter => MATTER.test(matter) || isList(matter) || isMaterial(matter),
  draw: (look, matter, viewer) => drawingOf(matter)(look, matter, viewer),
  todo,
  heard,
  files: materials,
  looked: lookedMaterial,
  orders: ordersPaper,
  print: paperFile,
}
