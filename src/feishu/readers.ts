import { z } from 'zod'
import { FeishuFault } from './fault.ts'

const answerSchema = z.object({ data: z.object({ items: z.array(z.object({ user_id: z.string() })).nullish() }) })

/**
 * Whether somebody has read a message that we sent to them alone, in the last seven days (feishu-platform 4.2). The platform names
 * readers only.
 */
export const readerAsker =
  (send: (url: string, params: object) => Promise<unknown>) =>
  async (message: string, person: string): Promise<boolean> => {
    const url = `/open-apis/im/v1/messages/${encodeURIComponent(message)}/read_users`
    const read = answerSchema.safeParse(await send(url, { user_id_type: 'open_id', page_size: 100 }))
    if (!read.success) throw new FeishuFault('unreachable', { why: 'no readers' })
    return (read.data.data.items ?? []).some(({ user_id }) => user_id === person)
  }
