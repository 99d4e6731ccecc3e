import { DESK, readPlaces, rulesCard } from '../../src/office/car/rule-cards.ts'
import { RULE_SETTING } from '../../src/office/car/rule-setting.ts'
import { ruleActions as actionsFor } from '../rules.ts'
import { ruleSetting } from './rules.ts'

const { actions, settle } = actionsFor({ desk: DESK, name: RULE_SETTING, read: ruleSetting, card: rulesCard })

/** 用车规则, opened from /设置. */
export const ruleActions = { ...actions, placeRules: settle(readPlaces) }
