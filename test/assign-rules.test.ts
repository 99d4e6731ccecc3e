import { describe, expect, it } from 'vitest'
import { type Assignment, handedOver, moveInWords, type Share } from '../src/office/assign/assignment.ts'

const NOW = new Date('2026-11-24T09:00:00+08:00')
const person = (id: string) => ({ id, name: id, departments: [], leader: undefined, active: true })
const share = (assignee: string, state: Share['state']): Share => ({
  ...{ assignee, place: 0, state, rev: 1, word: '', result: '', movedBy: 'giver', movedAt: NOW, finishedAt: undefined },
})

describe('交办卡片下的回复', () => {
  it.each([
    ['收到', { move: 'accept', word: '' }],
    ['签收', { move: 'accept', word: '' }],
    ['完成', { move: 'finish', word: '' }],
    ['已完成 三份均已印好', { move: 'finish', word: '三份均已印好' }],
    ['完成。三份', { move: 'finish', word: '三份' }],
    ['退回:不属本科室职责', { move: 'return', word: '不属本科室职责' }],
    ['退回重做,数据有误', { move: 'redo', word: '数据有误' }],
    ['确认完成!', { move: 'confirm', word: '' }],
    ['已完成\uff0c三份均已印好', { move: 'finish', word: '三份均已印好' }],
    ['退回\uff1a不属本科室职责', { move: 'return', word: '不属本科室职责' }],
    ['确认完成\uff01', { move: 'confirm', word: '' }],
    ['收到,明天办', undefined],
    ['完成不了,缺配件', undefined],
    ['完成一半了', undefined],
    ['已完成70%', undefined],
    ['签收不了', undefined],
    ['退回去改改?', undefined],
    ['收到了吗', undefined],
  ])('%s', (text, move) => expect(moveInWords(text)).toEqual(move))
})

describe('移交交办', () => {
  const handed = (...shares: Share[]) => {
    const one = { id: 1, giver: 'giver', rev: 3, title: '印材料', shares } as unknown as Assignment
    return handedOver(one, { from: person('leaver'), to: person('heir'), by: 'head' }, NOW).shares.map(
      ({ assignee, state }) => `${assignee} ${state}`,
    )
  }
  it.each([
    ['没有份的,原样接手', [share('leaver', 'underway')], ['heir assigned']],
    ['已报完成的,照样待确认', [share('leaver', 'finished')], ['heir finished']],
    [
      '本人也在办的,不办两份',
      [share('heir', 'underway'), share('leaver', 'underway')],
      ['heir underway', 'leaver cancelled'],
    ],
    [
      '本人已退回的,重新交办',
      [share('heir', 'returned'), share('leaver', 'underway')],
      ['heir assigned', 'leaver cancelled'],
    ],
    [
      '本人已确认的,重新交办',
      [share('heir', 'confirmed'), share('leaver', 'assigned')],
      ['heir assigned', 'leaver cancelled'],
    ],
    [
      '本人已退回、原人已报完成的,照样待确认',
      [share('heir', 'returned'), share('leaver', 'finished')],
      ['heir finished', 'leaver cancelled'],
    ],
    [
      '原人已办结的,不变',
      [share('heir', 'returned'), share('leaver', 'confirmed')],
      ['heir returned', 'leaver confirmed'],
    ],
  ])('%s', (_, shares, after) => expect(handed(...shares)).toEqual(after))
})
