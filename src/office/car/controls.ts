import { type Block, type Button, buttons, form, note } from '../../kit/card.ts'
import { type TripMove, tripFlow } from './flow.ts'
import { inPlaceOf, movesFrom, movesOpen } from './roles.ts'
import { GROUNDS } from './terms.ts'
import { type Actor, LIMITS, type Setting, type Trip } from './trip.ts'

/** Decisions, with a word beside them. */
const DECIDING: TripMove[] = ['approve', 'refuse', 'endorse', 'object', 'lapse']
/** Not for a group's eyes. */
const PERSONAL: TripMove[] = ['submit', 'edit', 'again', 'lapse']

/** What can be pressed: in private what this person may do, in a group what the state allows; the press decides. */
export function controls(trip: Trip, viewer: Actor | undefined, setting: Setting): Block[] {
  const all = viewer ? movesOpen(trip, viewer, setting) : movesFrom(trip).filter(move => !PERSONAL.includes(move))
  const moves = all.filter(move => move !== 'submit' || !isForbidden(trip))
  const deciding = moves.filter(move => DECIDING.includes(move))
  const bare = moves.filter(move => !DECIDING.includes(move))
  return [
    worded(trip, deciding),
    grounding(trip, moves),
    buttons(...bare.map(move => press(trip, move)), ...urgently(trip, moves)),
    viewer && standing(trip, moves, viewer, setting),
  ].filter(block => block !== undefined)
}

export const isForbidden = ({ findings }: Pick<Trip, 'findings'>): boolean =>
  findings.some(({ severity }) => severity === 'F')

function worded(trip: Trip, moves: TripMove[]): Block | undefined {
  const [refusal] = moves.filter(move => tripFlow.moves[move].asks === 'reason')
  if (!moves.length) return undefined
  const hint = refusal ? `意见(${tripFlow.moves[refusal].button}须填写理由)` : '意见(可不填)'
  return form(
    'decision',
    [{ kind: 'input', name: 'word', hint, lines: 2, max: LIMITS.word }],
    moves.map(move => press(trip, move)),
  )
}

const STYLES: Partial<Record<TripMove, Button['style']>> = {
  submit: 'primary',
  approve: 'primary',
  endorse: 'primary',
  assign: 'primary',
  depart: 'primary',
  arrive: 'primary',
  confirm: 'primary',
  complete: 'primary',
  refuse: 'danger',
  object: 'danger',
}

const CONFIRMS: Partial<Record<TripMove, string>> = {
  withdraw: '撤回后须重新申请,确定撤回吗?',
  cancel: '取消后车辆和驾驶员将另行安排,确定取消用车吗?',
}

function press({ id, rev, state }: Trip, move: TripMove): Button {
  const { button } = tripFlow.moves[move]
  const style = STYLES[move]
  const asks = state === 'draft' ? undefined : CONFIRMS[move]
  return {
    label: button,
    action: `car.${move}`,
    value: { id, rev },
    ...(style ? { style } : {}),
    ...(asks ? { confirm: { title: button, text: asks } } : {}),
  }
}

/** A draft that lacks nothing but one of the reasons of 4.2 (CAR-09) takes it here. */
function grounding({ id, rev, state, findings }: Trip, moves: TripMove[]): Block | undefined {
  const forbidding = findings.filter(({ severity }) => severity === 'F')
  const lacks = forbidding.length > 0 && forbidding.every(({ rule }) => rule === 'CAR-09')
  if (state !== 'draft' || !moves.includes('edit') || !lacks) return undefined
  const { ordinary: _, ...warranted } = GROUNDS
  const options = Object.entries(warranted).map(([value, label]) => ({ value, label }))
  return form(
    'grounding',
    [
      {
        kind: 'choose',
        name: 'ground',
        label: '事由类别',
        hint: '选择符合保障范围的事由类别',
        options,
        required: true,
      },
    ],
    [{ label: '按此类别保存', action: 'car.ground', value: { id, rev }, style: 'primary' }],
  )
}

/** What an emergency is not forbidden. */
const LIFTED = ['CAR-09', 'CAR-17']

/** A draft may go out on a leader's word (domain.md 4.3, 特别紧急). */
function urgently({ id, rev, state, findings }: Trip, moves: TripMove[]): Button[] {
  const stands = findings.some(({ severity, rule }) => severity === 'F' && !LIFTED.includes(rule))
  const open = state === 'draft' && moves.includes('edit') && !stands
  return open ? [{ label: '特别紧急', action: 'car.urgent', value: { id, rev } }] : []
}

/** Says in whose place a deputy would press. */
function standing(trip: Trip, moves: TripMove[], viewer: Actor, setting: Setting): Block | undefined {
  const ids = new Set(moves.map(move => inPlaceOf(trip, tripFlow.moves[move].by, viewer, setting)))
  const names = viewer.standsFor.filter(({ id }) => ids.has(id)).map(({ name }) => name)
  return names.length ? note(`其中须由${names.join('、')}办理的,由您代理。`) : undefined
}
