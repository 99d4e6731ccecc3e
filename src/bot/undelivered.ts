import type { Db } from '../../db/client.ts'
import { enqueueUndelivered, takeUndelivered, UNDELIVERED } from '../../db/outbox.ts'
import { peopleById } from '../../db/people.ts'
import { keepSetting, takeTurn } from '../../db/settings.ts'
import type { Office } from './office.ts'

/** So long what fails is gathered: two hundred leave, and fail, within that. Whoever has been told a short while ago hears less often. */
const GATHER_MS = 5_000
const AGAIN_MS = 20_000
const WHILE_MS = 60_000
const MOST_NAMES = 5

/** Has somebody told what of theirs could not be delivered; where that is still to leave, it will tell of this too. */
export async function tellUndelivered(db: Db, sender: string, clock: Office['clock']): Promise<void> {
  const name = UNDELIVERED + sender
  const told = await takeTurn(db, name, 0, clock.now())
  const wireMs = clock.wire()
  const due = wireMs + (wireMs - told < WHILE_MS ? AGAIN_MS : GATHER_MS)
  if (await enqueueUndelivered(db, sender, due)) await keepSetting(db, name, due, clock.now())
}

/** In the words of whoever sent it: one by its receiver, many by their number and the first of them; undefined: another parcel told it. */
export async function undeliveredWords(db: Db, sender: string, parcel: number): Promise<string | undefined> {
  const failed = await takeUndelivered(db, parcel, sender)
  if (!failed.length) return undefined
  const ids = [...new Set(failed.map(({ lane, parcel }) => parcel.person ?? lane))]
  const people = await peopleById(db, ids.slice(0, MOST_NAMES + 1))
  const known = new Map(people.map(({ id, name }) => [id, name]))
  const names = ids.flatMap(id => (id === sender ? [] : (known.get(id) ?? []))).slice(0, MOST_NAMES)
  const [first] = failed
  const reason = first?.reason ?? ''
  if (failed.length === 1 && first) {
    const what = first.parcel.file ? `文件“${first.parcel.file.name}”` : '消息'
    const isOwn = (first.parcel.person ?? first.lane) === sender
    return `未能送达${names[0] ? `发给${names[0]}的` : ''}${what},原因:${reason}。事项已保存,${isOwn ? '请稍后重试' : '请另行告知对方'}。`
  }
  const whom = names.length ? `发给${names.join('、')}${ids.length > names.length ? `等${ids.length}人` : ''}的` : ''
  return `未能送达${whom}${failed.length}条消息,原因:${reason}${isMixed(failed) ? '等' : ''}。事项已保存,请另行告知对方;系统管理员发送 /初始化 可查看未送达情况。`
}

const isMixed = (failed: ReadonlyArray<{ reason: string | null }>): boolean =>
  new Set(failed.map(({ reason }) => reason)).size > 1
