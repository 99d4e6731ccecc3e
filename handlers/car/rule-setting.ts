import type { Look } from '../../src/bot/feature.ts'
import { type RuleSetting, USUAL } from '../../src/office/car/rule-setting.ts'

export const ruleSetting = async (_look: Pick<Look, 'db'>): Promise<RuleSetting> => USUAL
