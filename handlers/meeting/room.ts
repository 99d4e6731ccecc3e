import { departmentLeaders } from '../../db/department.ts'
import {
  bookingsIn,
  countRooms,
  getRoom,
  holdRoom,
  NO_ROOM,
  openRoom,
  roomNamed,
  roomsOf,
  saveRoom,
} from '../../db/meeting-room.ts'
import { peopleById } from '../../db/people.ts'
import type { Action, Answer, Look, Said, Turn } from '../../src/bot/feature.ts'
import type { Card, Option } from '../../src/kit/card.ts'
import { readTime } from '../../src/kit/customs.ts'
import type { Change } from '../../src/kit/past.ts'
import type { Viewer } from '../../src/kit/person.ts'
import { AlreadySo, Refusal } from '../../src/kit/refusal.ts'
import { firstWord, halfWidth } from '../../src/kit/text.ts'
import { dayIn } from '../../src/kit/time.ts'
import { type Span, spanWords, TAKING } from '../../src/office/meeting/booking.ts'
import type { Actor, Booking, Room } from '../../src/office/meeting/meeting.ts'
import { mayCall } from '../../src/office/meeting/roles.ts'
import {
  BLANK_ROOM,
  keeperName,
  keepsRooms,
  ROOM_COLUMNS,
  ROOM_EXAMPLE,
  type RoomWish,
  readRoom,
  roomChanges,
  roomLine,
} from '../../src/office/meeting/room.ts'
import {
  OFFICE_VALUE,
  ROOMS_PAGE,
  readRoomView,
  roomCard,
  roomForm,
  roomsCard,
  type Told,
  takeForm,
  weekOf,
} from '../../src/office/meeting/room-cards.ts'
import { ROOM_STATES, type RoomState } from '../../src/office/meeting/terms.ts'
import { may } from '../../src/office/role/role.ts'
import { customs } from '../customs.ts'
import { cellsIn, refuseFaults, refuseOutdated, wholeId, wordIn } from '../given.ts'
import { holdersFor } from '../holders.ts'
import { asOptions, peopleMeant } from '../named.ts'
import { opened } from '../opened.ts'
import type { Part } from '../part.ts'
import { changesOf } from '../past.ts'
import { unfitAmong } from '../task-draft.ts'
import { tellOf } from '../tell.ts'
import { bookingActions, bookingTodo, drawBooking, organisersOf, take, takersOf } from './booking.ts'
import { actorIn, actorOf, FEATURE } from './setting.ts'

const MATTER = /^(room|booking)\/(\d{1,15})$/
const ADD = /^新增(?:会议室)?\s*/
const MOST_LINES = 20
const MOST_TAKEN = 300
const TAKE_EXAMPLE = '/会议 会议室 三楼会议室 11月27日14:30-16:00 业务培训'

const roomMatter = (id: number): string => `room/${id}`

/** `/会议 会议室`: what there is; a name shows its week, a time behind it takes it, `新增 …` puts one on file. */
async function rooms(turn: Turn, said: Said): Promise<Answer> {
  const asked = halfWidth(said.text).trim()
  if (ADD.test(asked)) return add(turn, said.text.trim().replace(ADD, ''))
  if (!asked) return { say: { card: await listed(turn, {}) }, privately: true }
  const [name, rest] = firstWord(asked)
  const room = await roomNamed(turn.db, name)
  if (!room) throw new Refusal(`没有名称含“${name.slice(0, 12)}”的会议室,或不止一间,请写全名`, '/会议 会议室')
  if (!rest) return { say: { matter: { feature: FEATURE, id: roomMatter(room.id) } }, privately: true }
  return takeByLine(turn, room, rest)
}

const newRoom = (turn: Turn, said: Said): Promise<Answer> => add(turn, said.text.trim())

/** Another week, or a page. */
const turnPage: Action = async (turn, { value }) => ({ fresh: { card: await listed(turn, value) } })

async function listed(turn: Turn, value: Record<string, unknown>): Promise<Card> {
  const asked = readRoomView(value, turn.now)
  const [all, closed] = await Promise.all([countRooms(turn.db, 'available'), countRooms(turn.db, 'closed')])
  const last = Math.max(0, Math.ceil(all / ROOMS_PAGE) - 1)
  const view = { ...asked, page: Math.min(asked.page, last) }
  const shown = await roomsOf(turn.db, 'available', ROOMS_PAGE, view.page * ROOMS_PAGE)
  const taken = await bookingsIn(
    turn.db,
    shown.map(({ id }) => id),
    weekOf(view.day),
    MOST_TAKEN,
  )
  return roomsCard(shown, { all, closed }, taken, view, keepsRooms(actorIn(turn), may), turn.now)
}

/** @throws Refusal unless whoever speaks keeps the rooms. */
function refuseOthers(turn: Turn): void {
  if (!keepsRooms(actorIn(turn), may)) throw new Refusal('此操作仅限会务员、办公室主任和系统管理员')
}

/** One in a line that is clear is put on file, several only all together; else a form with what was understood. */
async function add(turn: Turn, words: string): Promise<Answer> {
  refuseOthers(turn)
  const lines = words.split('\n').filter(line => line.trim() !== '')
  if (lines.length > MOST_LINES) throw new Refusal(`一次最多${MOST_LINES}间`)
  const read: Array<{ wish: RoomWish; faults: string[] }> = []
  for (const line of lines) read.push(await readLine(turn, line))
  const [first] = read
  if (read.length < 2 && !(first && !first.faults.length)) {
    const says = first ? `请补充或改正:${first.faults.join(';')}` : undefined
    return { say: { card: roomForm(first?.wish ?? BLANK_ROOM, undefined, await keepers(turn), says) }, privately: true }
  }
  refuseFaults(
    read.flatMap(({ faults }, i) => faults.map(fault => `第${i + 1}行${fault}`)),
    ROOM_EXAMPLE,
  )
  const added: Room[] = []
  for (const { wish } of read) added.push(await putOnFile(turn, wish))
  const [only, ...others] = added
  if (only && !others.length) return { say: { matter: { feature: FEATURE, id: roomMatter(only.id) } }, privately: true }
  const names = added.map(({ name }) => name).join('、')
  return { say: { text: `已登记${added.length}间会议室:${names}。查看请发送 /会议 会议室` }, privately: true }
}

async function readLine(turn: Turn, line: string): Promise<{ wish: RoomWish; faults: string[] }> {
  const cells = roomLine(line)
  const { wish, faults } = readRoom(cells)
  if (!cells.keeper) return { wish, faults }
  const { people, doubt } = await peopleMeant(turn, cells.keeper, turn.chat.id)
  const keeper = people[0]?.id ?? ''
  const [unfit] = (await unfitAmong(turn, [keeper])).values()
  const found = [...faults, ...[doubt, unfit].filter(fault => fault !== undefined)]
  // the form offers nobody who may not be chosen
  return { wish: { ...wish, keeper: unfit ? '' : keeper }, faults: found }
}

async function putOnFile(turn: Turn, wish: RoomWish): Promise<Room> {
  const room = await openRoom(turn.db, { ...wish, rev: 1, state: 'available' })
  noteChange(turn, 'add', room.id, [])
  return room
}

const ACTS: Record<string, string> = { 'room.add': '登记', 'room.edit': '修改', 'room.state': '变更状态' }

function noteChange(turn: Turn, act: 'add' | 'edit' | 'state', id: number, changes: Change[]): void {
  turn.record({ feature: FEATURE, act: `room.${act}`, matter: roomMatter(id), data: { changes } })
  turn.redraw(FEATURE, roomMatter(id))
}

/** Who may be named to decide on a room's bookings: 办公室主任, 会务员 and heads of departments. */
async function keepers(turn: Turn, also: readonly string[] = []): Promise<Option[]> {
  const held = await holdersFor(turn, { unit: '' }, ['BZ', 'HW', 'KZ'])
  const people = await peopleById(turn.db, [...new Set([...also, ...held, turn.who.id])])
  const unfit = await unfitAmong(
    turn,
    people.map(({ id }) => id),
  )
  return asOptions(turn, people.filter(({ id }) => !unfit.has(id)).slice(0, MOST_OPTIONS))
}
const MOST_OPTIONS = 40

const openForm: Action = async turn => {
  refuseOthers(turn)
  return opened(turn, roomForm(BLANK_ROOM, undefined, await keepers(turn)))
}

/** What a submitted form says. */
async function readForm(turn: Turn, form: Record<string, unknown>): Promise<RoomWish> {
  const cells = cellsIn(form, ROOM_COLUMNS)
  const { wish, faults } = readRoom(cells)
  refuseFaults(faults)
  const chosen = cells.keeper && cells.keeper !== OFFICE_VALUE ? cells.keeper : ''
  const [keeper] = chosen ? await peopleById(turn.db, [chosen]) : []
  if (chosen && !keeper?.active) throw new Refusal('所选管理员的账号不存在或已停用,请另选')
  const [unfit] = (await unfitAmong(turn, [chosen])).values()
  if (unfit) throw new Refusal(unfit)
  return { ...wish, keeper: chosen }
}

const addByForm: Action = async (turn, { form }) => {
  refuseOthers(turn)
  const { id } = await putOnFile(turn, await readForm(turn, form))
  return { toast: { kind: 'success', words: '已登记' }, fresh: { matter: { feature: FEATURE, id: roomMatter(id) } } }
}

/** 修改: pressed on the card it opens the form, pressed on the form it saves. */
const edit: Action = async (turn, press) => {
  refuseOthers(turn)
  const before = await holdRoom(turn.db, wholeId(press.value.id, NO_ROOM))
  if (press.form.name === undefined)
    return opened(turn, roomForm(before, before, await keepers(turn, before.keeper ? [before.keeper] : [])))
  refuseOutdated(before, press)
  const wish = await readForm(turn, press.form)
  const people = await peopleById(
    turn.db,
    [before.keeper, wish.keeper].filter(id => id !== ''),
  )
  const changes = roomChanges(before, wish, new Map(people.map(({ id, name }) => [id, name])))
  if (changes.length) {
    await saveRoom(turn.db, before, { ...before, ...wish })
    noteChange(turn, 'edit', before.id, changes)
  }
  return {
    toast: { kind: 'success', words: changes.length ? '已修改' : '没有改动' },
    fresh: { matter: { feature: FEATURE, id: roomMatter(before.id) } },
  }
}

/** 停用, 启用. Whoever has taken the room hears of it: what they booked stays theirs once it is open again. */
const changeState: Action = async (turn, press) => {
  refuseOthers(turn)
  const before = await holdRoom(turn.db, wholeId(press.value.id, NO_ROOM))
  const to = String(press.value.to)
  if (!Object.hasOwn(ROOM_STATES, to)) throw new Refusal('卡片已过期,请以最新卡片为准')
  if (before.state === to) throw new AlreadySo(`${before.name}已是“${ROOM_STATES[before.state]}”`)
  refuseOutdated(before, press)
  const state = to as RoomState
  await saveRoom(turn.db, before, { ...before, state })
  noteChange(turn, 'state', before.id, [['状态', ROOM_STATES[before.state], ROOM_STATES[state]]])
  const told = await tellTakers(turn, before, state)
  return {
    toast: {
      kind: 'success',
      words: `已${state === 'closed' ? '停用' : '启用'}${told ? `,已告知${told}项预订的承办人` : ''}`,
    },
  }
}

const FAR_MS = 400 * 86_400_000

async function tellTakers(turn: Turn, room: Room, state: RoomState): Promise<number> {
  const span = { startsAt: turn.now, endsAt: new Date(turn.now.getTime() + FAR_MS) }
  const some = await bookingsIn(turn.db, [room.id], span, MOST_TAKEN)
  const [words, organisers] = await Promise.all([takersOf(turn, some), organisersOf(turn, some)])
  for (const booking of some) {
    const what = `${spanWords(booking, turn.now)} ${words.get(booking.id)}`
    const line =
      state === 'closed'
        ? `${room.name}已停用,${what} 请改用其他会议室`
        : `${room.name}已恢复使用,${what} 的预订仍然有效`
    await tellOf(turn, [organisers.get(booking.id)], { body: { text: line }, line }, booking.startsAt)
  }
  return some.length
}

/** A room from the list, or another week of it. */
const show: Action = async (turn, { value, form }) => {
  const chosen = wordIn(form, 'room', 20)
  const id = wholeId(chosen || value.id, NO_ROOM)
  const room = await getRoom(turn.db, id)
  const { day } = readRoomView(value, turn.now)
  return opened(turn, await drawn(turn, room, actorIn(turn), day))
}

/** Whether somebody takes rooms for what is no meeting: who may call meetings, and who keeps the room. */
async function takes(look: Pick<Look, 'db'>, actor: Actor, room: Room): Promise<boolean> {
  if (room.keeper === actor.id) return true
  const heads = await departmentLeaders(look.db, [...actor.departments])
  return mayCall(actor, heads.includes(actor.id), may)
}

async function takeByLine(turn: Turn, room: Room, words: string): Promise<Answer> {
  await refuseWhoTakesNone(turn, room)
  const read = await readTaking(turn, words, undefined)
  if ('fault' in read) return { say: { card: takeForm(room, read, read.fault) }, privately: true }
  return { say: { matter: { feature: FEATURE, id: await takenBy(turn, room.id, read) } }, privately: true }
}

/** 占用: pressed on the room's card it opens the form, pressed on the form it takes the room. */
const takePress: Action = async (turn, { value, form }) => {
  const room = await getRoom(turn.db, wholeId(value.id, NO_ROOM))
  await refuseWhoTakesNone(turn, room)
  if (form.when === undefined) return opened(turn, takeForm(room, { when: '', word: '' }))
  const read = await readTaking(turn, wordIn(form, 'when', 60), wordIn(form, 'word', TAKING.word))
  if ('fault' in read) throw new Refusal(read.fault)
  return {
    toast: { kind: 'success', words: room.approval ? '已提交' : '已占用' },
    fresh: { matter: { feature: FEATURE, id: await takenBy(turn, room.id, read) } },
  }
}

async function refuseWhoTakesNone(turn: Turn, room: Room): Promise<void> {
  if (!(await takes(turn, actorIn(turn), room)))
    throw new Refusal('占用会议室仅限科室负责人、会务员、办公室主任、分管领导和会议室管理员;请由其代为办理')
}

type Taking = Span & { word: string }
const PAST = '所写时间已过,请写今后的时间'

/** What was said of a taking: from when to when, and what for. `word` undefined: it stands behind the time. */
async function readTaking(
  turn: Turn,
  words: string,
  word: string | undefined,
): Promise<Taking | { fault: string; when: string; word: string }> {
  const read = readTime(words, turn.now, await customs(turn))
  const rest = 'rest' in read ? read.rest.trim() : ''
  const purpose = (word ?? rest).slice(0, TAKING.word)
  const wrong = (fault: string) => ({ fault, when: word === undefined ? '' : words, word: purpose })
  const isClocked = read.kind === 'range' && read.start.length > 10 && read.end.length > 10
  if (read.kind === 'past') return wrong(PAST)
  if (!isClocked) return wrong('请写明开始和结束时间,例如:11月27日14:30-16:00')
  const span = { startsAt: new Date(read.start), endsAt: new Date(read.end) }
  const ms = span.endsAt.getTime() - span.startsAt.getTime()
  if (span.endsAt <= turn.now) return wrong(PAST)
  if (ms < TAKING.minutes * 60_000 || ms > TAKING.days * 86_400_000)
    return wrong(`占用时间应在${TAKING.minutes}分钟至${TAKING.days}天之间`)
  if (span.startsAt.getTime() > turn.now.getTime() + TAKING.ahead * 86_400_000)
    return wrong(`最多提前${TAKING.ahead}天占用`)
  return purpose === '' ? wrong('请写明用途') : { ...span, word: purpose }
}

/** Takes the room, held first; answers the booking's matter. */
async function takenBy(turn: Turn, id: number, { word, ...span }: Taking): Promise<string> {
  const room = await holdRoom(turn.db, id)
  if (room.state !== 'available') throw new Refusal(`${room.name}已停用,请改用其他会议室`)
  const unit = turn.who.departments[0] ?? ''
  return `booking/${(await take(turn, room, span, { meeting: undefined, unit, word })).id}`
}

async function drawn(look: Look, room: Room, actor: Actor | undefined, day: string): Promise<Card> {
  const [taken, history, people, takesIt] = await Promise.all([
    bookingsIn(look.db, [room.id], weekOf(day), MOST_TAKEN),
    changesOf(look, FEATURE, roomMatter(room.id), ACTS),
    peopleById(look.db, room.keeper ? [room.keeper] : []),
    actor ? takes(look, actor, room) : false,
  ])
  const keeps = actor !== undefined && keepsRooms(actor, may)
  const facts = {
    keeper: keeperName(room, new Map(people.map(({ id, name }) => [id, name]))),
    told: await toldOf(look, taken),
    history: keeps ? history : [],
    keeps,
    takes: takesIt,
  }
  return roomCard(room, facts, day, look.now)
}

async function toldOf(look: Look, taken: Booking[]): Promise<Told[]> {
  const words = await takersOf(look, taken)
  return taken.map(booking => ({ booking, words: words.get(booking.id) ?? '' }))
}

async function draw(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  const [, kind, id] = MATTER.exec(matter) ?? []
  if (kind === 'booking') return drawBooking(look, Number(id), viewer)
  const room = await getRoom(look.db, Number(id))
  const actor = viewer.kind === 'person' ? await actorOf(look, viewer.id) : undefined
  return drawn(look, room, actor, dayIn(look.now))
}

/** Rooms, and who has taken them when. */
export const roomPart: Part = {
  commands: {
    会议室: {
      usage: '/会议 会议室',
      about: '会议室及其一周占用情况;写明名称、时间、用途即可占用',
      run: rooms,
    },
    新增会议室: {
      usage: '/会议 新增会议室 三楼会议室 30人 投影、视频会议 位置:办公楼三楼东侧',
      about: '登记会议室(会务员、办公室主任、系统管理员)',
      run: newRoom,
    },
  },
  actions: {
    rooms: turnPage,
    roomShow: show,
    roomNew: openForm,
    roomAdd: addByForm,
    roomEdit: edit,
    roomState: changeState,
    roomTake: takePress,
    ...bookingActions,
  },
  owns: matter => MATTER.test(matter),
  draw,
  heard: async () => {
    throw new Refusal('会议室和预订请用卡片上的按钮办理', TAKE_EXAMPLE)
  },
  todo: bookingTodo,
}
