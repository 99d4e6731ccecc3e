import { randomBytes, randomUUID } from 'node:crypto'

/** Feishu's shapes: a prefix and 32 hex digits. */
const shaped = (prefix: string) => prefix + randomBytes(16).toString('hex')

export const newMessageId = () => shaped('om_')
export const newChatId = () => shaped('oc_')
export const newThreadId = () => shaped('omt_')
export const newEventId = () => randomBytes(16).toString('hex')
export const newCardToken = () => shaped('c-')
export const newTenantToken = () => `t-g1${randomBytes(17).toString('hex')}`
export const newUserToken = () => `u-${randomBytes(48).toString('base64url')}`
export const newRefreshToken = () => `ur-${randomBytes(48).toString('base64url')}`
export const newLoginCode = () => randomBytes(32).toString('base64url')
export const newBatchId = () => shaped('bm-')
export const newCardId = () =>
  `7${String(BigInt(`0x${randomBytes(8).toString('hex')}`))
    .padStart(20, '0')
    .slice(-18)}`
export const newCalendarId = () => `feishu.cn_${randomBytes(10).toString('hex')}@group.calendar.feishu.cn`
export const newCalendarEventId = () => `${randomUUID()}_0`
export const newCommandId = () => newCardId()
export const newDeliveryId = () => `d_${randomBytes(8).toString('hex')}`
export const newImageKey = () => `img_v3_${uuidLike()}`
export const newFileKey = () => `file_v3_${uuidLike()}`

/** Feishu's log ids begin with the Beijing time to the second. */
export function newLogId(now = Date.now()): string {
  const stamp = new Date(now + 8 * 3_600_000).toISOString().replace(/\D/g, '').slice(0, 14)
  return stamp + randomBytes(9).toString('hex').toUpperCase()
}

function uuidLike(): string {
  const hex = randomBytes(18).toString('hex')
  return `00${hex.slice(0, 2)}_${hex.slice(2, 10)}-${hex.slice(10, 14)}-${hex.slice(14, 18)}-${hex.slice(18, 22)}-${hex.slice(22, 33)}g`
}
