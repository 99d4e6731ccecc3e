import { describe, expect, it } from 'vitest'
import office from '../simulator/office.json' with { type: 'json' }
import { receiverFor } from '../simulator/page/talk/receiver.ts'
import type { Department, Person } from '../simulator/protocol.ts'

const people = office.people as Person[]
const departments = office.departments as Department[]

describe('页面上的“可以这样说”', () => {
  it.each(people.map(me => [me.name, me] as const))('向%s举例时,交给一位不带队、不重名的同事', (_, me) => {
    const receiver = receiverFor({ people, departments }, me)
    expect(receiver).toBeDefined()
    expect(receiver?.open_id).not.toBe(me.open_id)
    expect(receiver?.job_title).not.toMatch(/书记|主任|科长|队长/)
    expect(people.filter(({ name }) => name === receiver?.name)).toHaveLength(1)
  })

  it('先举本科室的同事', () => {
    const named = (name: string) => people.find(one => one.name === name) as Person
    expect(receiverFor({ people, departments }, named('陈晨'))?.department_ids).toEqual(named('陈晨').department_ids)
    expect(receiverFor({ people, departments }, named('王强'))?.name).toBe('郑洁')
  })
})
