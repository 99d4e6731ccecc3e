import { type Block, type Button, type Card, card, type Field, form, note, text, type Value } from '../../kit/card.ts'
import { Refusal } from '../../kit/refusal.ts'
import { COST_LIMITS, type CostEntry, WAYS } from './cost-form.ts'
import { momentOf, readMoment } from './form.ts'
import { type Correction, type FullRun, fromTo, numbersOf, type Reading, type Return, RUN_LIMITS } from './run.ts'
import { LIMITS, numberText, type Trip } from './trip.ts'

type Form = Record<string, unknown>

/** Which run a press means, as it was seen. */
const runValue = ({ run }: Pick<FullRun, 'run'>) => ({ run: run.id, rev: run.rev })
const odometer = (name: string, label: string, value?: number): Field => ({
  kind: 'input',
  name,
  label,
  required: true,
  max: 9,
  ...(value === undefined ? {} : { value: String(value) }),
})
const REMARK: Field = {
  kind: 'input',
  name: 'remark',
  label: '说明',
  hint: '读数异常等须说明;可不填',
  max: LIMITS.word,
}

/** 出车. The reading stands there already. */
export const departForm = (full: FullRun): Block =>
  form(
    'depart',
    [
      odometer('odometer', '出车里程表读数(公里)', full.vehicle.odometer),
      { kind: 'moment', name: 'at', label: '出车时间', hint: '不填为现在' },
      REMARK,
    ],
    [{ label: '出车', action: 'car.depart', value: runValue(full), style: 'primary' }],
  )

export const readReading = (said: Form, now: Date): Reading => ({
  odometer: kilometresIn(said.odometer),
  at: momentIn(said.at) ?? now,
  remark: wordIn(said.remark, LIMITS.word, '说明'),
})

/** 回场, with what the driver paid on the way. */
export const arriveForm = (full: FullRun): Block =>
  form(
    'arrive',
    [
      { ...odometer('odometer', '回场里程表读数(公里)'), hint: `出车读数${full.run.odometerOut}` } as Field,
      { kind: 'moment', name: 'at', label: '回场时间', hint: '不填为现在' },
      {
        kind: 'input',
        name: 'route',
        label: '实际行程',
        value: routeOf(full),
        lines: 2,
        max: RUN_LIMITS.route,
      },
      {
        kind: 'input',
        name: 'parkedAt',
        label: '停放地点',
        value: full.vehicle.home,
        required: true,
        max: RUN_LIMITS.place,
      },
      ...paidFields(full),
      REMARK,
    ],
    [{ label: '回场', action: 'car.arrive', value: runValue(full), style: 'primary' }],
  )

const PAID = { toll: '过路费(元)', parking: '停车费(元)', fuel: '加油费(元)', litres: '加油量(升)' } as const

/** How the petrol was paid, and where (CAR-37). */
const FILLING: Field[] = [
  { kind: 'input', name: 'station', label: '加油站', hint: '加油的填写', max: COST_LIMITS.place },
  {
    kind: 'choose',
    name: 'way',
    label: '加油支付方式',
    options: Object.entries(WAYS).map(([value, label]) => ({ value, label })),
    value: 'card',
  },
  { kind: 'input', name: 'fuelCard', label: '加油卡号', hint: '用加油卡的填写', max: COST_LIMITS.fuelCard },
]

/** Nobody fills up a car that has no tank. */
const paidFields = ({ vehicle }: FullRun): Field[] => {
  const names = (Object.keys(PAID) as Array<keyof typeof PAID>).filter(
    name => vehicle.fuel !== 'electric' || name === 'toll' || name === 'parking',
  )
  const paid = names.map((name): Field => ({ kind: 'input', name, label: PAID[name], hint: '可不填', max: 10 }))
  return vehicle.fuel === 'electric' ? paid : [...paid, ...FILLING]
}

const routeOf = ({ trips }: FullRun): string =>
  [
    ...new Set(
      trips.map(({ origin, via, destination }) => [origin, via, destination].filter(place => place !== '').join('—')),
    ),
  ]
    .join(';')
    .slice(0, RUN_LIMITS.route)

export const readReturn = (said: Form, now: Date): Return => ({
  ...readReading(said, now),
  route: wordIn(said.route, RUN_LIMITS.route, '实际行程'),
  parkedAt: wordIn(said.parkedAt, RUN_LIMITS.place, '停放地点'),
})

/** What was paid on the way; when, and by which reading, the return tells. */
export type Paid = Omit<CostEntry, 'on' | 'odometer'>

export function readCosts(said: Form): Paid[] {
  const litres = amountIn(said.litres, '加油量', RUN_LIMITS.litres)
  const bare = { amount: undefined, place: '', fuelCard: '', cash: false, remark: '' }
  const costs = (['toll', 'parking', 'fuel'] as const).flatMap((kind): Paid[] => {
    const cents = amountIn(said[kind], PAID[kind], RUN_LIMITS.yuan)
    return cents ? [{ ...bare, kind, cents, ...(kind === 'fuel' ? fillingIn(said, litres) : {}) }] : []
  })
  const isFilled = costs.some(({ kind }) => kind === 'fuel')
  if (litres && !isFilled) throw new Refusal('填写了加油量,请同时填写加油费')
  if (isFilled && !litres) throw new Refusal('填写了加油费,请同时填写加油量')
  return costs
}

const fillingIn = (said: Form, amount: number | undefined) => ({
  amount,
  place: wordIn(said.station, COST_LIMITS.place, '加油站'),
  fuelCard: wordIn(said.fuelCard, COST_LIMITS.fuelCard, '加油卡号'),
  cash: said.way === 'cash',
})

export const correctCard = (full: FullRun): Card =>
  asking(
    `更正里程 · ${numbersOf(full)}`,
    text(`${full.vehicle.plate}:原出车读数${full.run.odometerOut}公里,${backWords(full)}。`),
    [
      odometer('odometerOut', '出车里程表读数(公里)', full.run.odometerOut),
      ...(full.run.state === 'out' ? [] : [odometer('odometerIn', '回场里程表读数(公里)', full.run.odometerIn)]),
      reason('更正的理由'),
    ],
    { label: '更正里程', action: 'car.correct', value: { ...runValue(full), asked: 1 } },
  )

const backWords = ({ run }: FullRun): string => (run.state === 'out' ? '尚未回场' : `回场读数${run.odometerIn}公里`)

/** Of a car that is out only the reading with which it left. */
export const readCorrection = (said: Form, { run }: Pick<FullRun, 'run'>): Correction => ({
  odometerOut: kilometresIn(said.odometerOut),
  odometerIn: run.state === 'out' ? undefined : kilometresIn(said.odometerIn),
  word: wordIn(said.word, LIMITS.word, '理由'),
})

/** 调整返回时间 of one trip; `now` tells the year. */
export const rescheduleCard = (trip: Trip, value: Value, now: Date): Card =>
  asking(
    `调整返回时间 · ${trip.number ? numberText(trip.number) : ''}`,
    text(`计划:${fromTo(trip, now)}。`),
    [
      {
        kind: 'moment',
        name: 'until',
        label: '新的返回时间',
        value: momentOf(trip.endsAt),
      },
      reason('延长或缩短的理由'),
    ],
    { label: '调整返回时间', action: 'car.reschedule', value: { ...value, id: trip.id, asked: 1 } },
  )

export function readReschedule(said: Form): { until: Date; word: string } {
  const until = momentIn(said.until)
  if (!until) throw new Refusal('请选择新的返回时间')
  return { until, word: wordIn(said.word, LIMITS.word, '理由') }
}

/** 登记爽约 of one of those that were to ride. */
export const missCard = (some: readonly Trip[], value: Value, now: Date): Card =>
  asking(
    '登记爽约',
    text(`${some.map(trip => `${nameAndWay(trip, now)}`).join(';')}。登记后车辆和驾驶员可另行派出。`),
    [
      ...(some.length > 1
        ? [
            {
              kind: 'choose',
              name: 'trip',
              label: '哪一项未成行',
              required: true,
              options: some.map(trip => ({ value: String(trip.id), label: nameAndWay(trip, now) })),
            } satisfies Field,
          ]
        : []),
      reason('爽约情况'),
    ],
    { label: '登记爽约', action: 'car.miss', value: { ...value, asked: 1 }, style: 'danger' },
  )

const nameAndWay = (trip: Trip, now: Date): string =>
  `${trip.number ? numberText(trip.number) : ''} ${fromTo(trip, now)}前往${trip.destination}`.trim()

export const readWord = (said: Form): string => wordIn(said.word, LIMITS.word, '说明')

const reason = (label: string): Field => ({
  kind: 'input',
  name: 'word',
  label,
  required: true,
  lines: 2,
  max: LIMITS.word,
})

const asking = (title: string, facts: Block, fields: Field[], button: Button): Card =>
  card(
    title,
    'blue',
    facts,
    form('asked', fields, [{ style: 'primary', ...button }]),
    note('不需要办理的,可不理会此卡片。'),
  )

/** What a date-time picker says; nothing = undefined. */
function momentIn(said: unknown): Date | undefined {
  const picked = typeof said === 'string' ? said.trim() : ''
  const at = readMoment(picked)
  if (picked !== '' && !at) throw new Refusal('未能识别时间,请重新选择')
  return at
}

function kilometresIn(said: unknown): number {
  const digits = typeof said === 'string' ? said.trim().replace(/\s*(公里|km)$/i, '') : ''
  if (!/^\d{1,7}$/.test(digits) || Number(digits) > RUN_LIMITS.odometer)
    throw new Refusal('里程表读数请填写整公里数,例如:35210')
  return Number(digits)
}

/** Hundredths of what was typed with at most two decimals; nothing = undefined. */
function amountIn(said: unknown, label: string, most: number): number | undefined {
  const typed = typeof said === 'string' ? said.trim() : ''
  if (typed === '') return undefined
  if (!/^\d{1,6}(\.\d{1,2})?$/.test(typed) || Number(typed) > most)
    throw new Refusal(`${label}请填写${most}以内的数,最多两位小数`)
  return Math.round(Number(typed) * 100) || undefined
}

function wordIn(said: unknown, most: number, label: string): string {
  const word = typeof said === 'string' ? said.trim() : ''
  if (word.length > most) throw new Refusal(`${label}请控制在${most}字以内`)
  return word
}

export const isFilled = (said: Form, name: string): boolean => typeof said[name] === 'string' && said[name] !== ''
