import { type Block, type Card, card, type Field, fields, form, note } from '../../kit/card.ts'
import { Refusal } from '../../kit/refusal.ts'
import { namesIn, offText, type RuleDesk, ruleFolds, switchesForm, thresholdsForm } from '../../kit/rule-cards.ts'
import { halfWidth } from '../../kit/text.ts'
import { PROVINCES } from './places.ts'
import { FIRM, POINTS, type Point, RULES, type RuleId, ruleOf } from './rule-book.ts'
import { type RuleSetting, THRESHOLDS, type Threshold } from './rule-setting.ts'

const IDS = Object.keys(RULES) as RuleId[]

export const DESK: RuleDesk<RuleId, Threshold> = {
  ...{ title: '用车规则', feature: 'car', prefix: 'CAR', example: 'CAR-21、CAR-28', keepers: '审批人和车管员' },
  ...{ rules: RULES, firm: FIRM, thresholds: THRESHOLDS },
  groups: (Object.keys(POINTS) as Point[]).map(point => ({
    title: POINTS[point],
    ids: IDS.filter(id => ruleOf(id).at[0] === point),
  })),
}

/** What the office has settled about its rules, with a form for each part of it. */
export function rulesCard(setting: RuleSetting): Card {
  return card(
    DESK.title,
    'blue',
    fields(
      ['关闭的规则', offText(DESK, setting)],
      ['公务交通补贴', setting.subsidised ? '本单位人员享受' : '本单位人员不享受'],
      ['所在地', [setting.province, setting.city].filter(name => name !== '').join('') || '未设置'],
    ),
    ...ruleFolds(DESK, setting),
    switchesForm(DESK, setting),
    thresholdsForm(DESK, setting.thresholds),
    places(setting),
    note('关闭、调整的规则自保存时起适用于此后的申请和派车;未设置所在地时,只按申请人所选的出行范围审批。'),
  )
}

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
    [{ label: '保存所在地', action: 'car.placeRules', style: 'primary' }],
  )
}

const PLACE_LENGTH = 20
const LIST_LENGTH = 1_000
const MOST_NAMES = 100

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
