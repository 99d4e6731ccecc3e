import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSheet } from '../src/bot/read-sheet.ts'
import { readDay } from '../src/office/car/day.ts'
import { plateText, readPlate } from '../src/office/car/plate.ts'
import { kinds } from './harness/databases.ts'
import { filesOf } from './harness/files.ts'
import { ADMIN, type Seen, TestOffice, type TestPerson } from './harness/office.ts'
import { count, rows } from './harness/traces.ts'
import { sheetOf, workbook } from './harness/workbook.ts'

describe('车牌号', () => {
  it.each([
    ['京A12345', '京A12345'],
    ['京a·12345', '京A12345'],
    [' 京 A 1 2 3 4 5 ', '京A12345'],
    ['京Ａ１２３４５', '京A12345'],
    ['粤B1C2D3', '粤B1C2D3'],
    ['川AAA888', '川AAA888'],
    ['京A0006警', '京A0006警'],
    ['京AD12345', '京AD12345'],
    ['京AF0A234', undefined],
    ['京ADA2345', '京ADA2345'],
    ['京AFZ2345', '京AFZ2345'],
    ['京AK12345', '京AK12345'],
    ['京AL12345', undefined],
    ['京A12345D', '京A12345D'],
    ['京A12345F', '京A12345F'],
    ['京A1234AD', undefined],
    ['京A12345Z', undefined],
    ['京AD1234', '京AD1234'],
    ['京AO2345', undefined],
    ['京A1234I', undefined],
    ['京AI2345', undefined],
    ['京I12345', undefined],
    ['京112345', undefined],
    ['A12345', undefined],
    ['京A1234', undefined],
    ['京A123456', undefined],
    ['京A1234567', undefined],
    ['京京A1234', undefined],
    ['京A1234学', undefined],
    ['粤Z1234港', undefined],
    ['粤Z1234澳', undefined],
    ['京A1234挂', undefined],
    ['沪A0023领', undefined],
    ['224578使', undefined],
    ['使224578', undefined],
    ['WJ京1234J', undefined],
    ['VA12345', undefined],
    ['美A12345', undefined],
    ['', undefined],
  ])('%j → %j', (typed, plate) => {
    const read = readPlate(typed)
    expect('plate' in read ? read.plate : undefined).toBe(plate)
    if ('fault' in read) expect(read.fault.length).toBeGreaterThan(4)
  })

  it('读过的再读不变,显示时加间隔号', () => {
    expect(readPlate(plateText('京AD12345'))).toEqual({ plate: '京AD12345' })
    expect(plateText('京A12345')).toBe('京A·12345')
  })
})

describe('日期', () => {
  const now = new Date('2026-11-24T01:00:00Z')
  it.each([
    ['2027-03-31', '2027-03-31'],
    ['2027/3/1', '2027-03-01'],
    ['2027.3.1', '2027-03-01'],
    ['2027年3月1日', '2027-03-01'],
    ['20270301', '2027-03-01'],
    ['46363', '2026-12-07'],
    ['2020-02-29', '2020-02-29'],
    ['2021-02-29', undefined],
    ['明年3月31日', '2027-03-31'],
    ['今天', '2026-11-24'],
    ['12天后', '2026-12-06'],
    ['长期', undefined],
    ['2027-13-01', undefined],
    ['', undefined],
  ])('%j → %j', (typed, day) => expect(readDay(typed, now)).toBe(day))
})
