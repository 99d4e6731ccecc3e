import { getMeeting, holdMeeting } from '../../db/meeting.ts'
import { dutiesOf, dutiesOpen, holdDuty, keepDuties, markDuty, NO_DUTY } from '../../db/meeting-day.ts'
import { keepSettled, setting as kept } from '../../db/settings.ts'
import type { Action, Answer, Look, TodoItem, Turn, Waiting } from '../../src/bot/feature.ts'
import { nameOf } from '../../src/kit/acted.ts'
import type { Card } from '../../src/kit/card.ts'
import type { Person, Viewer } from '../../src/kit/person.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { formatShort } from '../../src/kit/time.ts'
import { hiddenCard } from '../../src/office/meeting/cards.ts'
import { dueOf, dutiesCard, dutiesForm, templateCard } from '../../src/office/meeting/duty-cards.ts'
import type { Actor, Meeting, Setting } from '../../src/office/meeting/meeting.ts'
import { headOf } from '../../src/office/meeting/notice.ts'
import {
  type Charge,
  type Duty,
  type Item,
  PREPARATION,
  readCharges,
  readTemplate,
  USUAL,
} from '../../src/office/meeting/prepare.ts'
import { isOrganisedBy, maySee, selvesOf } from '../../src/office/meeting/roles.ts'
import { inHouse } from '../../src/office/meeting/room.ts'
import { may } from '../../src/office/role/role.ts'
import { isAdmin } from '../admins.ts'
import { peopleMeant } from '../named.ts'
import { openedApart } from '../opened.ts'
import { tellOf } from '../tell.ts'
import { typedIn } from './answer.ts'
import { dayMatter } from './materials.ts'
import { organised } from './organised.ts'
import { actorIn, actorOf, FEATURE, idOf, refuseStrangers, settingOf } from './setting.ts'

const MATTER = /^(\d{1,15})\/list$/
export const isList = (matter: string): boolean => MATTER.test(matter)
const listMatter = (meeting: number): { feature: string; id: string } => ({ feature: FEATURE, id: `${meeting}/list` })

const templateOf = async ({ db }: Pick<Look, 'db'>): Promise<readonly Item[]> =>
  (await kept<Item[]>(db, PREPARATION)) ?? USUAL

interface Listed {
  meeting: Meeting
  some: Duty[]
  setting: Setting
}

async function listed(look: Look, id: number): Promise<Listed> {
  const [meeting, some] = await Promise.all([getMeeting(look.db, id), dutiesOf(look.db, id)])
  const people = some.flatMap(({ owner, doneBy }) => [owner, ...(doneBy ? [doneBy] : [])])
  return { meeting, some, setting: await settingOf(look, [meeting], people) }
}

/** Whoever organises the meeting, and whoever sees to something of the list. */
const concerns = ({ meeting, some, setting }: Listed, actor: Actor): boolean =>
  isOrganisedBy(meeting, actor, setting) || selvesOf(actor).some(({ id }) => some.some(({ owner }) => owner === id))

export async function drawList(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const list = await listed(look, idOf(MATTER.exec(matter)?.[1]))
  const actor = viewer.kind === 'person' ? await actorOf(look, viewer.id) : undefined
  if (!actor || !concerns(list, actor)) return hiddenCard()
  const { meeting, some, setting } = list
  const ids = selvesOf(actor).map(({ id }) => id)
  return dutiesCard(meeting, some, { ids, organises: isOrganisedBy(meeting, actor, setting) }, setting)
}

/** 准备清单. */
const show: Action = async (turn, { value }) => {
  const list = await listed(turn, idOf(value.id))
  if (!concerns(list, actorIn(turn))) {
    refuseStrangers(list.meeting, actorIn(turn), list.setting)
    throw new Refusal('此按钮仅限会议承办人和准备事项负责人使用')
  }
  const matter = listMatter(list.meeting.id)
  return value.back === 1 ? { fresh: { matter } } : { say: { matter }, privately: true }
}

const edit: Action = async (turn, { value }) => {
  const { meeting } = await organised(turn, value.id)
  const { some, setting } = await listed(turn, meeting.id)
  return openedApart(turn, dutiesForm(meeting, some, await templateOf(turn), setting))
}

/** Saves the list; whoever is newly in charge of something is told. */
const keep: Action = async (turn, { value, form }) => {
  const { meeting } = await organised(turn, value.id)
  await holdMeeting(turn.db, meeting.id)
  const { some: before, setting } = await listed(turn, meeting.id)
  const after: Array<Omit<Duty, 'id' | 'meeting'>> = []
  for (const [place, charge] of readCharges(typedIn(form, 'duties') ?? '').entries()) {
    const same = before.find(({ what, owner }) => what === charge.what && nameOf(owner, setting.names) === charge.owner)
    const owner = same?.owner ?? (await ownerOf(turn, charge))
    const { what, minutes } = charge
    after.push({ place, what, minutes, owner, doneAt: same?.doneAt, doneBy: same?.doneBy })
  }
  await keepDuties(turn.db, meeting.id, after)
  turn.record({ feature: FEATURE, act: 'duties', matter: String(meeting.id), data: { duties: after.length } })
  const told = after.filter(({ owner }) => owner !== turn.who.id && !before.some(one => one.owner === owner))
  const line = `会议 ${headOf(meeting, setting)}:请负责会务准备事项`
  await tellOf(
    turn,
    told.map(({ owner }) => owner),
    { body: { matter: listMatter(meeting.id) }, line },
    meeting.startsAt,
  )
  redraw(turn, meeting.id)
  return { toast: { kind: 'success', words: '准备清单已保存' }, fresh: { matter: listMatter(meeting.id) } }
}

const redraw = (turn: Pick<Turn, 'redraw'>, meeting: number): void => {
  turn.redraw(FEATURE, listMatter(meeting).id)
  turn.redraw(FEATURE, dayMatter(meeting))
}

/** Whoever is named; nobody named: whoever writes the list. */
async function ownerOf(turn: Turn, { owner }: Charge): Promise<string> {
  if (!owner) return turn.who.id
  const { people, doubt } = await peopleMeant(turn, owner, turn.chat.id)
  if (doubt) throw new Refusal(doubt)
  const [person, ...others] = people
  if (!person || others.length) throw new Refusal(`每项请写1名负责人:“${owner.slice(0, 20)}”`)
  return person.id
}

/** 准备完成, or not after all. */
const tick: Action = async (turn, { value }) => {
  const duty = await holdDuty(turn.db, idOf(value.id))
  const list = await listed(turn, duty.meeting)
  const { meeting, setting } = list
  const by = actorIn(turn)
  if (!selvesOf(by).some(({ id }) => id === duty.owner) && !isOrganisedBy(meeting, by, setting))
    throw new Refusal(
      concerns(list, by) || maySee(meeting, by, setting) ? '此按钮仅限该事项负责人和会议承办人使用' : NO_DUTY,
    )
  if (meeting.state === 'cancelled') throw new AlreadySo('会议已取消')
  const done = value.done !== 0
  if (done && duty.doneAt) throw new AlreadySo(`该事项已于${formatShort(duty.doneAt, turn.now)}完成`)
  if (!done && !duty.doneAt) throw new AlreadySo('该事项尚未完成')
  await markDuty(turn.db, duty, {
    doneAt: done ? turn.now : undefined,
    doneBy: done ? turn.who.id : undefined,
  })
  turn.record({
    ...{ feature: FEATURE, act: 'tick', matter: String(meeting.id) },
    data: { duty: duty.what, done: done ? 1 : 0 },
  })
  redraw(turn, meeting.id)
  return { toast: { kind: 'success', words: done ? '已完成' : '已恢复' } }
}

function refuseOthers(turn: Turn): void {
  const holds = selvesOf(actorIn(turn)).some(self => may(inHouse(self), 'E', 'meeting.template'))
  if (!holds && !isAdmin(turn)) throw new Refusal('准备清单模板由会务员或办公室主任修改')
}

/** `/会议 准备模板`. */
export async function template(turn: Turn): Promise<Answer> {
  refuseOthers(turn)
  return { say: { card: templateCard(await templateOf(turn)) }, privately: true }
}

const keepTemplate: Action = async (turn, { form }) => {
  refuseOthers(turn)
  const items = readTemplate(typedIn(form, 'template') ?? '')
  await keepSettled(turn.db, { feature: FEATURE }, PREPARATION, items, turn.now)
  turn.record({ feature: FEATURE, act: 'template', data: { items: items.length } })
  return { toast: { kind: 'success', words: '已保存' }, fresh: { card: templateCard(items) } }
}

export const dutyActions = { duties: show, editDuties: edit, keepDuties: keep, tick, keepTemplate } satisfies Record<
  string,
  Action
>

const MOST = 50

/** What is still to be prepared by somebody. */
export async function todo(look: Look & { who: Person }): Promise<Waiting> {
  const some = await dutiesOpen(look.db, look.who.id, look.now, MOST)
  const ids = [...new Set(some.map(({ meeting }) => meeting))]
  const meetings = new Map(await Promise.all(ids.map(async id => [id, await getMeeting(look.db, id)] as const)))
  const setting = await settingOf(look, [...meetings.values()])
  const items = some.flatMap(duty => {
    const meeting = meetings.get(duty.meeting)
    return meeting ? [itemOf(duty, meeting, setting)] : []
  })
  return { items, more: some.length >= MOST }
}

function itemOf(duty: Duty, meeting: Meeting, setting: Setting): TodoItem {
  const dueAt = dueOf(meeting, duty, setting)
  return {
    feature: FEATURE,
    matter: listMatter(meeting.id).id,
    urgency: dueAt.getTime(),
    line: ['会务 ', duty.what, ` · ${formatShort(dueAt, setting.now)}前 · ${headOf(meeting, setting)}`],
    buttons: [
      { label: '准备完成', action: 'meeting.tick', value: { id: duty.id, done: 1 } },
      { label: '查看', action: 'meeting.duties', value: { id: meeting.id } },
    ],
  }
}
