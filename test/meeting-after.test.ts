import { describe, expect, it } from 'vitest'
import { officialCalendar } from '../src/kit/time.ts'
import { listedIn, readDecision } from '../src/office/meeting/decision-lines.ts'
import { LINES, SAID_AT } from './meeting-lines.ts'

const UNITS = ['办公室', '督查科', '综治科', '车队', '东湖区委政法委', '西山区委政法委'].map(name => ({
  id: name,
  name,
  head: `${name}负责人`,
}))
const PEOPLE = [
  ['王强', '督查科'],
  ['陈晨', '综治科'],
  ['曹颖', '综治科'],
  ['张伟', '办公室'],
  ['张伟', '督查科'],
].map(([name = '', unit = ''], i) => ({ id: `${name}${i}`, name, departments: [unit] }))
const CUSTOMS = { calendar: officialCalendar, calendarId: '', hours: '08:30-12:00,14:30-17:30', seasons: [] }

const nameOf = ({ id, unit }: { id: string; unit: string }): string =>
  id.endsWith('负责人') ? unit : `${unit} ${id.replace(/\d$/, '')}`
const read = (line: string) => readDecision(line, new Date(SAID_AT), { units: UNITS, people: PEOPLE }, CUSTOMS)
const shanghai = (at: Date | undefined) =>
  at ? new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ') : ''

describe('议定事项的识别', () => {
  it('不少于60句', () => expect(LINES.length).toBeGreaterThanOrEqual(60))

  it.each(LINES)('$says', ({ says, title, lead, assists = [], due, doubt }) => {
    const found = read(says)
    expect({
      title: found.title,
      lead: found.lead ? nameOf(found.lead) : '',
      assists: found.assistants.map(nameOf),
      due: shanghai(found.dueAt),
    }).toEqual({ title, lead, assists, due })
    if (doubt) expect(found.doubts.join('')).toMatch(doubt)
    else expect(found.doubts).toEqual([])
  })

  it('同名人员要选定;写明单位的即可确定', () => {
    expect(read('由张伟负责,12月10日前报送方案')).toMatchObject({
      lead: undefined,
      doubts: [/同名/.source ? '“张伟”有同名人员,请选择具体是哪一位。' : ''],
    })
    expect(read('由督查科张伟负责,12月10日前报送方案').lead).toEqual({ id: '张伟4', unit: '督查科' })
  })

  it.each([
    ['1. 甲\n2. 乙', ['1. 甲', '2. 乙']],
    ['甲\n乙\n\n丙', ['甲', '乙', '丙']],
    ['会议议定以下事项:\n一、甲\n续行\n二、乙', ['一、甲 续行', '二、乙']],
    ['会议议定:一是甲;二是乙。三是丙。', ['一是甲', '二是乙。', '三是丙。']],
    ['①甲\n②乙', ['①甲', '②乙']],
    [' \n ', []],
  ])('%j 分为 %j', (text, lines) => expect(listedIn(text)).toEqual(lines))
})
