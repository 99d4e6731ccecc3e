import type { Command, Feature, Look } from '../src/bot/feature.ts'
import type { Card } from '../src/kit/card.ts'
import type { Viewer } from '../src/kit/person.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { EXAMPLE } from '../src/office/car/trip.ts'
import { bookActions, bookCommands, bookFile, bookWaiting } from './car/book.ts'
import { drawPublication, isPublication } from './car/publish.ts'
import { FEATURE } from './car/setting.ts'

export const car: Feature = {
  name: FEATURE,
  title: '用车',
  words: ['用车', 'car', 'yc'],
  about: '公务用车:申请、审批、派车、出车回场和核算',
  commands: {
    '': { usage: EXAMPLE, about: '申请用车;也可写编号,如 /用车 派〔2026〕86号', run },
    ...bookCommands,
  },
  actions: { ...bookActions },
  draw,
  print: bookFile,
  todo: look => bookWaiting(look),
}

async function run(...[, { text }]: Parameters<Command['run']>): Promise<never> {
  throw new Refusal(`未能识别“${text.slice(0, 20)}”`, EXAMPLE)
}

async function draw(look: Look, matter: string, viewer: Viewer): Promise<Card> {
  if (isPublication(matter)) return drawPublication(look, matter, viewer)
  throw new Refusal('未找到该用车申请')
}
