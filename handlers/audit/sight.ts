import type { AuditFilter } from '../../db/audit.ts'
import type { Look, Turn } from '../../src/bot/feature.ts'
import type { HeldRole } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { may } from '../../src/office/role/role.ts'
import { actorOf } from '../actor.ts'
import { withConfigured } from '../admins.ts'

export const FEATURE = 'audit'

/** What somebody may see of the audit records (domain.md 1.3, V5): all of them, or only what concerns secrecy. */
export type Sight = 'all' | 'secrecy'

const SECRECY = ['secrecy']

/** What a deputy holds for somebody else does not count: an auditor's eye is nobody's to lend. */
function sightOf(held: readonly HeldRole[]): Sight | undefined {
  const codes = held.map(({ code }) => code)
  if (may(codes, 'V', 'audit.whole')) return 'all'
  // records do not tell the unit, so that of one unit nobody sees those of all
  const ofHouse = held.filter(({ unit }) => unit === undefined).map(({ code }) => code)
  return may(codes, 'V', 'audit.log') && may(ofHouse, 'V', 'audit.log') ? 'secrecy' : undefined
}

/** @throws Refusal unless they may see audit records, and speak in private. */
export function sightIn(turn: Pick<Turn, 'office' | 'who' | 'roles' | 'chat'>): Sight {
  const sight = sightOf(withConfigured(turn.office, turn.who.id, turn.roles))
  if (!sight) throw new Refusal('审计记录仅限安全审计员查看')
  if (turn.chat.kind === 'group') throw new Refusal('请在与回音的私聊中查看审计记录')
  return sight
}

/** @throws Refusal unless they are 安全审计员. */
export function refuseNonAuditor(turn: Pick<Turn, 'office' | 'who' | 'roles' | 'chat'>, what: string): void {
  if (sightIn(turn) !== 'all') throw new Refusal(`${what}仅限安全审计员`)
}

/** Of somebody who is not speaking. */
export const sightOfPerson = async (look: Look, id: string): Promise<Sight | undefined> =>
  sightOf((await actorOf(look, id)).held)

export const filterFor = (sight: Sight): Pick<AuditFilter, 'features'> => (sight === 'all' ? {} : { features: SECRECY })
