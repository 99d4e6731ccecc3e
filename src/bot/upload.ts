import { handOn, prolong } from '../../db/claims.ts'
import type { Waiting } from '../../db/outbox.ts'
import { FeishuFault } from '../feishu/fault.ts'
import { drawCode } from './code.ts'
import type { Office } from './office.ts'
import { pack } from './pack.ts'

/** A file of thousands of rows takes longer than a call. */
export const FILE_MS = 30_000

/** Makes the file and hands it in; it is sent as a message of its own, in the order of its receiver. */
export async function upload(office: Office, row: Waiting): Promise<void> {
  const { file, ...parcel } = row.parcel
  const ordered = file && !('key' in file) ? file : undefined
  const feature = office.features.find(one => one.name === ordered?.feature)
  if (!ordered || !feature?.print) throw new FeishuFault('malformed', { why: 'no file to make' })
  await prolong(office.db, row, office.clock.wire() + FILE_MS)
  const look = { db: office.db, now: office.clock.now(), office: office.facts }
  const printed = await feature.print(look, ordered.order)
  const bytes = Array.isArray(printed) ? await pack(printed) : drawCode(office.feishu.chatLink)
  const key = await office.feishu.upload(ordered.name, bytes)
  await handOn(
    office.db,
    row,
    {
      api: parcel.replyTo ? 'reply' : 'create',
      lane: parcel.person ?? parcel.chat ?? row.lane,
      parcel: { ...parcel, file: { name: ordered.name, key, made: { feature: feature.name, order: ordered.order } } },
    },
    office.clock.wire(),
  )
}
