import type { Feature } from '../src/bot/feature.ts'
import { books } from './car/book.ts'
import { dispatching } from './car/dispatch.ts'
import { garage } from './car/garage.ts'
import { handOver, held } from './car/hand-over.ts'
import { requests } from './car/request.ts'
import { FEATURE } from './car/setting.ts'
import { undecided } from './car/undecided.ts'
import { together } from './part.ts'

export const car: Feature = {
  name: FEATURE,
  title: '用车',
  words: ['用车', 'car', 'yc'],
  about: '公务用车:申请、审批、派车、出车回场和核算',
  ...together(requests, undecided, dispatching, garage, books),
  held,
  handOver,
}
