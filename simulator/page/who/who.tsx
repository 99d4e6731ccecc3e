import { useState } from 'react'
import type { Office, Person } from '../../protocol.ts'
import { Avatar, BotFace } from '../avatar.tsx'
import { Guide, Search } from '../icon.tsx'
import { StartOver } from '../start-over.tsx'
import { TourOffer } from '../tour/offer.tsx'
import { useTour } from '../tour/tour.tsx'
import './who.css'

interface Props {
  office: Office
  unknown: boolean
  choose: (openId: string) => void
}

export function Who({ office, unknown, choose }: Props) {
  const [sought, setSought] = useState('')
  const { possible, start, passBy } = useTour()
  const groups = grouped(office, sought.trim())
  const sit = (openId: string) => {
    passBy()
    choose(openId)
  }
  return (
    <main className="who" data-testid="who">
      <header className="who-head">
        <BotFace size={52} />
        <div>
          <h1>选择您的身份</h1>
          <p>{office.tenant} · 模拟飞书。每个浏览器标签页可以是不同的人。</p>
        </div>
        <div className="who-acts">
          {possible && (
            <button type="button" className="button" onClick={start}>
              <Guide size={16} /> 导览
            </button>
          )}
          <StartOver />
        </div>
      </header>
      <TourOffer />
      {unknown && <p className="who-unknown">链接中的人员不存在，请重新选择。</p>}
      <label className="search">
        <Search size={18} />
        <input
          type="search"
          placeholder="搜索姓名、部门或职务"
          value={sought}
          onChange={event => setSought(event.target.value)}
        />
      </label>
      {groups.map(group => (
        <section key={group.name} className="who-group">
          <h2>
            {group.name} <small>{group.people.length} 人</small>
          </h2>
          <div className="who-people">
            {group.people.map(person => (
              <Card key={person.open_id} person={person} leads={group.leader === person.open_id} choose={sit} />
            ))}
          </div>
        </section>
      ))}
      {groups.length === 0 && <p className="empty">没有符合“{sought}”的人员</p>}
    </main>
  )
}

function Card({ person, leads, choose }: { person: Person; leads: boolean; choose: Props['choose'] }) {
  return (
    <button
      type="button"
      className="who-person"
      data-testid="person"
      data-open-id={person.open_id}
      disabled={person.is_resigned}
      onClick={() => choose(person.open_id)}
    >
      <Avatar id={person.open_id} name={person.name} size={40} />
      <span className="who-name">
        <b>{person.name}</b>
        <small>{standing(person) ?? person.job_title ?? (leads ? '部门负责人' : '职员')}</small>
      </span>
    </button>
  )
}

const standing = (person: Person) => (person.is_resigned ? '已离职' : person.is_frozen ? '已停用' : undefined)

interface Group {
  name: string
  leader?: string
  people: Person[]
}

/** One group per department in the office's order, the leader first; a person stands in the first of their departments. */
function grouped(office: Office, sought: string): Group[] {
  const groups: Group[] = office.departments.map(each => ({
    name: each.name,
    leader: each.leader_user_id,
    people: office.people.filter(person => person.department_ids[0] === each.open_department_id),
  }))
  const homeless = office.people.filter(
    person => !office.departments.some(d => d.open_department_id === person.department_ids[0]),
  )
  if (homeless.length) groups.unshift({ name: office.tenant, people: homeless })
  return groups
    .map(group => ({
      ...group,
      people: group.people.filter(found(sought, group.name)).sort(leaderFirst(group.leader)),
    }))
    .filter(group => group.people.length > 0)
}

const found = (sought: string, department: string) => (person: Person) =>
  !sought || [person.name, person.job_title, department].some(word => word?.includes(sought))

const leaderFirst = (leader?: string) => (a: Person, b: Person) =>
  Number(b.open_id === leader) - Number(a.open_id === leader)
