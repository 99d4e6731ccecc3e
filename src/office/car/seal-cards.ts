import { nameOf } from '../../kit/acted.ts'
import {
  type Block,
  type Button,
  bold,
  buttons,
  type Card,
  card,
  divider,
  type Field,
  form,
  note,
  type Option,
  text,
  tint,
} from '../../kit/card.ts'
import { shorten } from '../../kit/text.ts'
import { clockOf, dayIn, formatInstant, formatShort } from '../../kit/time.ts'
import type { Vehicle } from './fleet.ts'
import { isShut, SEAL_LIMITS, type Seal, spanWords } from './seal.ts'
import { CONSENTS } from './terms.ts'
import type { Setting } from './trip.ts'
import { kilometresText } from './vehicle.ts'

/** One drive in the time of the holiday. */
export interface Driven {
  vehicle: number
  departedAt: Date
  returnedAt: Date | undefined
  kilometres: number | undefined
  numbers: readonly string[]
}

/** A holiday's vehicles as they are. */
export interface Sealing {
  title: string
  from: string
  until: string
  /** Until when all are to be put away. */
  dueAt: Date
  /** Over: what was out is told. */
  isOver: boolean
  /** Those that are to be put away, by plate, with what was put down of them. */
  cars: ReadonlyArray<{ vehicle: Vehicle; seal: Seal | undefined; planned: readonly string[] }>
  /** Kept for duty and emergencies. */
  onDuty: readonly Vehicle[]
  driven: readonly Driven[]
}

/** The list of a holiday, as whoever may look at it sees it. */
export function sealCard(sealing: Sealing, keeps: boolean, setting: Pick<Setting, 'now' | 'names'>): Card {
  const { title, cars, onDuty, isOver, from, until } = sealing
  const left = cars.filter(({ seal }) => seal === undefined)
  const out = cars.filter(({ seal }) => seal !== undefined && !isShut(seal) && !isOver)
  const isLate = left.length > 0 && setting.now > sealing.dueAt
  const colour = isOver ? 'grey' : isLate ? 'red' : left.length || out.length ? 'yellow' : 'green'
  const drawn = card(
    `车辆封存 · ${title}`,
    colour,
    text(isOver ? summaryAfter(sealing) : noticeOf(sealing)),
    note(`${title}假期:${spanWords({ from, until }, setting.now)}`),
    isOver ? undefined : text(`应封存${cars.length}辆,已封存${cars.length - left.length - out.length}辆。`),
    ...(isOver
      ? drivenBlocks(sealing, setting.now)
      : [...leftBlocks(left, isLate), ...sealedBlocks(cars, keeps, setting)]),
    onDuty.length ? note(`值班和应急车辆保留:${platesOf(onDuty)}`) : undefined,
    ...(keeps && !isOver ? controls(sealing, left, cars) : []),
  )
  return { ...drawn, summary: `[用车] ${title}车辆封存` }
}

const platesOf = (vehicles: readonly Vehicle[]): string =>
  `${vehicles
    .slice(0, MOST_SHOWN)
    .map(({ plate }) => plate)
    .join('、')}${vehicles.length > MOST_SHOWN ? `等${vehicles.length}辆` : ''}`

/** domain.md 12.1, 车辆封存. */
const noticeOf = ({ title, dueAt }: Pick<Sealing, 'title' | 'dueAt'>): string =>
  `【车辆封存】${title}假期将至。请于${formatInstant(dueAt)}前完成公务用车封存,登记停放地点,收缴钥匙;值班和应急车辆按安排保留。`

/** CAR-18. */
export const SEAL_NOW = '请于放假前完成车辆封存,登记停放地点并收缴钥匙。'

/** The report after a holiday, conclusion first. */
function summaryAfter({ title, cars, onDuty, driven }: Sealing): string {
  const sealed = cars.filter(({ seal }) => seal !== undefined).length
  const length = driven.reduce((sum, { kilometres = 0 }) => sum + kilometres, 0)
  const gone = driven.length ? `出车${driven.length}次,共${kilometresText(length)}` : '没有出车'
  const missing = cars.length - sealed
  return `${title}假期封存车辆${sealed}辆${missing ? `,未登记封存${missing}辆` : ''},保留值班应急车辆${onDuty.length}辆;期间${gone}。特此报告。`
}

const MOST_DRIVEN = 20

function drivenBlocks({ cars, onDuty, driven }: Sealing, now: Date): Block[] {
  const plates = new Map([...cars.map(({ vehicle }) => vehicle), ...onDuty].map(({ id, plate }) => [id, plate]))
  const lines = driven.slice(0, MOST_DRIVEN).map(({ vehicle, departedAt, returnedAt, kilometres, numbers }) => {
    const back = returnedAt
      ? dayIn(returnedAt) === dayIn(departedAt)
        ? clockOf(returnedAt)
        : formatShort(returnedAt, now)
      : '未回场'
    const parts = [
      `${formatShort(departedAt, now)}至${back}`,
      kilometres === undefined ? '里程未登记' : kilometresText(kilometres),
      numbers.join('、') || '无派车单号',
    ]
    return text(bold(plates.get(vehicle) ?? '其他车辆'), ` · ${parts.join(' · ')}`)
  })
  const released = cars.flatMap(({ vehicle, seal }) => (seal?.releases ?? []).map(release => ({ vehicle, release })))
  return [
    ...lines,
    ...(driven.length > MOST_DRIVEN ? [note(`另有${driven.length - MOST_DRIVEN}次,请看车辆台账`)] : []),
    ...released.map(({ vehicle, release }) =>
      note(`${vehicle.plate} ${formatShort(release.at, now)}启用:${release.word}`),
    ),
  ]
}

type Cars = Sealing['cars']

function leftBlocks(left: Cars, isLate: boolean): Block[] {
  if (!left.length) return []
  return [
    text(tint(isLate ? 'red' : 'yellow', `未封存${left.length}辆。${SEAL_NOW}`)),
    ...left
      .slice(0, MOST_SHOWN)
      .map(({ vehicle, planned }) =>
        text(
          bold(vehicle.plate),
          ` · ${vehicle.model || '未填型号'} · ${vehicle.home || '未定停放地点'}`,
          planned.length ? `\n假期派车任务:${planned.join(';')}` : '',
        ),
      ),
    ...(left.length > MOST_SHOWN ? [note(`另有${left.length - MOST_SHOWN}辆`)] : []),
  ]
}

const MOST_SHOWN = 12
/** As many as a card holds beside the rest; 全部封存 takes them all. */
const MOST_CHOICES = 40

/** Those first that are out. */
function sealedBlocks(cars: Cars, keeps: boolean, setting: Pick<Setting, 'now' | 'names'>): Block[] {
  const all = cars.flatMap(({ vehicle, seal }) => (seal ? [{ vehicle, seal }] : []))
  const sorted = [...all.filter(({ seal }) => !isShut(seal)), ...all.filter(({ seal }) => isShut(seal))]
  const more = sorted.length - MOST_SHOWN
  return [
    ...sorted.slice(0, MOST_SHOWN).flatMap(({ vehicle, seal }) => sealedRow(vehicle, seal, keeps, setting)),
    ...(more > 0 ? [note(`另有${more}辆已封存`)] : []),
  ]
}

function sealedRow(
  vehicle: Vehicle,
  seal: Seal,
  keeps: boolean,
  { now, names }: Pick<Setting, 'now' | 'names'>,
): Block[] {
  const release = seal.releases.at(-1)
  const isAway = release !== undefined && !isShut(seal)
  const said = isAway
    ? [
        tint('yellow', '已启用'),
        ` · ${formatShort(release.at, now)} ${nameOf(release.consentedBy, names)}${CONSENTS[release.way]},事由:${shorten(release.word, 60)}`,
      ]
    : [tint('green', '已封存'), ` · ${seal.place} · 钥匙:${seal.keysWith} · ${formatShort(seal.sealedAt, now)}`]
  const again: Button = { label: '重新封存', action: 'car.sealAgain', value: { id: seal.id } }
  return [text(bold(vehicle.plate), ' · ', ...said), keeps && isAway ? buttons(again) : undefined].filter(
    block => block !== undefined,
  )
}

function controls({ from }: Sealing, left: Cars, cars: Cars): Array<Block | undefined> {
  const shut = cars.some(({ seal }) => seal !== undefined && isShut(seal))
  const inputs: Field[] = [
    {
      kind: 'people',
      name: 'cars',
      label: '封存车辆(全部封存的不选)',
      hint: '选择车辆',
      options: left.slice(0, MOST_CHOICES).map(({ vehicle }) => ({ value: String(vehicle.id), label: vehicle.plate })),
    },
    { kind: 'input', name: 'place', label: '停放地点(不填为各车固定停放地点)', max: SEAL_LIMITS.place },
    { kind: 'input', name: 'keys', label: '钥匙保管人', hint: '如:蒋勇', max: SEAL_LIMITS.keysWith, required: true },
  ]
  return [
    divider,
    left.length
      ? form('seal', inputs, [
          { label: '封存所选', action: 'car.sealSome', style: 'primary', value: { from } },
          { label: `全部封存(${left.length}辆)`, action: 'car.sealAll', value: { from } },
        ])
      : undefined,
    shut ? buttons({ label: '启用封存车辆', action: 'car.releaseForm', value: { from } }) : undefined,
  ]
}

const MOST_RELEASED = 120

/** 启用: only with the duty leader's consent, which is put down with what it is for. */
export function releaseForm(title: string, from: string, sealed: Option[], leaders: Option[]): Card {
  return card(
    `启用封存车辆 · ${title}`,
    'grey',
    note('封存车辆须经值班领导同意方可启用,登记后通知该领导。'),
    form(
      'release',
      [
        { kind: 'choose', name: 'seal', label: '车辆', hint: '选择车辆', options: sealed.slice(0, MOST_RELEASED) },
        { kind: 'choose', name: 'leader', label: '同意的值班领导', hint: '选择领导', options: leaders },
        {
          kind: 'choose',
          name: 'way',
          label: '同意方式',
          options: Object.entries(CONSENTS).map(([value, label]) => ({ value, label })),
          value: 'phone',
        },
        {
          kind: 'input',
          name: 'word',
          label: '用车事由',
          hint: '如:防汛应急处置',
          max: SEAL_LIMITS.word,
          lines: 2,
          required: true,
        },
      ],
      [{ label: '登记启用', action: 'car.release', style: 'primary', value: { from } }],
    ),
  )
}

export const noSealing = (words: string): Card => card('车辆封存', 'grey', text(words))
