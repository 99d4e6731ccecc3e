import { type Block, bold, type Card, card, type Field, fields, fold, form, note, text } from '../../kit/card.ts'
import { Refusal } from '../../kit/refusal.ts'
import { halfWidth } from '../../kit/text.ts'
import { PROVINCES } from './places.ts'
import { FIRM, isOn, POINTS, type Point, RULES, type Rule, type RuleId, ruleOf } from './rule-book.ts'
import { type RuleSetting, THRESHOLDS, type Threshold } from './rule-setting.ts'

const IDS = Object.keys(RULES) as RuleId[]
const NAMES = Object.keys(THRESHOLDS) as Threshold[]
const SEVERITIES = { F: '禁止', A: '加签', W: '提示' } as const

/** What the office has settled about its rules, with a form for each part of it. */
export function rulesCard(setting: RuleSetting): Card {
  const off = offAmong(setting)
  return card(
    '用车规则',
    'blue',
    fields(
      ['关闭的规则', off.length ? off.map(id => `${id}${ruleOf(id).title}`).join('、') : '无'],
      ['公务交通补贴', setting.subsidised ? '本单位人员享受' : '本单位人员不享受'],
      ['所在地', [setting.province, setting.city].filter(name => name !== '').join('') || '未设置'],
    ),
    ...(Object.keys(POINTS) as Point[])
      .filter(point => at(point).length > 0)
      .map(point =>
        fold(`${POINTS[point]}(${at(point).length}条)`, ...at(point).map(id => told(id, ruleOf(id), setting))),
      ),
    switches(off),
    thresholds(setting),
    places(setting),
    note('关闭、调整的规则自保存时起适用于此后的申请和派车;未设置所在地时,只按申请人所选的出行范围审批。'),
  )
}

const offAmong = (setting: RuleSetting): RuleId[] => IDS.filter(id => !isOn(id, setting))

const at = (point: Point): RuleId[] => IDS.filter(id => ruleOf(id).at[0] === point)

function told(id: RuleId, { title, severity, words, basis }: Rule, setting: RuleSetting): Block {
  const state = FIRM.includes(id) ? '(不可关闭)' : isOn(id, setting) ? '' : '(已关闭)'
  const mark = severity.map(one => SEVERITIES[one]).join('或')
  return text(bold(`${id} ${title}${state}`), `〔${mark}〕${words}${basis ? `依据:${basis}。` : ''}`)
}

const save = (label: string, action: string) => ({ label, action: `car.${action}`, style: 'primary' as const })

const switches = (off: readonly RuleId[]): Block =>
  form(
    'switches',
    [
      {
        ...{ kind: 'input', name: 'off', label: '关闭的规则(编号,以顿号分隔;不填为全部启用)' },
        ...{ hint: 'CAR-21、CAR-28', value: off.join('、'), max: 400 },
      },
    ],
    [save('保存开关', 'switchRules')],
  )

const thresholds = (setting: RuleSetting): Block =>
  form(
    'thresholds',
    NAMES.map(
      (name): Field => ({
        ...{ kind: 'input', name, label: `${THRESHOLDS[name].rule} ${THRESHOLDS[name].label}` },
        ...{ hint: String(THRESHOLDS[name].usual), value: String(setting.thresholds[name]), max: 5 },
      }),
    ),
    [save('保存阈值', 'measureRules')],
  )

function places({ province, city, towns, stations, workshops, subsidised }: RuleSetting): Block {
  const input = (name: string, label: string, hint: string, value: string, max: number): Field => ({
    ...{ kind: 'input', name, label, hint, value, max },
  })
  return form(
    'places',
    [
      input('province', '本省', '湖南', province, PLACE_LENGTH),
      input('city', '本市', '长沙', city, PLACE_LENGTH),
      input('towns', '本市区县等地名(以顿号分隔)', '东湖区、西山区', towns.join('、'), LIST_LENGTH),
      input('stations', '定点加油站(以顿号分隔;不填为不核对)', '城南加油站', stations.join('、'), LIST_LENGTH),
      input('workshops', '定点维修单位(以顿号分隔;不填为不核对)', '江州汽修厂', workshops.join('、'), LIST_LENGTH),
      {
        ...{ kind: 'choose', name: 'subsidised', label: '公务交通补贴', value: subsidised ? 'on' : 'off' },
        options: [
          { value: 'on', label: '本单位人员享受' },
          { value: 'off', label: '本单位人员不享受' },
        ],
      },
    ],
    [save('保存所在地', 'placeRules')],
  )
}

const PLACE_LENGTH = 20
const LIST_LENGTH = 1_000
const MOST_NAMES = 100

/** Asked before rules that forbid by law are switched off. */
export function confirmOffCard(off: readonly RuleId[], byLaw: readonly RuleId[]): Card {
  return card(
    '关闭用车规则',
    'yellow',
    text('以下规则有明确依据,关闭后仍须由审批人和车管员把关,请确认:'),
    ...byLaw.map(id => text(`${id} ${ruleOf(id).title}:${ruleOf(id).words}依据:${ruleOf(id).basis ?? ''}。`)),
    {
      kind: 'buttons',
      buttons: [
        { label: '仍要关闭', action: 'car.switchRulesAnyway', value: { off: off.join(',') }, style: 'danger' },
        { label: '返回', action: 'car.rules' },
      ],
    },
  )
}

/** Those that are switched off anew although a law stands behind what they forbid. */
export const byLawAmong = (off: readonly RuleId[], setting: RuleSetting): RuleId[] =>
  off.filter(id => isOn(id, setting) && ruleOf(id).severity.includes('F') && ruleOf(id).basis !== undefined)

const namesIn = (typed: string): string[] => [
  ...new Set(
    halfWidth(typed)
      .split(/[、,;\s]+/)
      .filter(name => name !== ''),
  ),
]

/** @throws Refusal naming what is no rule, or a rule that cannot be switched off. */
export function readOff(typed: string): RuleId[] {
  const ids = namesIn(typed).map(name => {
    const [, digits] = /^(?:CAR-?)?(\d{1,2})$/i.exec(name) ?? []
    const id = IDS.find(one => digits !== undefined && one === `CAR-${digits.padStart(2, '0')}`)
    if (!id) throw new Refusal(`没有编号为“${name.slice(0, 20)}”的规则`, 'CAR-21、CAR-28')
    if (FIRM.includes(id)) throw new Refusal(`${id}(${ruleOf(id).title})不可关闭`)
    return id
  })
  return IDS.filter(id => ids.includes(id))
}

/** @throws Refusal naming the figure that is out of bounds. */
export function readThresholds(typed: (name: string) => string): RuleSetting['thresholds'] {
  const read = NAMES.map(name => {
    const { label, least, greatest } = THRESHOLDS[name]
    const words = halfWidth(typed(name)).trim()
    const figure = Number(words)
    if (words === '' || !Number.isInteger(figure) || figure < least || figure > greatest)
      throw new Refusal(`${label}请填写${least}至${greatest}之间的整数`)
    return [name, figure] as const
  })
  return Object.fromEntries(read) as Record<Threshold, number>
}

type Places = Pick<RuleSetting, 'province' | 'city' | 'towns' | 'stations' | 'workshops' | 'subsidised'>

/** @throws Refusal where 本省 is none that exists, or a list is too long. */
export function readPlaces(typed: (name: string) => string): Places {
  const place = (name: string) => halfWidth(typed(name)).trim().slice(0, PLACE_LENGTH)
  const list = (name: string) => {
    const names = namesIn(typed(name))
    if (names.length > MOST_NAMES) throw new Refusal(`每项最多填写${MOST_NAMES}个名称`)
    return names
  }
  const province = place('province')
  if (province !== '' && !Object.keys(PROVINCES).some(name => province.startsWith(name)))
    throw new Refusal(`未找到省份“${province}”`, '湖南')
  return {
    ...{ province, city: place('city'), towns: list('towns'), stations: list('stations') },
    ...{ workshops: list('workshops'), subsidised: typed('subsidised') !== 'off' },
  }
}
