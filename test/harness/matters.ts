import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { openAssignment } from '../../db/assign.ts'
import { openTrip } from '../../db/car.ts'
import { carBatches } from '../../db/car-batch.ts'
import { carPublications } from '../../db/car-publication.ts'
import { carRepairs } from '../../db/car-repair.ts'
import { carSeals } from '../../db/car-seal.ts'
import type { Db } from '../../db/client.ts'
import { ruleDay } from '../../db/holiday.ts'
import { decisions, meetingMinutes } from '../../db/meeting-after.ts'
import { meetingDuties, meetingMaterials } from '../../db/meeting-day.ts'
import { bookings, rooms } from '../../db/meeting-room.ts'
import { meetingSeries } from '../../db/meeting-series.ts'
import { secrecyAlerts, secrecyReleases, secrecyStopped } from '../../db/secrecy.ts'
import { openTask } from '../../db/task.ts'
import { taskBatches } from '../../db/task-batch.ts'
import { bulletins } from '../../db/task-bulletin.ts'
import { keepWatched } from '../../db/watch.ts'
import { NOTHING_ASKED } from '../../src/office/audit/asked.ts'
import { type TripMove, tripFlow } from '../../src/office/car/flow.ts'
import type { Trip } from '../../src/office/car/trip.ts'
import { NOTHING_WATCHED } from '../../src/office/setup/watch.ts'
import { type TaskMove, taskFlow } from '../../src/office/task/flow.ts'
import type { Task } from '../../src/office/task/task.ts'
import { fleetIn, shanghai } from './cars.ts'
import type { Who } from './everybody.ts'
import { aRoom } from './meeting-cast.ts'
import { meetingsIn } from './meetings.ts'
import { ready as readyTask } from './task.ts'
import { rows } from './traces.ts'
import { ready as readyTrip } from './trip.ts'

const at = shanghai('2026-11-24T09:00')
const NOTICE = { holidays: [{ name: '元旦', from: '2027-01-01', to: '2027-01-03' }], workdays: ['2027-01-09'] }
const SECTION = 'od-2838becd0aa98f6741eb8d4da3a9fbf5'

/** What a press carries. */
export interface Carried {
  value: Record<string, unknown>
  form: Record<string, unknown>
}

type Ids = Record<Who, string>

/** A row as a test may put it in, whatever the rules would make of it; answers its id. */
async function insert(db: Db, table: PgTable & { id: PgColumn }, row: object): Promise<number> {
  const [kept] = await db
    .insert(table)
    .values(row as never)
    .returning({ id: table.id })
  return (kept as { id: number }).id
}

const moved = (by: string) => ({ lastMove: '', word: '', movedBy: by, movedAt: at })

/** One matter of each kind; answers their ids. */
export async function mattersIn(db: Db, ids: Ids) {
  const fleet = fleetIn(db)
  const vehicle = await fleet.vehicle('江A00001')
  const idle = await fleet.vehicle('江A00002')
  const driver = await fleet.driver('陈刚', { person: ids.JS })
  const sparkDriver = await fleet.driver('沈亮')
  const meeting = await meetingsIn(db).meeting(ids.HW, { presider: ids.LD, convener: ids.LD })
  const ended = await meetingsIn(db).meeting(ids.HW, {
    numberSeq: 32,
    state: 'ended',
    startsAt: shanghai('2026-11-23T14:30'),
    endsAt: shanghai('2026-11-23T16:00'),
  })
  const draft = await meetingsIn(db).meeting(ids.HW, {
    numberSeq: null,
    numberYear: null,
    state: 'draft',
    notifiedAt: null,
    reminded: [],
  })
  const submitted = await meetingsIn(db).meeting(ids.KZ, {
    ...{
      numberSeq: null,
      numberYear: null,
      state: 'submitted',
      notifiedAt: null,
      submittedAt: at,
      reminded: [],
      unit: SECTION,
    },
    ...{ steps: [{ by: 'BZ', why: [], people: [ids.BZ], decision: undefined }], awaits: [ids.BZ], title: '待审的会议' },
  } as never)
  const invitation = await meetingsIn(db).ask(meeting, { person: ids.CB })
  const unitInvitation = await meetingsIn(db).ask(meeting, {
    person: ids.QX,
    unit: 'od-6aa494a0fe488a87ec443fe555f20c8e',
    places: 2,
  })
  const leave = await meetingsIn(db).ask(meeting, { person: ids.XB, state: 'asking', word: '外出' })
  const room = await insert(db, rooms, aRoom('三楼会议室', { approval: true }))
  const asked = await insert(db, bookings, {
    room,
    startsAt: shanghai('2026-11-25T09:00'),
    endsAt: shanghai('2026-11-25T10:00'),
    state: 'asked',
    bookedBy: ids.GB,
    bookedAt: at,
    word: '培训',
  })
  const booked = await insert(db, bookings, {
    room,
    startsAt: shanghai('2026-11-26T09:00'),
    endsAt: shanghai('2026-11-26T10:00'),
    state: 'held',
    bookedBy: ids.GB,
    bookedAt: at,
    word: '培训',
  })
  const decision = await insert(db, decisions, {
    ...{
      rev: 1,
      meeting: ended,
      says: '由综治科12月10日前报送方案',
      title: '报送方案',
      lead: ids.CB,
      leadUnit: SECTION,
      assistants: [],
    },
    ...{
      dueAt: shanghai('2026-12-10T17:30'),
      dueSaid: '12月10日前',
      dueSaidAt: at,
      doubts: [],
      madeBy: ids.HW,
      madeAt: at,
    },
  })
  const undated = await insert(db, decisions, {
    ...{
      rev: 1,
      meeting: ended,
      says: '由综治科报送清单',
      title: '报送清单',
      lead: ids.CB,
      leadUnit: SECTION,
      assistants: [],
    },
    ...{ dueAt: null, dueSaid: '', dueSaidAt: null, doubts: [], madeBy: ids.HW, madeAt: at },
  })
  const undatedAsked = await insert(db, decisions, {
    ...{
      rev: 1,
      meeting: ended,
      says: '由综治科报送名册',
      title: '报送名册',
      lead: ids.CB,
      leadUnit: SECTION,
      assistants: [],
    },
    ...{ dueAt: null, dueSaid: '', dueSaidAt: null, doubts: [], madeBy: ids.HW, madeAt: at, askedAt: at },
  })
  await db.insert(meetingMinutes).values({
    meeting: ended,
    rev: 1,
    state: 'draft',
    title: '纪要',
    issuer: '办公室',
    overview: '概况',
    matters: '一',
    remark: '',
    maker: ids.HW,
    ...moved(ids.HW),
  } as never)
  await db.insert(meetingMinutes).values({
    meeting,
    rev: 1,
    state: 'submitted',
    title: '纪要',
    issuer: '办公室',
    overview: '概况',
    matters: '一',
    remark: '',
    maker: ids.HW,
    ...moved(ids.HW),
  } as never)
  const duty = await insert(db, meetingDuties, { meeting, place: 1, what: '摆桌签', owner: ids.HW, minutes: 60 })
  const material = await insert(db, meetingMaterials, {
    meeting,
    state: 'served',
    name: '材料.docx',
    message: 'om_m',
    file: 'f',
    key: 'k',
    maker: ids.HW,
    movedAt: at,
  })
  const newMaterial = await insert(db, meetingMaterials, {
    meeting: null,
    state: 'offered',
    name: '新材料.docx',
    message: 'om_m',
    file: 'f',
    key: 'k',
    maker: ids.HW,
    movedAt: at,
  })
  const series = await insert(db, meetingSeries, {
    rev: 1,
    state: 'active',
    maker: ids.HW,
    unit: '',
    said: '每周一9:00',
    saidAt: at,
    calendarId: '',
    aheadDays: 3,
    first: meeting,
    lastAt: at,
    nextAt: shanghai('2026-11-30T09:00'),
    dueAt: shanghai('2026-11-27T09:00'),
    movedBy: ids.HW,
    movedAt: at,
  })
  const paused = await insert(db, meetingSeries, {
    rev: 1,
    state: 'paused',
    maker: ids.HW,
    unit: '',
    said: '每周一9:00',
    saidAt: at,
    calendarId: '',
    aheadDays: 3,
    first: meeting,
    lastAt: at,
    nextAt: null,
    dueAt: null,
    movedBy: ids.HW,
    movedAt: at,
  })
  const bulletin = (state: string) =>
    insert(db, bulletins, {
      ...{
        rev: 1,
        state,
        unit: '',
        maker: ids.DB,
        createdAt: at,
        period: '2026-10',
        until: at,
        title: '督办通报',
        issuer: '办公室',
      },
      ...{
        figures: [],
        overall: '总体',
        good: '好',
        lagging: '慢',
        problems: '问题',
        demands: '要求',
        chat: '',
      },
      ...moved(ids.DB),
    })
  const publication = (state: string, month: string) =>
    insert(db, carPublications, {
      ...{
        rev: 1,
        state,
        unit: '',
        month,
        title: '用车公示',
        issuer: '办公室',
        remark: '',
        chat: '',
        without: '',
        runs: 0,
        km: 0,
        cents: 0,
        maker: ids.CD,
        createdAt: at,
        until: at,
      },
      ...moved(ids.CD),
    })
  const repair = (state: string, stops = false) =>
    insert(db, carRepairs, {
      ...{
        rev: 1,
        vehicle: idle,
        state,
        fault: '异响',
        stops,
        place: '定点厂',
        estimate: 10000,
        askedBy: ids.CD,
        askedAt: at,
        word: '',
      },
      ...(state === 'approved' ? { decidedBy: ids.BZ, decidedAt: at } : {}),
    })
  const seal = await insert(db, carSeals, {
    vehicle: idle,
    holiday: '元旦',
    from: '2026-11-23',
    until: '2026-11-25',
    place: '大院',
    keysWith: '蒋勇',
    sealedBy: ids.CD,
    sealedAt: at,
    releases: [],
  })
  const cost = await fleet.cost(vehicle, 'fuel', '2026-11-20', 20000, { by: ids.CD, amount: 3000, place: '加油站' })
  const { id: assignment } = await openAssignment(db, {
    assignment: { giver: ids.DB, title: '修好投影仪', chat: '', dueAt: shanghai('2026-11-25T17:30'), createdAt: at },
    shares: [
      {
        assignee: ids.CB,
        place: 0,
        state: 'assigned',
        rev: 1,
        word: '',
        result: '',
        movedBy: ids.DB,
        movedAt: at,
        finishedAt: undefined,
      } as never,
    ],
  })
  const finishedAssignment = (
    await openAssignment(db, {
      assignment: { giver: ids.DB, title: '修好打印机', chat: '', dueAt: shanghai('2026-11-25T17:30'), createdAt: at },
      shares: [
        {
          assignee: ids.CB,
          place: 0,
          state: 'finished',
          rev: 1,
          word: '',
          result: '好了',
          movedBy: ids.CB,
          movedAt: at,
          finishedAt: at,
        } as never,
      ],
    })
  ).id
  await db.execute(`insert into reminders (number, maker, owner, receivers, chat, text, said, said_at, calendar_id, recurring, urgent, next_at, state, source, source_chat) values
    (1, '${ids.DB}', '${ids.DB}', array['${ids.CB}'], '', '交材料', '每天15:00', '2026-11-24T01:00Z', '', true, false, '2026-11-24T07:00Z', 'active', '', ''),
    (2, '${ids.DB}', '${ids.DB}', array['${ids.CB}'], '', '交周报', '每天16:00', '2026-11-24T01:00Z', '', true, false, null, 'paused', '', '')`)
  await db.execute(
    `insert into occurrences (reminder, receiver, due_at, state, fired_at, missed, moved_by) select id, '${ids.CB}', '2026-11-23T07:00Z', 'sent', '2026-11-23T07:00Z', 0, '' from reminders where number = 1`,
  )
  const one = async (from: string) => Number((await rows<{ id: string }>(db, `select id from ${from} limit 1`))[0]?.id)
  await db.execute(
    `insert into notices (year, notice, state, by, at) values (2027, '${JSON.stringify(NOTICE)}', 'draft', '${ids.SY}', '2026-11-24T01:00Z')`,
  )
  await ruleDay(db, '2026-12-31', 'off', ids.SY, at)
  const opened = { openedAt: at, lastAt: at, count: 1, sender: ids.GB, unit: '', rev: 1, word: '', report: '' }
  const alert = await insert(db, secrecyAlerts, { ...opened, state: 'open' })
  const leak = await insert(db, secrecyAlerts, { ...opened, state: 'leaked', remindAt: shanghai('2026-11-24T21:00') })
  const stopped = { at, chat: '', message: '', place: 'text', action: 'return', rules: ['SEC-10'], released: false }
  await insert(db, secrecyStopped, { ...stopped, alert, fingerprints: ['a'] })
  const release = await insert(db, secrecyReleases, {
    ...{ alert: leak, fingerprint: 'b', rules: ['SEC-10'], reason: '已公开', by: ids.BM, at },
  })
  const taskBatch = await insert(db, taskBatches, {
    maker: ids.DB,
    chat: '',
    name: '台账.xlsx',
    state: 'open',
    rows: [],
    remark: '',
    movedAt: at,
  })
  const carBatch = await insert(db, carBatches, {
    maker: ids.CD,
    name: '车辆.xlsx',
    kind: 'vehicle',
    state: 'open',
    rows: [],
    remark: '',
    movedAt: at,
  })
  let made = 0
  const next = (): number => ++made
  let hours = 0
  const nextHour = (): number => hours++
  return {
    ...{
      next,
      nextHour,
      vehicle,
      idle,
      driver,
      sparkDriver,
      meeting,
      ended,
      draft,
      submitted,
      invitation,
      unitInvitation,
      leave,
      room,
      asked,
      booked,
    },
    ...{
      decision,
      undated,
      undatedAsked,
      duty,
      material,
      newMaterial,
      series,
      paused,
      bulletin,
      publication,
      repair,
      seal,
      cost,
      assignment,
      finishedAssignment,
    },
    ...{
      reminder: await one('reminders where number = 1'),
      pausedReminder: await one('reminders where number = 2'),
      occurrence: await one('occurrences'),
      notice: await one("notices where state = 'draft'"),
      deputyship: await one('deputies'),
      alert,
      leak,
      release,
      taskBatch,
      carBatch,
    },
  }
}
export type Matters = Awaited<ReturnType<typeof mattersIn>>

/** A task on which a move works. */
export async function taskFor(db: Db, ids: Ids, move: TaskMove): Promise<number> {
  const roles: Record<string, string> = { DB: ids.DB, BZ: ids.BZ, CB: ids.CB, XB: ids.XB }
  const person = (id: string | undefined) => roles[id ?? ''] ?? id
  const task = readyTask(move, taskFlow.moves[move].from[0] as never)
  const real: Task = {
    ...task,
    ...{
      number: undefined,
      maker: ids.DB,
      lead: ids.CB,
      leadUnit: SECTION,
      movedBy: ids.DB,
      givenBy: person(task.givenBy),
    },
    ...{ finishedBy: person(task.finishedBy), closedBy: person(task.closedBy) },
    checkedBy: move === 'check' ? undefined : person(task.checkedBy),
    petition: task.petition && { ...task.petition, by: person(task.petition.by) ?? '' },
    change: task.change && { ...task.change, by: person(task.change.by) ?? '' },
    assists: task.assists.map(one => ({ ...one, person: ids.XB })),
  }
  return (await openTask(db, real)).id
}

/** A trip on which a move works. */
export async function tripFor(
  db: Db,
  ids: Ids,
  m: Matters,
  move: TripMove,
): Promise<{ trip: number; run: number | undefined }> {
  const state = tripFlow.moves[move].from[0] as never
  const trip = readyTrip(move, state)
  const roles: Record<string, string> = { KZ: ids.KZ, BZ: ids.BZ, FG: ids.FG, AP: ids.GB, PA: ids.GB, CD: ids.CD }
  const fleet = fleetIn(db)
  const vehicle = await fleet.vehicle(`江B${String(m.next()).padStart(5, '0')}`)
  // one after another, for one driver
  const hour = `2026-11-26T${String(m.nextHour() % 24).padStart(2, '0')}`
  const run =
    trip.run === undefined
      ? undefined
      : await fleet.run(vehicle, [`${hour}:00`, `${hour}:50`], {
          driver: m.driver,
          state: (state === 'underway'
            ? 'underway'
            : ['returned', 'completed'].includes(state)
              ? 'back'
              : 'planned') as never,
          ...(state === 'underway' ? { departedAt: at, odometerOut: 100 } : {}),
          ...(['returned', 'completed'].includes(state) ? { km: [100, 150] as [number, number] } : {}),
        })
  const real: Trip = {
    ...trip,
    ...{ number: undefined, applicant: ids.GB, user: ids.GB, passengers: [], unit: SECTION, movedBy: ids.GB, run },
    steps: trip.steps.map(step => ({
      ...step,
      people: step.people.map(id => roles[id] ?? id),
      decision: step.decision && { ...step.decision, by: roles[step.decision.by] ?? step.decision.by },
    })),
  } as Trip
  return { trip: (await openTrip(db, real)).id, run }
}

/** Some value and form with which a press of every action means one of the matters above. */
export async function carriedBy(db: Db, ids: Ids, m: Matters, action: string): Promise<Carried> {
  const [feature, move = ''] = action.split('.')
  const form = {
    ...FORM,
    lead: ids.CB,
    to: ids.CB,
    person: ids.JS,
    people: [ids.CB],
    substitute: ids.GB,
    deputy: ids.GB,
    leader: ids.FG,
    name: '甲',
  }
  if (feature === 'task' && move in taskFlow.moves) {
    const id = await taskFor(db, ids, move as TaskMove)
    return { value: { id, rev: 99, asked: 1 }, form }
  }
  if (feature === 'car' && move in tripFlow.moves) {
    const { trip } = await tripFor(db, ids, m, move as TripMove)
    return {
      value: { id: trip, rev: 99, asked: 1 },
      form: { ...form, vehicle: String(m.idle), driver: String(m.driver), odometer: '120', until: '11月26日18:00' },
    }
  }
  const given = await SAMPLES[action]?.(db, ids, m)
  return { value: { ...given?.value }, form: { ...form, ...given?.form } }
}

const FORM = {
  ...{
    word: '理由',
    word_own: '理由',
    word_office: '理由',
    word_assist: '理由',
    title: '新名称',
    until: '12月10日下班前',
    when: '11月27日9:00-10:00',
    due: '12月10日下班前',
  },
}

const value = (some: Record<string, unknown>, form: Record<string, unknown> = {}) => ({
  value: { rev: 1, ...some },
  form,
})
type Sample = (db: Db, ids: Ids, m: Matters) => Promise<Carried> | Carried

const same = (names: string[], of: Sample) => Object.fromEntries(names.map(name => [name, of]))
const of =
  (pick: (m: Matters) => unknown, form: Record<string, unknown> = {}): Sample =>
  (_db, _ids, m) =>
    value({ id: pick(m) }, form)

const SAMPLES: Record<string, Sample> = {
  'help.run': () => value({ word: '角色', rest: '@赵敏 系统管理员' }),
  'todo.page': () => value({ page: 1 }),
  ...same(['audit.page', 'audit.export'], () => value({ ...NOTHING_ASKED })),
  ...same(['task.assistAccept', 'task.assistUpdate', 'task.assistFinish', 'task.show', 'task.batch'], async (db, ids) =>
    value({ id: await taskFor(db, ids, 'update') }),
  ),
  'task.create': (_db, ids) =>
    value(
      {},
      {
        title: '报送总结',
        leader: '',
        source: 'QT',
        urgency: 'normal',
        frequency: 'once',
        due: '12月7日下班前',
        assistants: [],
        lead: ids.CB,
      },
    ),
  ...same(
    ['task.batch', 'task.draftAll', 'task.dropBatch'],
    of(m => m.taskBatch),
  ),
  'task.export': () => value({}, { from: '2026-11' }),
  ...Object.fromEntries(
    Object.entries({
      bulletinSubmit: 'draft',
      bulletinEdit: 'draft',
      bulletinCancel: 'draft',
      bulletinApprove: 'submitted',
      bulletinRevise: 'submitted',
      bulletinShow: 'issued',
      bulletinFile: 'issued',
    }).map(([move, state]) => [
      `task.${move}`,
      (async (_db, _ids, m) =>
        value(
          { id: await m.bulletin(state) },
          { title: '通报', issuer: '办公室', overall: '总', good: '', lagging: '', problems: '', demands: '' },
        )) satisfies Sample,
    ]),
  ),
  'meeting.create': (_db, ids) =>
    value({}, { ...MEETING, people: [ids.CB], convener: ids.LD, presider: ids.LD, contact: ids.HW }),
  ...same(
    ['meeting.publish', 'meeting.submit', 'meeting.edit'],
    of(m => m.draft),
  ),
  ...same(
    ['meeting.approve', 'meeting.revise'],
    of(m => m.submitted),
  ),
  ...same(
    [
      'meeting.change',
      'meeting.cancel',
      'meeting.finish',
      'meeting.show',
      'meeting.nudge',
      'meeting.unread',
      'meeting.sheet',
      'meeting.signIn',
      'meeting.replies',
      'meeting.code',
      'meeting.day',
      'meeting.arrange',
      'meeting.keepSeats',
      'meeting.duties',
      'meeting.editDuties',
      'meeting.keepDuties',
      'meeting.calendarFile',
      'meeting.takeSlot',
    ],
    (_db, _ids, m) => value({ id: m.meeting, asked: 1 }, { lines: '摆桌签 1小时' }),
  ),
  'meeting.paper': (_db, _ids, m) => value({ id: m.meeting, paper: 'table' }),
  ...same(
    [
      'meeting.decide',
      'meeting.noteDecisions',
      'meeting.decisions',
      'meeting.handDecisions',
      'meeting.askDues',
      'meeting.minutes',
      'meeting.minutesSubmit',
      'meeting.minutesEdit',
      'meeting.minutesFile',
    ],
    of(m => m.ended, { lines: '由综治科12月9日前报送表格' }),
  ),
  ...same(
    ['meeting.minutesApprove', 'meeting.minutesRevise'],
    of(m => m.meeting),
  ),
  ...same(
    ['meeting.editDecision', 'meeting.dropDecision', 'meeting.handDecision'],
    of(m => m.decision, { lead: '陈晨', unit: '综治科' }),
  ),
  ...same(
    ['meeting.proposeDue', 'meeting.openDue'],
    of(m => m.undatedAsked),
  ),
  ...same(
    ['meeting.attend', 'meeting.askLeave', 'meeting.mine', 'meeting.checkIn', 'meeting.reply'],
    of(m => m.invitation),
  ),
  ...same(
    ['meeting.grantLeave', 'meeting.denyLeave', 'meeting.reconsider'],
    of(m => m.leave),
  ),
  'meeting.grantLeaves': (_db, _ids, m) => value({ leaves: `${m.leave}:1` }),
  ...same(
    ['meeting.delegate'],
    of(m => m.leave),
  ),
  ...same(
    ['meeting.name', 'meeting.rename'],
    of(m => m.unitInvitation),
  ),
  ...same(
    ['meeting.roomShow', 'meeting.roomEdit', 'meeting.roomTake'],
    of(m => m.room, { seats: '20' }),
  ),
  'meeting.roomAdd': () => value({}, { name: '八楼会议室', seats: '20' }),
  'meeting.roomState': (_db, _ids, m) => value({ id: m.room, to: 'closed' }),
  ...same(
    ['meeting.bookingGrant', 'meeting.bookingDeny', 'meeting.bookingShow'],
    of(m => m.asked),
  ),
  'meeting.bookingFree': of(m => m.booked),
  ...same(
    ['meeting.showSeries', 'meeting.pauseSeries', 'meeting.terminateSeries'],
    of(m => m.series),
  ),
  'meeting.resumeSeries': of(m => m.paused),
  'meeting.tick': (_db, _ids, m) => value({ id: m.duty, done: 1 }),
  'meeting.keepTemplate': () => value({}, { lines: '摆桌签 1小时' }),
  'meeting.serve': (_db, _ids, m) => value({ id: m.newMaterial, meeting: m.meeting }),
  'meeting.dropMaterial': of(m => m.newMaterial),
  'meeting.switchRules': () => value({}, { on: ['MT-01'] }),
  'meeting.settleReminders': () => value({}, { dayBefore: '16:00', minutesBefore: '15' }),
  'meeting.keepReplySetting': () => value({}, { door: '30', nudge: '2', names: 'on' }),
  'car.create': (_db, ids) => value({}, { ...TRIP, user: ids.GB }),
  ...same(['car.ground', 'car.urgent', 'car.show', 'car.order'], async (db, ids, m) =>
    value({ id: (await tripFor(db, ids, m, 'submit')).trip }),
  ),
  'car.run': async (db, ids, m) => value({ run: (await tripFor(db, ids, m, 'depart')).run }),
  ...same(['car.vehicleShow', 'car.vehicleEdit', 'car.repairForm', 'car.careForm', 'car.careRenew'], (_db, _ids, m) =>
    value(
      { id: m.vehicle, vehicle: m.vehicle, kind: 'vehicle', care: 'inspection' },
      { plate: '江A00001', day: '2027-11-20', category: 'other', model: '帕萨特', seats: '5' },
    ),
  ),
  'car.vehicleAdd': () =>
    value({}, { plate: '江A00009', category: 'other', model: '帕萨特', seats: '5', licence: 'C1', fuel: 'petrol' }),
  'car.vehicleState': (_db, _ids, m) => value({ id: m.vehicle, to: 'repair' }),
  ...same(['car.driverShow', 'car.driverEdit'], (_db, _ids, m) =>
    value({ id: m.driver }, { name: '陈刚', licence: 'A2' }),
  ),
  'car.driverAdd': () => value({}, { name: '新司机', licence: 'A2', phone: '13800000000' }),
  'car.driverState': (_db, _ids, m) => value({ id: m.driver, to: 'left' }),
  ...same(
    ['car.fleetBatch', 'car.fleetKeep', 'car.fleetDrop'],
    of(m => m.carBatch),
  ),
  'car.fleetTemplate': () => value({ kind: 'vehicle' }),
  'car.repairAsk': (_db, _ids, m) =>
    value(
      { id: m.vehicle, vehicle: m.vehicle },
      { fault: '异响', place: '定点厂', estimate: '100', vehicle: String(m.vehicle) },
    ),
  ...same(['car.repairApprove', 'car.repairRefuse', 'car.repairWithdraw', 'car.repairShow'], async (_db, _ids, m) =>
    value({ id: await m.repair('requested') }),
  ),
  'car.repairFinish': async (_db, _ids, m) =>
    value({ id: await m.repair('approved') }, { cost: '100', day: '2026-11-23' }),
  ...same(
    ['car.sealShow', 'car.sealSome', 'car.sealAll', 'car.sealAgain', 'car.releaseForm', 'car.release'],
    (_db, ids, m) =>
      value(
        { id: m.seal, from: '2026-11-23' },
        { cars: [String(m.vehicle)], keys: '蒋勇', place: '大院', seal: String(m.seal), leader: ids.FG, way: 'phone' },
      ),
  ),
  ...same(
    ['car.costShow', 'car.costStrike'],
    of(m => m.cost, { why: '录错' }),
  ),
  'car.cost': (_db, _ids, m) =>
    value(
      {},
      {
        vehicle: String(m.vehicle),
        kind: 'toll',
        cents: '20',
        money: '20',
        on: '2026-11-20',
        day: '2026-11-20',
        amount: '20',
      },
    ),
  'car.costEnter': (_db, _ids, m) =>
    value(
      {},
      {
        vehicle: String(m.vehicle),
        kind: 'toll',
        money: '20',
        on: '2026-11-20',
        day: '2026-11-20',
        amount: '20',
        cost: '20',
      },
    ),
  ...Object.fromEntries(
    Object.entries({
      publicationSubmit: 'draft',
      publicationEdit: 'draft',
      publicationCancel: 'draft',
      publicationApprove: 'submitted',
      publicationRevise: 'submitted',
      publicationIssue: 'approved',
      publicationShow: 'approved',
      publicationFile: 'approved',
    }).map(([move, state]) => [
      `car.${move}`,
      (async (_db, _ids, m) =>
        value(
          { id: await m.publication(state, `${2000 + m.next()}-10`) },
          { title: '公示', issuer: '办公室', remark: '', without: '' },
        )) satisfies Sample,
    ]),
  ),
  'car.switchRules': () => value({}, { on: ['CAR-02'] }),
  ...same(
    ['assign.accept', 'assign.finish', 'assign.return', 'assign.cancel', 'assign.show'],
    of(m => m.assignment),
  ),
  ...same(['assign.confirm', 'assign.redo'], (_db, ids, m) =>
    value({ id: m.finishedAssignment, share: ids.CB, next: 1 }, { word0: '重做' }),
  ),
  'assign.create': (_db, ids) =>
    value({}, { assignees: [ids.CB], people: [ids.CB], title: '修好投影仪', due: '明天下班前' }),
  ...same(
    ['remind.show', 'remind.cancel', 'remind.pause', 'remind.change', 'remind.save'],
    of(m => m.reminder, { time: '明天16:00', text: '交材料' }),
  ),
  'remind.resume': of(m => m.pausedReminder),
  'remind.create': (_db, ids) =>
    value({}, { time: '明天16:00', when: '明天16:00', text: '交材料', people: [ids.CB], receivers: [ids.CB] }),
  ...same(['remind.done', 'remind.later', 'remind.stop', 'remind.refuse'], (_db, _ids, m) =>
    value({ id: m.occurrence, occurrence: m.occurrence }, { until: 'hour' }),
  ),
  'digest.order': () => value({}, { when: '每个工作日 8:30' }),
  'digest.close': () => value({}),
  'mute.quiet': () => value({}, { until: '明天上班' }),
  'mute.end': () => value({}),
  'find.search': () => value({}, { words: '报送' }),
  'feedback.send': () => value({}, { text: '建议' }),
  ...same(
    ['secrecy.release', 'secrecy.breach', 'secrecy.leak', 'secrecy.show'],
    of(m => m.alert, { word: '已公开' }),
  ),
  'secrecy.report': of(m => m.leak, { report: '保报〔2026〕1号' }),
  'secrecy.revoke': of(m => m.release),
  ...same(['secrecy.releases', 'secrecy.rules'], () => value({})),
  'role.withdraw': (_db, ids) => value({ person: ids.DB, role: 'DB' }),
  'role.pick': (_db, ids) => value({ person: ids.nobody, rest: ' 信息员', act: 'grant' }),
  'role.nameDeputy': () => value({}, { period: '12月1日至12月5日' }),
  'role.endDeputy': of(m => m.deputyship),
  ...same(['role.handForm', 'role.handOver'], (_db, ids) => value({ person: ids.CB }, { to: ids.GB })),
  ...same(
    ['holiday.confirm', 'holiday.discard'],
    of(m => m.notice),
  ),
  'holiday.undo': () => value({ day: '2026-12-31' }),
  'settings.hours': () => value({}, { hours: '09:00-12:00,14:00-17:00' }),
  'settings.seasons': () => value({}, { seasons: '07-01至09-30 08:00-12:00,15:00-18:00' }),
  'settings.limits': () => value({}, { most: '3', daily: '20', morning: 'on', empty: 'off' }),
  'settings.words': () => value({}, { words: '' }),
  'settings.content': () => value({}, { sources: '会议议定' }),
  'setup.check': () => value({}),
  'setup.directory': () => value({}),
  'setup.gates': () => value({}),
  'setup.confirmGate': () => value({}, { gate: 'secrecy', ground: '保密委〔2026〕1号' }),
  'setup.open': () => value({}),
  'setup.hush': async db => {
    const since = at.toISOString()
    await keepWatched(
      db,
      {
        ...NOTHING_WATCHED,
        cards: 1,
        incidents: [{ id: 'outbox', mark: '', facts: { count: 3 }, since, toldAt: since, cards: [1] }],
      },
      at,
    )
    return value({ card: 1 })
  },
}

const MEETING = {
  title: '安全生产例会',
  starts: '11月30日14:30',
  ends: '16:00',
  when: '11月30日14:30-16:00',
  place: '三楼会议室',
  kind: 'business',
}
const TRIP = {
  purpose: '调研座谈',
  destination: '区法院',
  startsAt: '11月28日8:30',
  endsAt: '11月28日17:00',
  when: '11月28日8:30-17:00',
  headcount: '3',
  ground: 'survey',
  reach: 'town',
  category: 'other',
  cars: '1',
  phone: '13900000001',
}
