import { createContext, use } from 'react'
import type { Office, Person } from '../protocol.ts'

export interface Seat {
  office: Office
  me: Person
}

const SeatContext = createContext<Seat | undefined>(undefined)
export const SeatProvider = SeatContext.Provider

export function useSeat() {
  const seat = use(SeatContext)
  if (!seat) throw new Error('outside of an office')
  return { ...seat, nameOf: (id: string) => nameOf(seat.office, id) }
}

export const isBot = (office: Office, id: string) => id === 'bot' || id === office.bot.open_id
export const personOf = (office: Office, id: string) =>
  office.people.find(each => each.open_id === id || each.union_id === id || each.user_id === id)

export function nameOf(office: Office, id: string): string {
  if (id === 'all') return '所有人'
  if (isBot(office, id)) return office.bot.name
  return personOf(office, id)?.name ?? '未知用户'
}

/** Of several departments the first is a person's own, whatever the order of the office. */
const departmentOf = (office: Office, person: Person) =>
  office.departments.find(each => each.open_department_id === person.department_ids[0])

export const dutyOf = (office: Office, person: Person) =>
  [departmentOf(office, person)?.name, person.job_title].filter(Boolean).join(' · ')
