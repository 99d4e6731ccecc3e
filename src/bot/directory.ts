import {
  chatById,
  dismiss,
  dismissMet,
  dropDepartments,
  groupsWithOutsiders,
  keepChat,
  keepDepartments,
  keepMembers,
  keepPeople,
  leaveMembers,
  meetPeople,
  missingAmong,
  noteOutsiders,
  peopleById,
  peopleWho,
} from '../../db/people.ts'
import { recordHeads } from '../../db/role-outside.ts'
import { DIRECTORY_WANTED, dropSetting, keepSetting, setting, takeSetting, UNIT_ORDER } from '../../db/settings.ts'
import { rest } from '../clock.ts'
import type { Member } from '../feishu/client.ts'
import type { DirectoryDepartment } from '../feishu/contact.ts'
import { FeishuFault, isFinal, isOutOfChat } from '../feishu/fault.ts'
import { dayIn } from '../kit/time.ts'
import { describe } from './log.ts'
import type { Office } from './office.ts'
import { isStopping } from './screen.ts'
import { UNNAMED } from './stopped.ts'

/** At most 15 calls a second keeps inside 1,000 a minute as well as 50 a second, whatever else reads the directory. */
const PACE_MS = 66
/** Two in the morning, after midnight in Shanghai. */
const NIGHT_BEGINS_MS = 2 * 3_600_000
const ATTEMPTS = 4

/** When the reading began that has not come to its end: of one that took so long nobody will hear any more. */
const READING = 'directory.reading'
const LONGEST_READING_MS = 10 * 60_000

/** Reads the directory if that is due. A reading that breaks, or whose process ends, is begun anew by a later heartbeat; one that Feishu refuses, in the next night. */
export async function keepDirectory(office: Office): Promise<void> {
  const { db, clock } = office
  const isBegun = await db.transaction(async tx => {
    const isWanted = await wantsDirectory({ db: tx, clock })
    if (isWanted) await keepSetting(tx, READING, clock.wire(), clock.now())
    return isWanted
  })
  if (!isBegun) return
  try {
    await syncDirectory(office)
  } catch (error) {
    // what Feishu refuses now it will hardly grant a minute later
    const isRefused = error instanceof FeishuFault && isFinal(error)
    if (!isRefused) await keepSetting(db, DIRECTORY_WANTED, true, clock.now())
    throw error
  } finally {
    await dropSetting(db, READING)
  }
}

/**
 * Wanted by an event, or because a night has begun since the last time, also when the house was shut at that hour, or because the
 * last reading was cut short. Of several processes one gets it, and none while another reads.
 */
async function wantsDirectory({ db, clock }: Pick<Office, 'db' | 'clock'>): Promise<boolean> {
  const begun = await setting<number>(db, READING)
  if (begun !== undefined) {
    if (Math.abs(clock.wire() - begun) < LONGEST_READING_MS) return false
    return takeSetting(db, READING, begun)
  }
  if (await takeSetting(db, DIRECTORY_WANTED, true)) return true
  const now = clock.now()
  const night = dayIn(new Date(now.getTime() - NIGHT_BEGINS_MS))
  const last = await setting<string>(db, 'directory.night')
  if (last === night) return false
  if (last !== undefined && !(await takeSetting(db, 'directory.night', last))) return false
  await keepSetting(db, 'directory.night', night, now)
  return last !== undefined
}

/**
 * Reads people, departments and groups as far as the app's contact range reaches; outside it, names come from the groups'
 * member lists. Progress goes to the log. A part that cannot be read is told and leaves the rest as it was.
 */
export async function syncDirectory(office: Office): Promise<void> {
  const started = office.clock.wire()
  const call = paced(office)
  const listed = await call(() => listGroups(office)).catch((error: unknown) => without(office, 'groups', error))
  const groups = listed ?? []
  const known = await peopleWho(office.db, 'active')
  const departments = await readDepartments(office, call)
  const { people, whole } = await readPeople(office, call, departments.list)
  for (const id of departments.loose) await call(() => learnPerson(office, id))
  const isWhole = whole && departments.whole
  for (const id of (await missingAmong(office.db, known, people)).slice(0, MOST_MISSING))
    await call(() => askWhetherGone(office, id, isWhole))
  if (isWhole)
    await office.db.transaction(async tx => {
      await dropDepartments(
        tx,
        departments.list.map(one => one.id),
      )
      await recordHeads(tx, office.clock.now())
    })
  for (const id of groups)
    await call(() => learnMembers(office, id)).catch((error: unknown) =>
      office.log('warn', 'members not read', { chat: id, ...describe(error) }),
    )
  // without its groups it is not read: who is told that it has not been read for long is told so then, too
  if (listed)
    await keepSetting(
      office.db,
      'directory.read',
      { people: people.length, departments: departments.list.length, groups: groups.length },
      office.clock.now(),
    )
  office.log('info', 'directory read', {
    people: people.length,
    departments: departments.list.length,
    groups: groups.length,
    whole,
    ms: office.clock.wire() - started,
  })
}

/** What Feishu refuses leaves the rest of the directory to be read; anything else is tried again. */
function without(office: Office, what: string, error: unknown): undefined {
  if (!(error instanceof FeishuFault) || !isFinal(error)) throw error
  office.log('warn', `${what} not read`, describe(error))
}

type Call = <T>(run: () => Promise<T>) => Promise<T>

/** Calls one after another, spaced, and again after a while when the platform asks to wait. */
function paced(office: Office): Call {
  let last = { atMs: 0, pauseMs: 0 }
  return async run => {
    for (let attempt = 1; ; attempt++) {
      // no longer than that, wherever the clock has been put meanwhile
      const wait = Math.min(last.atMs + last.pauseMs - office.clock.wire(), last.pauseMs)
      if (wait > 0) await rest(office.clock, wait)
      last = { atMs: office.clock.wire(), pauseMs: PACE_MS }
      try {
        return await run()
      } catch (error) {
        const again =
          error instanceof FeishuFault &&
          (error.kind === 'rate-limited' || error.kind === 'unreachable') &&
          attempt < ATTEMPTS
        if (!again) throw error
        last = { atMs: office.clock.wire(), pauseMs: error.retryAfterMs ?? attempt * 500 }
      }
    }
  }
}

const WHOLE_HOUSE = '0'

async function readDepartments(
  office: Office,
  call: Call,
): Promise<{ list: DirectoryDepartment[]; whole: boolean; loose: string[] }> {
  const roots: string[] = []
  const loose: string[] = []
  for (let page = ''; ; ) {
    const range = await call(() => office.feishu.range(page))
    roots.push(...range.departments)
    loose.push(...range.people)
    if (!range.next) break
    page = range.next
  }
  const list: DirectoryDepartment[] = []
  for (const root of roots) {
    if (root !== WHOLE_HOUSE) list.push(await call(() => office.feishu.department(root)))
    for (let page = ''; ; ) {
      const { items, next } = await call(() => office.feishu.departmentsBelow(root, page))
      list.push(...items)
      if (!next) break
      page = next
    }
  }
  await office.db.transaction(async tx => {
    await keepDepartments(tx, list)
    await recordHeads(tx, office.clock.now())
  })
  await keepSetting(office.db, UNIT_ORDER, listed(list), office.clock.now())
  office.log('info', 'directory departments', { departments: list.length })
  return { list, whole: roots.includes(WHOLE_HOUSE), loose }
}

/** As the directory shows them: each followed by those below it. */
function listed(list: readonly DirectoryDepartment[]): string[] {
  const sorted = [...list].sort((a, b) => a.order - b.order)
  const known = new Set(list.map(({ id }) => id))
  const under = (of: string): string[] =>
    sorted.flatMap(({ id, parent }) => ((known.has(parent) ? parent : '') === of ? [id, ...under(id)] : []))
  return under('')
}

async function readPeople(
  office: Office,
  call: Call,
  departments: DirectoryDepartment[],
): Promise<{ people: string[]; whole: boolean }> {
  const seen = new Set<string>()
  let whole = true
  for (const id of [WHOLE_HOUSE, ...departments.map(one => one.id)]) {
    whole = (await readDepartment(office, call, id, seen)) && whole
  }
  return { people: [...seen], whole }
}

/** Answers false when the department may not be read: outside the contact range is no fault, but then nobody is dismissed. */
async function readDepartment(office: Office, call: Call, id: string, seen: Set<string>): Promise<boolean> {
  try {
    for (let page = ''; ; ) {
      const away = await peopleWho(office.db, 'away')
      const { items, next } = await call(() => office.feishu.peopleIn(id, page))
      await keepPeople(office.db, items, away)
      for (const person of items) seen.add(person.id)
      if (!next) return true
      page = next
    }
  } catch (error) {
    if (!(error instanceof FeishuFault) || error.kind !== 'forbidden') throw error
    office.log('info', 'directory department closed', { department: id, code: error.code })
    return false
  } finally {
    office.log('info', 'directory people', { people: seen.size, department: id })
  }
}

/** The groups that we sit in, and which of them people of another house do; one call for a hundred. */
export async function listGroups(office: Office): Promise<string[]> {
  const all: string[] = []
  for (let page = ''; ; ) {
    const before = await groupsWithOutsiders(office.db)
    const { items, next } = await office.feishu.chats(page)
    for (const { id, name, external } of items) {
      const { action, masked } = office.gate.examine({ text: name, place: 'name' })
      const kept = isStopping(action) ? UNNAMED : masked
      const wasExternal = before.has(id)
      await keepChat(office.db, { id, kind: 'group', name: kept, present: true, external, wasExternal })
      all.push(id)
    }
    if (!next) return all
    page = next
  }
}

/** Who somebody is, and whether they are there. */
export async function learnPerson({ db, feishu }: Office, id: string): Promise<void> {
  const away = (await peopleById(db, [id])).filter(({ active }) => !active).map(one => one.id)
  await keepPeople(db, [await feishu.person(id)], away)
}

/** So many are asked for in one reading: each costs a call, also whoever is only out of the app's range. */
const MOST_MISSING = 500

/**
 * Whoever stood in no department may have left, or was moved from one that was still to be read to one that was read already. Whom
 * Feishu does not tell of is gone only where it tells of the whole house.
 */
async function askWhetherGone(office: Office, id: string, isWhole: boolean): Promise<void> {
  try {
    await learnPerson(office, id)
  } catch (error) {
    if (!(error instanceof FeishuFault) || !isFinal(error)) throw error
    if (isWhole) await dismiss(office.db, id)
  }
}

/** Whether people of another house sit in a group, whether we do, and with whom. */
export async function learnGroup(office: Office, id: string): Promise<void> {
  const wasExternal = (await chatById(office.db, id))?.external ?? false
  const known = await orOut(office.feishu.chat(id))
  if (known) await keepChat(office.db, { id, kind: 'group', name: '', external: known.external, wasExternal })
  await learnMembers(office, id)
}

async function learnMembers(office: Office, id: string): Promise<void> {
  const all = await orOut(membersOf(office, id))
  await keepChat(office.db, { id, kind: 'group', name: '', present: all !== undefined })
  await (all ? meetMembers(office, id, all) : leaveMembers(office.db, id))
}

/**
 * Their names also where the directory shows them not (a narrow contact range). Outsiders are noted, and dismissed where they were
 * met: nobody can hand them anything. Until it is known which tenant is ours everybody counts as of it.
 */
async function meetMembers({ db }: Office, chat: string, all: readonly Member[]): Promise<void> {
  const ours = await setting<string>(db, 'tenant')
  const isOutsider = ({ tenant }: Member): boolean => Boolean(ours && tenant && tenant !== ours)
  const some = all.filter(one => !isOutsider(one))
  if (some.length < all.length) await noteOutsiders(db, chat)
  await dismissMet(
    db,
    all.filter(isOutsider).map(one => one.id),
  )
  await meetPeople(db, some)
  await keepMembers(
    db,
    chat,
    some.map(one => one.id),
  )
}

async function membersOf({ feishu }: Office, chat: string): Promise<Member[]> {
  const all: Member[] = []
  for (let page = ''; ; ) {
    const { items, next } = await feishu.membersOf(chat, page)
    all.push(...items)
    if (!next) return all
    page = next
  }
}

/** Undefined: we do not sit in that group. */
async function orOut<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof FeishuFault && isOutOfChat(error)) return undefined
    throw error
  }
}
