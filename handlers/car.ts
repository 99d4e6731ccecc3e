import type { Command, Feature } from '../src/bot/feature.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { EXAMPLE } from '../src/office/car/trip.ts'
import { FEATURE } from './car/setting.ts'
import { ruleActions } from './car/settle.ts'

export const car: Feature = {
  name: FEATURE,
  title: '用车',
  words: ['用车', 'car', 'yc'],
  about: '公务用车:申请、审批、派车、出车回场和核算',
  commands: { '': { usage: EXAMPLE, about: '申请用车;也可写编号,如 /用车 派〔2026〕86号', run } },
  actions: { ...ruleActions },
}

async function run(...[, { text }]: Parameters<Command['run']>): Promise<never> {
  throw new Refusal(`未能识别“${text.slice(0, 20)}”`, EXAMPLE)
}
