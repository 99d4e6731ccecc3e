/** By then Feishu's last redelivery has come: it comes some 7 h after the first (feishu-platform 1.7). */
export const LAST_DELIVERY_MS = 8 * 3_600_000

/** What a delivery was, where it broke before anything else was known of it. */
const KINDS: Record<string, string> = { said: '消息', pressed: '按钮', entered: '打开私聊' }

export interface Broken {
  id: string
  /** Of which subject, and what of it in words; undefined where that was not known yet. */
  title: string | undefined
  what: string
}

/** What broke, and by which number it stands in the log. */
export const brokenWords = ({ id, title, what }: Broken): string => {
  const words = title === undefined ? (KINDS[what] ?? '飞书通知') : what ? `${title} ${what}` : title
  return `${words}(编号${id})`
}

/** For whoever sent what was not done, once it cannot come again. */
export const notDoneWords = (id: string, when: string): string =>
  `您${when}发来的消息因系统处理出错未能办理,已告知系统管理员(编号${id})。如仍需办理,请重新发送。`
