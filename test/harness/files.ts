import type { Seen, TestOffice, TestPerson } from './office.ts'

export interface Received {
  name: string
  bytes: Buffer
}

/** The files that the bot has sent into a chat, oldest first; the private chat unless a group is named. */
export async function filesOf(office: TestOffice, person: TestPerson, group?: string): Promise<Received[]> {
  const sent = (await person.messages(group)).filter(one => one.msg_type === 'file' && one.sender === 'bot')
  return Promise.all(sent.map(one => received(office, one)))
}

async function received(office: TestOffice, { content }: Seen): Promise<Received> {
  const { file_key, file_name } = JSON.parse(content) as { file_key: string; file_name: string }
  const answer = await fetch(`${office.sim.url}/sim/files/${file_key}`)
  return { name: file_name, bytes: Buffer.from(await answer.arrayBuffer()) }
}
