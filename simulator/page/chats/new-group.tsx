import { useState } from 'react'
import { Plus } from '../icon.tsx'
import { dutyOf, useSeat } from '../office.tsx'
import { Popup } from '../popup.tsx'
import { sim } from '../sim.ts'
import { useToast, wordsOf } from '../toast.tsx'

export function NewGroup({ opened }: { opened: (chatId: string) => void }) {
  return (
    <Popup label="新建群聊" className="icon-button" face={<Plus />}>
      {close => (
        <Form
          opened={id => {
            close()
            opened(id)
          }}
        />
      )}
    </Popup>
  )
}

function Form({ opened }: { opened: (chatId: string) => void }) {
  const { office, me } = useSeat()
  const toast = useToast()
  const [name, setName] = useState('')
  const [members, setMembers] = useState<string[]>([])
  const [bot, setBot] = useState(true)
  const others = office.people.filter(each => each.open_id !== me.open_id && !each.is_resigned)
  const create = async () => {
    try {
      const group = await sim.openGroup({ as: me.open_id, name: name.trim(), members: [me.open_id, ...members], bot })
      opened(group.chat_id)
    } catch (fault) {
      toast('error', `群聊未能建立：${wordsOf(fault)}`)
    }
  }
  return (
    <form
      className="new-group"
      onSubmit={event => {
        event.preventDefault()
        void create()
      }}
    >
      <input
        className="field"
        placeholder="群名称"
        aria-label="群名称"
        required
        value={name}
        onChange={event => setName(event.target.value)}
      />
      <div className="tick-list">
        {others.map(person => (
          <label key={person.open_id} className="tick">
            <input
              type="checkbox"
              checked={members.includes(person.open_id)}
              onChange={event =>
                setMembers(was =>
                  event.target.checked ? [...was, person.open_id] : was.filter(id => id !== person.open_id),
                )
              }
            />
            {person.name} <small>{dutyOf(office, person)}</small>
          </label>
        ))}
      </div>
      <label className="tick">
        <input type="checkbox" checked={bot} onChange={event => setBot(event.target.checked)} />
        邀请机器人{office.bot.name}
      </label>
      <button type="submit" className="button button-primary_filled" disabled={!name.trim()}>
        建立群聊
      </button>
    </form>
  )
}
