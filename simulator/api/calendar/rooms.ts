import type { Room } from '../../calendar/kept.ts'
import { findRoom, roomsOf } from '../../calendar/rooms.ts'
import type { Answer, Call } from '../call.ts'
import { pageOf, roomPages } from '../paging.ts'
import { problem } from '../problem.ts'

const LEVEL = 'omb_00000000000000000000000000000001'

export function listRooms(call: Call): Answer {
  const { items, ...page } = pageOf(call, roomsOf(call.world), roomPages)
  return { data: { rooms: items.map(roomView), ...page } }
}

export function getRoom({ world, params }: Call): Answer {
  const room = findRoom(world, params.room_id)
  if (!room) throw problem(121004)
  return { data: { room: roomView(room) } }
}

/** By words in the name, with a person's own token; the page stands in the body. */
export function searchRooms(call: Call): Answer {
  const { world, body } = call
  const keyword = String(body.keyword ?? '')
  const found = roomsOf(world).filter(one => one.name.includes(keyword))
  const query = new URLSearchParams()
  for (const name of ['page_size', 'page_token']) if (body[name] !== undefined) query.set(name, String(body[name]))
  const { items, ...page } = pageOf({ ...call, query }, found, roomPages)
  return { data: { rooms: items.map(roomView), ...page } }
}

const roomView = ({ room_id, name, capacity, description, device }: Room) => ({
  room_id,
  name,
  capacity,
  description,
  display_id: `FM${room_id.slice(4, 13)}`,
  custom_room_id: '',
  room_level_id: LEVEL,
  path: [LEVEL],
  room_status: { status: true, schedule_status: true },
  device: device.map(one => ({ name: one })),
})
