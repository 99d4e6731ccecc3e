import { readQuiet } from '../../src/office/meeting/quiet.ts'
import { DESK, readCaps, rulesCard } from '../../src/office/meeting/rule-cards.ts'
import { RULE_SETTING } from '../../src/office/meeting/rule-setting.ts'
import type { Part } from '../part.ts'
import { ruleActions } from '../rules.ts'
import { ruleSetting } from './rules.ts'
import { takeSlot } from './slot.ts'

const { actions, settle } = ruleActions({ desk: DESK, name: RULE_SETTING, read: ruleSetting, card: rulesCard })

/** 会议规则, opened from /设置. */
const settling = {
  ...actions,
  quietRules: settle((typed, now) => ({ quiet: readQuiet(typed('quiet'), now) })),
  capRules: settle(typed => ({ caps: readCaps(typed) })),
}

/** The rules of meetings as a part of the subject. */
export const ruling: Part = { commands: {}, actions: { ...settling, takeSlot } }
