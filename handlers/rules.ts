import { keepSettled } from '../db/settings.ts'
import type { Action, Answer, Press, Turn } from '../src/bot/feature.ts'
import type { Card } from '../src/kit/card.ts'
import { byLawAmong, confirmOffCard, type RuleDesk, readOff, readThresholds } from '../src/kit/rule-cards.ts'
import type { Switched } from '../src/kit/rules.ts'
import { refuseNonAdmin } from './admins.ts'

type Settled<Name extends string> = Switched & { thresholds: Readonly<Record<Name, number>> }

/** Where a subject's rules are kept, and how they look. */
interface RuleKeeping<Id extends string, Name extends string, Setting> {
  desk: RuleDesk<Id, Name>
  /** Under which name they are kept. */
  name: string
  read(turn: Pick<Turn, 'db'>): Promise<Setting>
  card(setting: Setting): Card
}

/** What is settled about a subject's rules on a card that /设置 opens; `settle` makes an action of what else is typed there. */
export function ruleActions<Id extends string, Name extends string, Setting extends Settled<Name>>({
  desk,
  name,
  read,
  card,
}: RuleKeeping<Id, Name, Setting>) {
  const keep = async (turn: Turn, change: Partial<Setting> | Partial<Settled<Name>>): Promise<Answer> => {
    const setting = { ...(await read(turn)), ...change }
    await keepSettled(turn.db, { feature: desk.feature }, name, setting, turn.now)
    turn.record({ feature: desk.feature, act: 'rules', data: change })
    return { toast: { kind: 'success', words: '已保存' }, fresh: { card: card(setting) } }
  }
  const refuse = (turn: Turn): void => refuseNonAdmin(turn, `修改${desk.title}`)
  const settle =
    (readTyped: (typed: (name: string) => string, now: Date) => Partial<Setting> | Partial<Settled<Name>>): Action =>
    async (turn, { form }) => {
      refuse(turn)
      return keep(turn, readTyped(typedIn(form), turn.now))
    }
  const actions: Record<string, Action> = {
    rules: async turn => {
      refuse(turn)
      return { fresh: { card: card(await read(turn)) } }
    },
    switchRules: async (turn, { form }: Press) => {
      refuse(turn)
      const off = readOff(desk, typedIn(form)('off'))
      const byLaw = byLawAmong(desk, off, await read(turn))
      if (byLaw.length) return { fresh: { card: confirmOffCard(desk, off, byLaw) } }
      return keep(turn, { off })
    },
    switchRulesAnyway: async (turn, { value }: Press) => {
      refuse(turn)
      return keep(turn, { off: readOff(desk, typedIn(value)('off')) })
    },
    measureRules: settle(typed => ({ thresholds: readThresholds(desk.thresholds, typed) })),
  }
  return { actions, settle }
}

const typedIn =
  (values: Record<string, unknown>) =>
  (name: string): string =>
    typeof values[name] === 'string' ? values[name] : ''
