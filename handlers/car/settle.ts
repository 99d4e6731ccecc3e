import { keepSetting } from '../../db/settings.ts'
import type { Action, Answer, Press, Turn } from '../../src/bot/feature.ts'
import {
  byLawAmong,
  confirmOffCard,
  readOff,
  readPlaces,
  readThresholds,
  rulesCard,
} from '../../src/office/car/rule-cards.ts'
import { RULE_SETTING, type RuleSetting } from '../../src/office/car/rule-setting.ts'
import { refuseNonAdmin } from '../admins.ts'
import { ruleSetting } from './rules.ts'
import { FEATURE } from './setting.ts'

/** 用车规则, opened from /设置. */
export const ruleActions: Record<string, Action> = {
  rules: show,
  switchRules,
  switchRulesAnyway,
  measureRules: settle(typed => ({ thresholds: readThresholds(typed) })),
  placeRules: settle(readPlaces),
}

async function show(turn: Turn): Promise<Answer> {
  refuseNonAdmin(turn, '修改用车规则')
  return { fresh: { card: rulesCard(await ruleSetting(turn)) } }
}

async function switchRules(turn: Turn, { form }: Press): Promise<Answer> {
  refuseNonAdmin(turn, '修改用车规则')
  const off = readOff(typedIn(form)('off'))
  const byLaw = byLawAmong(off, await ruleSetting(turn))
  return byLaw.length ? { fresh: { card: confirmOffCard(off, byLaw) } } : keep(turn, { off })
}

async function switchRulesAnyway(turn: Turn, { value }: Press): Promise<Answer> {
  refuseNonAdmin(turn, '修改用车规则')
  return keep(turn, { off: readOff(typedIn(value)('off')) })
}

function settle(read: (typed: (name: string) => string) => Partial<RuleSetting>): Action {
  return async (turn, { form }) => {
    refuseNonAdmin(turn, '修改用车规则')
    return keep(turn, read(typedIn(form)))
  }
}

async function keep(turn: Turn, change: Partial<RuleSetting>): Promise<Answer> {
  const setting = { ...(await ruleSetting(turn)), ...change }
  await keepSetting(turn.db, RULE_SETTING, setting, turn.now)
  turn.record({ feature: FEATURE, act: 'rules', data: change })
  return { toast: { kind: 'success', words: '已保存' }, fresh: { card: rulesCard(setting) } }
}

const typedIn =
  (values: Record<string, unknown>) =>
  (name: string): string =>
    typeof values[name] === 'string' ? values[name] : ''
