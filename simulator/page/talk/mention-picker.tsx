import type { Chat, Office } from '../../protocol.ts'
import { Face } from '../avatar.tsx'
import { dutyOf, personOf } from '../office.tsx'

export interface Candidate {
  id: string
  name: string
  note: string
}

/** Whom one may mention here: the bot, the members but oneself, and in a group everybody at once. */
export function candidatesFor(office: Office, chat: Chat, me: string, words: string): Candidate[] {
  const bot = chat.bot ? [{ id: 'bot', name: office.bot.name, note: '机器人' }] : []
  const all = chat.chat_type === 'group' ? [{ id: 'all', name: '所有人', note: '提醒全部群成员' }] : []
  const ids = chat.chat_type === 'group' ? chat.members : office.people.map(each => each.open_id)
  const people = ids.flatMap(id => {
    const person = personOf(office, id)
    return person && id !== me && !person.is_resigned ? [{ id, name: person.name, note: dutyOf(office, person) }] : []
  })
  return [...bot, ...people, ...all].filter(each => each.name.includes(words) || each.note.includes(words)).slice(0, 50)
}

interface Props {
  candidates: Candidate[]
  current: number
  pick: (id: string, name: string) => void
  point: (index: number) => void
}

export function MentionPicker({ candidates, current, pick, point }: Props) {
  return (
    <div className="mention-picker" data-testid="mention-picker" role="listbox" aria-label="选择要@的人">
      {candidates.map((each, index) => (
        <button
          key={each.id}
          ref={node => {
            if (index === current) node?.scrollIntoView({ block: 'nearest' })
          }}
          type="button"
          role="option"
          aria-selected={index === current}
          tabIndex={-1}
          onMouseMove={() => point(index)}
          onMouseDown={event => {
            event.preventDefault()
            pick(each.id, each.name)
          }}
        >
          {each.id === 'all' ? <span className="avatar avatar-all">@</span> : <Face id={each.id} size={28} />}
          <b>{each.name}</b>
          <small>{each.note}</small>
        </button>
      ))}
    </div>
  )
}
