import { meetingsIn } from './meetings.ts'
import type { TestOffice } from './office.ts'

/** A meeting at which somebody will be, and what 会务员 is told who hands in a file for it. */
export async function materialOf(office: TestOffice, title: string, attending: string, numberSeq?: number) {
  await office.person('刘芳').says('/角色 @赵敏 会务员')
  const zhao = office.person('赵敏')
  const put = meetingsIn(office.database.db)
  const meeting = await put.meeting(zhao.id, { title, ...(numberSeq && { numberSeq }) })
  await put.ask(meeting, { person: office.idOf(attending), state: 'attending' })
  return async (name: string, bytes: Uint8Array): Promise<string> => {
    await zhao.sendsFile(name, { bytes })
    await zhao.presses('发送给参会人员', { form: { meeting: String(meeting) } })
    return (await zhao.sees()).words
  }
}
