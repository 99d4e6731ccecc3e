import { nameOf } from '../../kit/acted.ts'
import { type Change, changesBetween } from '../../kit/past.ts'
import { isApart } from '../../kit/person.ts'
import { type CellsOf, type Columns, readLine } from '../../kit/table.ts'
import { halfWidth } from '../../kit/text.ts'
import type { Actor, Room, Setting } from './meeting.ts'
import { selvesOf } from './roles.ts'

/** What whoever keeps the rooms settles of one. */
export type RoomWish = Omit<Room, 'id' | 'rev' | 'state'>

export const ROOM_LIMITS = {
  name: 30,
  seats: 5_000,
  equipment: 100,
  place: 60,
  resource: 64,
  remark: 200,
} as const

export const ROOM_EXAMPLE = '/会议 会议室 新增 三楼会议室 30人 投影、视频会议 位置:办公楼三楼东侧'

/** What a room is handed in by: a form, or a line. */
export const ROOM_COLUMNS = {
  name: ['名称', '会议室', '会议室名称'],
  seats: ['容纳人数', '人数', '容纳', '座位'],
  equipment: ['设备', '设施'],
  place: ['位置', '地点', '所在位置'],
  approval: ['是否需审批', '需审批', '审批'],
  keeper: ['管理员', '负责人'],
  resource: ['飞书会议室', '飞书会议室编号'],
  remark: ['备注'],
} as const satisfies Columns<string>
export type RoomCells = CellsOf<keyof typeof ROOM_COLUMNS>

export const BLANK_ROOM: RoomWish = {
  name: '',
  seats: 0,
  equipment: '',
  place: '',
  approval: false,
  keeper: '',
  resource: '',
  remark: '',
}

/** Cells held against the rules; all that is wrong is said at once. Who keeps it is found out elsewhere: `keeper` stays ''. */
export function readRoom(cells: Partial<RoomCells>): { wish: RoomWish; faults: string[] } {
  const faults: string[] = []
  const words = (name: 'name' | 'equipment' | 'place' | 'resource' | 'remark'): string => {
    const cell = halfWidth(cells[name] ?? '').trim()
    if (cell.length > ROOM_LIMITS[name]) faults.push(`${ROOM_COLUMNS[name][0]}请控制在${ROOM_LIMITS[name]}字以内`)
    return cell.slice(0, ROOM_LIMITS[name])
  }
  const wish: RoomWish = {
    name: words('name').replace(/\s+/g, ''),
    seats: Number(/^(\d{1,4})\s*(?:人|座|个座位)?$/.exec(halfWidth(cells.seats ?? '').trim())?.[1] ?? 0),
    equipment: words('equipment'),
    place: words('place'),
    approval: /^(是|需|须|要|y|yes)/i.test(halfWidth(cells.approval ?? '').trim()),
    keeper: '',
    resource: words('resource'),
    remark: words('remark'),
  }
  if (wish.name === '') faults.unshift('请填写名称')
  if (wish.seats < 1 || wish.seats > ROOM_LIMITS.seats) faults.push(`容纳人数请填写1至${ROOM_LIMITS.seats}之间的整数`)
  if (wish.resource !== '' && !/^omm_[0-9a-z]{8,}$/.test(wish.resource))
    faults.push('飞书会议室编号应以 omm_ 开头,可在飞书管理后台查到')
  return { wish, faults }
}

/** A room in one line: its name comes first; words without a label are known by their form, what is left is its equipment. */
export function roomLine(line: string): Partial<RoomCells> {
  const { cells, left } = readLine(line, ROOM_COLUMNS)
  const equipment: string[] = []
  for (const word of left) {
    if (cells.name === undefined) cells.name = word
    else if (cells.seats === undefined && /^\d{1,4}[人座]$/.test(word)) cells.seats = word
    else if (cells.approval === undefined && /^[需须](?:经)?审批$/.test(word)) cells.approval = '是'
    else equipment.push(word)
  }
  return { ...(equipment.length ? { equipment: equipment.join('、') } : {}), ...cells }
}

/** Every field in words. */
export const roomWords = (of: RoomWish, keeper: string): Array<[label: string, value: string]> => [
  ['名称', of.name],
  ['容纳人数', `${of.seats}人`],
  ['设备', of.equipment],
  ['位置', of.place],
  ['是否需审批', of.approval ? '是' : '否'],
  ['管理员', keeper],
  ['飞书会议室', of.resource],
  ['备注', of.remark],
]

export const roomChanges = (before: RoomWish, after: RoomWish, names: ReadonlyMap<string, string>): Change[] =>
  changesBetween(roomWords(before, keeperName(before, names)), roomWords(after, keeperName(after, names)))

export const OFFICE_KEEPS = '办公室主任、会务员'

export const keeperName = ({ keeper }: Pick<Room, 'keeper'>, names: ReadonlyMap<string, string>): string =>
  keeper === '' ? OFFICE_KEEPS : nameOf(keeper, names)

/** `三楼会议室(30人,需审批)`. */
export const roomWord = ({ name, seats, approval }: Pick<Room, 'name' | 'seats' | 'approval'>): string =>
  `${name}(${seats}人${approval ? ',需审批' : ''})`

/** What somebody holds for the whole house: rooms belong to no unit. */
export const inHouse = ({ held }: Pick<Actor, 'held'>): string[] =>
  held.filter(({ unit }) => unit === undefined).map(({ code }) => code)

/** Who adds, changes and closes rooms: 会务员, 办公室主任, 系统管理员. */
export const keepsRooms = (actor: Actor, may: Setting['may']): boolean =>
  selvesOf(actor).some(self => may(inHouse(self), 'E', 'room.keep'))

/** Who decides on bookings where nobody in particular does, as themselves or in whose place. */
const asOffice = (actor: Actor, may: Setting['may']): string | undefined =>
  isApart(actor) ? undefined : selvesOf(actor).find(self => may(inHouse(self), 'A', 'room.grant'))?.id

export const isOffice = (actor: Actor, may: Setting['may']): boolean => asOffice(actor, may) !== undefined

/**
 * As whom somebody decides on bookings of a room; undefined = may not. Its keeper does, or where it has none (any more) the office.
 */
export const decidesAs = (
  { keeper }: Pick<Room, 'keeper'>,
  actor: Actor,
  isKeeperThere: boolean,
  may: Setting['may'],
): string | undefined =>
  keeper === '' || !isKeeperThere ? asOffice(actor, may) : selvesOf(actor).find(({ id }) => id === keeper)?.id
