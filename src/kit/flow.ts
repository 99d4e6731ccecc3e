import { Refusal } from './refusal.ts'

/** What a move wants beside the press: a reason that must be given, or a note that may be. */
export type Asks = 'reason' | 'note'

export interface Move<State extends string = string, Role extends string = string> {
  from: readonly State[]
  /** Absent: the state stays. */
  to?: State
  /** Where else it may lead, as the rules of the matter say. */
  or?: readonly State[]
  by: Role
  button: string
  asks?: Asks
}

/** The life of one kind of matter. `states` maps each state to its Chinese word, `roles` each role to its own. */
export interface Flow<State extends string = string, Role extends string = string, Name extends string = string> {
  states: Record<State, string>
  roles: Record<Role, string>
  start: NoInfer<State>
  moves: Record<Name, Move<NoInfer<State>, NoInfer<Role>>>
}

/** Types a flow by its own words, so that a mistyped state or role is an error on its own line. */
export function defineFlow<const State extends string, const Role extends string, const Name extends string>(
  flow: Flow<State, Role, Name>,
): Flow<State, Role, Name> {
  return flow
}

/** The moves that someone holding `roles` may make in `state`, in the order of the table. */
export function openMoves<State extends string, Role extends string, Name extends string>(
  flow: Flow<State, Role, Name>,
  state: State,
  roles: readonly Role[],
): Name[] {
  return moveNames(flow).filter(name => flow.moves[name].from.includes(state) && roles.includes(flow.moves[name].by))
}

/**
 * The state that a move leads to.
 * @throws Refusal when the person does not hold the move's role, or when the state does not allow it (any more).
 */
export function step<State extends string, Role extends string, Name extends string>(
  flow: Flow<State, Role, Name>,
  state: State,
  name: Name,
  roles: readonly Role[],
): State {
  const move = flow.moves[name]
  if (!roles.includes(move.by)) throw new Refusal(`“${move.button}”仅限${flow.roles[move.by]}使用`)
  if (!move.from.includes(state)) throw new Refusal(`当前状态为“${flow.states[state]}”,不能${move.button}`)
  return move.to ?? state
}

/** States from which no move leads on. */
export function isEnd<State extends string>(flow: Flow<State>, state: State): boolean {
  return !moveNames(flow).some(name => flow.moves[name]?.to !== undefined && flow.moves[name].from.includes(state))
}

export function moveNames<Name extends string>(flow: Flow<string, string, Name>): Name[] {
  return Object.keys(flow.moves) as Name[]
}
