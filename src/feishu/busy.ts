import { z } from 'zod'
import { FeishuFault } from './fault.ts'

const URL = '/open-apis/calendar/v4/freebusy/batch'

/** How many people one call tells of at most. */
export const MOST_AT_ONCE = 10

const answerSchema = z.object({
  data: z.object({
    freebusy_lists: z
      .array(
        z.object({
          user_id: z.string(),
          freebusy_items: z.array(z.object({ start_time: z.string(), end_time: z.string() })).nullish(),
        }),
      )
      .nullish(),
  }),
})

/** When people are taken by their calendars within a span of at most 90 days; nothing of what takes them (feishu-platform 7.1). */
export const busyReader =
  (send: (url: string, data: object, params: object) => Promise<unknown>) =>
  async (
    people: readonly string[],
    { from, until }: { from: Date; until: Date },
  ): Promise<Array<{ person: string; startsAt: Date; endsAt: Date }>> => {
    const data = { time_min: rfc(from), time_max: rfc(until), user_ids: [...people], only_busy: true }
    const read = answerSchema.safeParse(await send(URL, data, { user_id_type: 'open_id' }))
    if (!read.success) throw new FeishuFault('unreachable', { why: 'no free and busy times' })
    return (read.data.data.freebusy_lists ?? []).flatMap(({ user_id, freebusy_items }) =>
      (freebusy_items ?? [])
        .map(one => ({ person: user_id, startsAt: new Date(one.start_time), endsAt: new Date(one.end_time) }))
        .filter(one => one.startsAt < one.endsAt),
    )
  }

const rfc = (at: Date): string => at.toISOString().replace(/\.\d{3}/, '')
