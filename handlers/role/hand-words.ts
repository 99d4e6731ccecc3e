import { peopleById } from '../../db/people.ts'
import { peopleNamedIn } from '../../db/people-meant.ts'
import type { Said, Turn } from '../../src/bot/feature.ts'
import type { Person } from '../../src/kit/person.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { readRequest } from '../../src/kit/request.ts'
import { HAND_EXAMPLE } from '../../src/office/role/hand-over.ts'
import { apartByUnit, doubtAboutPeople, type Settled, settle, twinWords, unitsIn, withoutUnits } from '../named.ts'
import { unfitAmong } from '../task-draft.ts'

/** Whose matters, and who takes over: the one who may be meant, or several of one name, and why it is not settled. */
export interface Meant {
  from: Person
  takers: Person[]
  doubt: string | undefined
}

/** Also people who have left: they are named in nothing else. */
export async function handOverMeant(turn: Turn, said: Said): Promise<Meant> {
  const directory = await peopleNamedIn(turn.db, said.text, turn.chat.id, 'everybody')
  const pieces = said.pieces.map(piece =>
    typeof piece === 'string'
      ? withoutUnits(piece)
      : piece.kind === 'person'
        ? { id: piece.id, name: piece.name }
        : piece.name,
  )
  const request = readRequest(pieces, directory)
  const named = await apartByUnit(turn.db, request.named, unitsIn(said.text))
  const mentioned = await peopleById(
    turn.db,
    named.flatMap(one => (one.kind === 'mention' ? one.id : [])),
  )
  const [first, second, third] = named.map(one => settle([one], mentioned))
  const stray = strayIn(request.text)
  const isStrayFirst = stray.length > 0 && said.text.trim().startsWith(stray[0] ?? '')
  return {
    from: await leaverMeant(turn, isStrayFirst ? { ...NOBODY, unknown: stray } : (first ?? NOBODY)),
    ...(await takersMeant(turn, second ?? { ...NOBODY, unknown: stray }, third !== undefined)),
  }
}

const NOBODY: Settled = { people: [], candidates: [], unknown: [] }

/** The first word that is nobody's name. */
const strayIn = (text: string): string[] => text.split(/[\s,\uff0c、]/, 1).flatMap(word => word.slice(0, 20) || [])

/** @throws Refusal: without knowing whose matters there is nothing to hand over. */
async function leaverMeant(turn: Turn, named: Settled): Promise<Person> {
  const [person] = named.people
  if (person) return person
  const [unknown] = named.unknown
  if (unknown) throw new Refusal(`未找到“${unknown}”,请核对姓名`, HAND_EXAMPLE)
  if (named.candidates.length) throw new Refusal((await twinWords(turn.db, named)).replace(/。$/, ''), HAND_EXAMPLE)
  throw new Refusal('请写明移交谁名下的事项', HAND_EXAMPLE)
}

async function takersMeant(turn: Turn, named: Settled, isMore: boolean): Promise<Pick<Meant, 'takers' | 'doubt'>> {
  const ids = named.people.map(({ id }) => id)
  const [unfit] = (await unfitAmong(turn, ids)).values()
  const doubt = isMore ? '接手人只能有一位,请选择。' : doubtAboutPeople(named)
  return { takers: [...named.people, ...named.candidates], doubt: doubt ?? (unfit && `${unfit}。`) }
}
