import { actedWords, nameOf, saidWith } from '../../kit/acted.ts'
import { defineFlow, openMoves, step } from '../../kit/flow.ts'
import { AlreadySo, Refusal } from '../../kit/refusal.ts'
import { halfWidth } from '../../kit/text.ts'
import { formatShort } from '../../kit/time.ts'
import { keepsLedgerOf, ledgerSight } from './ledger-sight.ts'
import type { Actor, Setting, TripNumber } from './trip.ts'

/** The life of a month's 公示 (domain.md 4.5, CAR-41): nothing goes out before it is approved. */
export const publicationFlow = defineFlow({
  states: {
    draft: '拟稿',
    submitted: '待审批',
    returned: '退回',
    approved: '待印发',
    issued: '已印发',
    cancelled: '已取消',
  },
  roles: { drafter: '车管员', approver: '办公室主任或分管领导(非本人拟稿)' },
  start: 'draft',
  moves: {
    submit: { from: ['draft', 'returned'], to: 'submitted', by: 'drafter', button: '送审' },
    edit: { from: ['draft', 'returned'], by: 'drafter', button: '修改' },
    cancel: { from: ['draft', 'returned', 'approved'], to: 'cancelled', by: 'drafter', button: '取消' },
    approve: { from: ['submitted'], to: 'approved', by: 'approver', button: '同意', asks: 'note' },
    revise: { from: ['submitted'], to: 'returned', by: 'approver', button: '退回修改', asks: 'reason' },
    issue: { from: ['approved'], to: 'issued', by: 'drafter', button: '印发' },
  },
})

export type PublicationState = keyof typeof publicationFlow.states
export type PublicationRole = keyof typeof publicationFlow.roles
export type PublicationMove = keyof typeof publicationFlow.moves

/** What is written in it, and may be edited until it is sent for approval. */
export interface PublicationWords {
  title: string
  /** 落款. */
  issuer: string
  /** 说明, such as whom to ask. */
  remark: string
  /** The group it is sent to; '' = none. */
  chat: string
  /** Numbers of 派车单 that are left out, as they were typed. */
  without: string
}

export interface Publication extends PublicationWords {
  id: number
  rev: number
  state: PublicationState
  /** Whose office publishes it; '' = the house. */
  unit: string
  /** `2026-10`. */
  month: string
  runs: number
  /** Kilometres. */
  km: number
  cents: number
  maker: string
  createdAt: Date
  /** Up to when its rows were composed. */
  until: Date
  issuedAt: Date | undefined
  lastMove: PublicationMove | ''
  word: string
  movedBy: string
  movedAt: Date
  movedFor: string | undefined
}

/** One run of a car; combined trips share it. */
export interface PublicationRow {
  place: number
  /** `YYYY-MM-DD`. */
  on: string
  purpose: string
  destination: string
  plate: string
  km: number | undefined
  /** Hundredths of a litre. */
  litres: number
  cents: number
}

export const PUBLICATION_LIMITS = { title: 60, issuer: 40, remark: 300, without: 200, word: 500 } as const

/** @throws Refusal naming what is missing or too long. */
export function checkWords(words: PublicationWords): PublicationWords {
  const { title, issuer, remark, without } = words
  if (!title) throw new Refusal('请填写标题')
  const long = [
    ['标题', title, PUBLICATION_LIMITS.title],
    ['发布单位', issuer, PUBLICATION_LIMITS.issuer],
    ['说明', remark, PUBLICATION_LIMITS.remark],
    ['不公示的单号', without, PUBLICATION_LIMITS.without],
  ] as const
  for (const [label, word, most] of long) if (word.length > most) throw new Refusal(`${label}请控制在${most}字以内`)
  return words
}

const APPROVING = ['BZ', 'FG']

/** As whom somebody may approve it: themselves, or one of those in whose place they stand; undefined = not at all (PERM-01). */
export function publicationApprover(
  { maker, state, movedBy, unit }: Pick<Publication, 'maker' | 'state' | 'movedBy' | 'unit'>,
  actor: Actor,
  may: Setting['may'],
): string | undefined {
  const writers = [maker, ...(state === 'submitted' ? [movedBy] : [])]
  const denied = !may([...actor.held.map(({ code }) => code), 'BZ'], 'A', 'car.approve')
  if (denied || writers.includes(actor.id)) return undefined
  const counts = (self: Pick<Actor, 'held'>) =>
    self.held.some(
      one =>
        APPROVING.includes(one.code) &&
        (one.unit === undefined || one.unit === unit) &&
        may([one.code], 'A', 'car.approve'),
    )
  return [actor, ...actor.standsFor].find(self => !writers.includes(self.id) && counts(self))?.id
}

export function publicationRoles(
  publication: Pick<Publication, 'maker' | 'state' | 'movedBy' | 'unit'>,
  actor: Actor,
  may: Setting['may'],
): PublicationRole[] {
  const keeps = keepsLedgerOf(actor, may)
  const drafts = keeps === '' || (keeps !== undefined && keeps === publication.unit)
  const approves = publicationApprover(publication, actor, may) !== undefined
  return [...(drafts ? ['drafter' as const] : []), ...(approves ? ['approver' as const] : [])]
}

/** Until it is issued only those see it who write or approve it; afterwards whoever may see the ledger. */
export function maySeePublication(publication: Publication, actor: Actor, may: Setting['may']): boolean {
  if (publication.maker === actor.id || publicationRoles(publication, actor, may).length) return true
  const { house, units } = ledgerSight(actor, may)
  return publication.state === 'issued' && (house || units.includes(publication.unit))
}

export const publicationMovesOpen = (of: Publication, actor: Actor, may: Setting['may']): PublicationMove[] =>
  openMoves(publicationFlow, of.state, publicationRoles(of, actor, may))

export interface PublicationPress {
  move: PublicationMove
  by: Actor
  seenRev: number | undefined
  word: string
}

/** @throws Refusal when it is not for the presser, not possible (any more), or decided on an outdated card. */
export function publicationMoved(
  publication: Publication,
  { move, by, seenRev, word }: PublicationPress,
  { now, names, may }: Pick<Setting, 'now' | 'names' | 'may'>,
): Publication {
  const { from, by: role, asks, button } = publicationFlow.moves[move]
  const roles = publicationRoles(publication, by, may)
  if (!roles.includes(role)) throw new Refusal(`此按钮仅限${publicationFlow.roles[role]}使用`)
  if (!from.includes(publication.state)) throw new AlreadySo(lastPublicationAct(publication, { now, names }))
  if (seenRev !== undefined && seenRev < publication.rev) throw new Refusal('卡片已过期,请以最新卡片为准')
  const said = word.trim()
  if (asks === 'reason' && !said) throw new Refusal(`请填写${button}的理由`)
  if (said.length > PUBLICATION_LIMITS.word) throw new Refusal(`说明请控制在${PUBLICATION_LIMITS.word}字以内`)
  const approver = role === 'approver' ? publicationApprover(publication, by, may) : undefined
  return {
    ...publication,
    rev: publication.rev + 1,
    state: step(publicationFlow, publication.state, move, roles),
    lastMove: move,
    word: said,
    movedBy: by.id,
    movedAt: now,
    movedFor: approver === by.id ? undefined : approver,
    ...(move === 'issue' ? { issuedAt: now } : {}),
  }
}

/** `李静 已同意 · 11月26日(周四)10:32`. */
export function lastPublicationAct(of: Publication, { now, names }: Pick<Setting, 'now' | 'names'>): string {
  const { lastMove, movedBy, movedAt, movedFor, maker, createdAt, word } = of
  if (!lastMove) return `${nameOf(maker, names)} 已拟稿 · ${formatShort(createdAt, now)}`
  const { button, asks } = publicationFlow.moves[lastMove]
  const said = saidWith(button, word, asks === 'reason')
  return `${actedWords(`已${button}`, movedBy, movedFor, names)} · ${formatShort(movedAt, now)}${said}`
}

const PHONES = /(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)/g

/** Personal phones are not published. */
export const withoutPhones = (text: string): string => text.replace(PHONES, '***')

/** Numbers of 派车单 that are to be left out (`派〔2026〕86号、87号`); without a year they are of the month's. */
export function numbersIn(text: string, month: string): TripNumber[] {
  const found = halfWidth(text).matchAll(/(?:[〔[(【]\s*(\d{4})\s*[〕\])】]\s*)?(\d{1,6})\s*号?/g)
  return [...found].map(([, year, seq]) => ({ year: Number(year ?? month.slice(0, 4)), seq: Number(seq) }))
}
