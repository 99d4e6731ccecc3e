import type { Action, Answer, Beat, Feature, Look, Said, TodoItem, Turn } from '../src/bot/feature.ts'
import type { Card } from '../src/kit/card.ts'
import type { Person, Viewer } from '../src/kit/person.ts'
import type { TripMove } from '../src/office/car/flow.ts'
import { EXAMPLE } from '../src/office/car/trip.ts'
import { heard, press } from './car/act.ts'
import { bookActions, bookCommands, bookFile, bookWaiting } from './car/book.ts'
import { awaited, digest } from './car/digest.ts'
import { due as endorseDue, nextDue as nextEndorsed, recalibrate, uncalibrated } from './car/endorse.ts'
import { again, create, edit, make } from './car/make.ts'
import { monthEnd, nextMonthEnd } from './car/month-end.ts'
import { drawPublication, isPublication } from './car/publish.ts'
import { FEATURE } from './car/setting.ts'
import { byNumber, draw as drawTrip, find, mine, show, today, todo as tripsWaiting, turnMine } from './car/show.ts'
import { submit } from './car/submit.ts'
import { urgent } from './car/urgent.ts'

export const car: Feature = {
  name: FEATURE,
  title: '用车',
  words: ['用车', 'car', 'yc'],
  about: '公务用车:申请、审批、派车、出车回场和核算',
  commands: {
    '': {
      usage: EXAMPLE,
      about: '申请用车,可写 @乘车人、出省、2辆、自驾、急、依据:…;也可写编号,如 /用车 派〔2026〕86号',
      run: makeOrShow,
    },
    我的: { usage: '/用车 我的', about: '我申请和乘坐的用车', run: mine },
    ...bookCommands,
  },
  actions: {
    ...requestActions(),
    create,
    urgent,
    show,
    mine: turnMine,
    ...bookActions,
  },
  draw,
  print: bookFile,
  heard,
  todo,
  today,
  find,
  due,
  nextDue,
  recalibrate,
  uncalibrated,
  digest,
  awaited,
}

type Requesting = Extract<
  TripMove,
  'submit' | 'edit' | 'withdraw' | 'cancel' | 'again' | 'approve' | 'refuse' | 'endorse' | 'object'
>

function requestActions() {
  return {
    submit,
    edit,
    withdraw: press('withdraw'),
    cancel: press('cancel'),
    again,
    approve: press('approve'),
    refuse: press('refuse'),
    endorse: press('endorse'),
    object: press('object'),
  } satisfies Record<Requesting, Action>
}

async function makeOrShow(turn: Turn, said: Said): Promise<Answer> {
  return (await byNumber(turn, said.text)) ?? make(turn, said)
}

async function draw(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  return isPublication(matter) ? drawPublication(look, matter, viewer) : drawTrip(look, matter, viewer)
}

async function todo(look: Look & { who: Person }): Promise<TodoItem[]> {
  const [trips, others] = await Promise.all([tripsWaiting(look), bookWaiting(look)])
  return [...trips, ...others]
}

async function due(beat: Beat): Promise<'more' | undefined> {
  await monthEnd(beat)
  return endorseDue(beat)
}

async function nextDue(look: Look): Promise<Date | undefined> {
  const all = await Promise.all([nextEndorsed(look), nextMonthEnd(look)])
  return all.filter(at => at !== undefined).sort((a, b) => a.getTime() - b.getTime())[0]
}
