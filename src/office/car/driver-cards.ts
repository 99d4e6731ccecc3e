import {
  type Block,
  type Button,
  bold,
  buttons,
  type Card,
  type Colour,
  card,
  divider,
  type Field,
  fields,
  form,
  note,
  type Option,
  text,
  tint,
} from '../../kit/card.ts'
import { historyBlocks, type Past } from '../../kit/past.ts'
import { formatShort } from '../../kit/time.ts'
import { careWords, dueCares } from './care.ts'
import { DRIVER_LIMITS, type DriverWish } from './driver.ts'
import { driverFaults } from './fitness.ts'
import type { Driver } from './fleet.ts'
import { DRIVER_STATES, type DriverState, LICENCES } from './terms.ts'
import { FLEET_PAGE, type FleetSetting } from './vehicle-cards.ts'

const COLOURS: Record<DriverState, Colour> = { available: 'green', away: 'yellow', left: 'grey' }

/** A page of the roster. */
export function driversCard(rows: Driver[], total: number, page: number, keeps: boolean, setting: FleetSetting): Card {
  const pages = Math.max(Math.ceil(total / FLEET_PAGE), 1)
  const to = (label: string, at: number): Button => ({ label, action: 'car.drivers', value: { page: at } })
  const drawn = card(
    `驾驶员 · ${total}人`,
    'blue',
    ...(rows.length ? rows.flatMap(driver => rowOf(driver, setting)) : [text('还没有登记驾驶员。')]),
    divider,
    note(`第${page + 1}页,共${pages}页`),
    buttons(...(page > 0 ? [to('上一页', page - 1)] : []), ...(page + 1 < pages ? [to('下一页', page + 1)] : [])),
    keeps
      ? buttons(
          { label: '新增司机', action: 'car.driverNew', style: 'primary' },
          { label: '表格模板', action: 'car.fleetTemplate', value: { kind: 'driver' } },
        )
      : undefined,
    keeps ? note('多人可填写表格(.xlsx)私聊发送给我,文件名写“驾驶员”。') : undefined,
  )
  return { ...drawn, summary: `[用车] 驾驶员${total}人` }
}

function rowOf(driver: Driver, setting: FleetSetting): Block[] {
  const { id, name, state, licence, licenceUntil, person } = driver
  const { now } = setting
  const due = dueCares([], [driver], setting)
  return [
    text(
      bold(name),
      ' · ',
      tint(COLOURS[state], DRIVER_STATES[state]),
      ` · ${licence} · 驾驶证至${formatShort(licenceUntil, now)}${person ? '' : ' · 未关联账号'}`,
      ...due.flatMap(one => ['\n', tint(one.step === 'over' ? 'red' : 'yellow', careWords(one, now))]),
    ),
    buttons({ label: '查看', action: 'car.driverShow', value: { id } }),
  ].filter(block => block !== undefined)
}

export interface DriverFacts {
  history: readonly Past[]
  planned: readonly string[]
  keeps: boolean
  /** The department of the account, in words. */
  unit: string
  /** May press 出车 and 回场. */
  mayDrive: boolean
}

/** A driver as whoever keeps the roster sees them, or they themselves; only in private, for it bears a phone. */
export function driverCard(driver: Driver, facts: DriverFacts, setting: FleetSetting): Card {
  const { name, state, phone, licence, licenceUntil, trainedOn, remark, person } = driver
  const { now } = setting
  const unfit = state === 'left' ? [] : driverFaults(driver, driver, { startsAt: now, endsAt: now }, setting)
  const due = state === 'left' ? [] : dueCares([], [driver], setting)
  const isOver = due.some(({ step }) => step === 'over')
  const drawn = card(
    `驾驶员 · ${name}`,
    state === 'left' ? 'grey' : isOver ? 'red' : due.length || state === 'away' ? 'yellow' : 'blue',
    fields(
      ['状态', [tint(COLOURS[state], DRIVER_STATES[state])]],
      ['账号', person ? `${name}${facts.unit ? `(${facts.unit})` : ''}` : '未关联账号,不能在此登记出车、回场'],
      phone ? ['联系电话', phone] : undefined,
      ['准驾车型', licence],
      ['驾驶证有效期', formatShort(licenceUntil, now)],
      state === 'left' ? undefined : ['年度培训日期', trainedOn ? formatShort(trainedOn, now) : '未登记'],
      remark ? ['备注', remark] : undefined,
    ),
    ...due.map(one => text(tint(one.step === 'over' ? 'red' : 'yellow', careWords(one, now)))),
    facts.keeps && person && !facts.mayDrive && state !== 'left'
      ? note(`${name}还没有“驾驶员”角色,不能登记出车、回场,请系统管理员设置:/角色 @${name} 驾驶员`)
      : undefined,
    unfit.length ? text(tint('red', `当前不能派出:${unfit.join('、')}`)) : undefined,
    facts.planned.length ? text(`派车任务:${facts.planned.join(';')}`) : undefined,
    unfit.length && facts.planned.length ? text(tint('red', '驾驶员不能派出,请改派以上任务。')) : undefined,
    ...historyBlocks(facts.history, setting),
    ...(facts.keeps ? controls(driver) : []),
  )
  return { ...drawn, tags: [{ word: DRIVER_STATES[state], colour: COLOURS[state] }], summary: `[用车] 驾驶员${name}` }
}

function controls({ id, rev, state, name }: Driver): Array<Block | undefined> {
  if (state === 'left') return []
  const value = { id, rev }
  const to = (label: string, next: DriverState, more: Partial<Button> = {}): Button => ({
    label,
    action: 'car.driverState',
    value: { ...value, to: next },
    ...more,
  })
  return [
    buttons(
      { label: '修改', action: 'car.driverEdit', value },
      state === 'away' ? to('恢复在岗', 'available') : to('请假', 'away'),
      to('离岗', 'left', {
        style: 'danger',
        confirm: {
          title: '离岗',
          text: `${name}离岗后不再派车,登记的电话、培训日期和备注随即清除,再次上岗须重新登记,确定吗?`,
        },
      }),
    ),
    buttons(
      { label: '登记驾驶证', action: 'car.careForm', value: { kind: 'driver', id, care: 'licence' } },
      { label: '登记培训', action: 'car.careForm', value: { kind: 'driver', id, care: 'training' } },
    ),
  ]
}

/** Somebody without an account. */
export const OUTSIDER = 'outsider'

/** The form for a new driver (`of` undefined) or a known one; its names are those of `DRIVER_COLUMNS`, and `person`. */
export function driverForm(
  wish: DriverWish,
  of: Pick<Driver, 'id' | 'rev'> | undefined,
  people: Option[],
  says?: string,
): Card {
  const input = (name: string, label: string, hint: string, value: string, max: number, required = false): Field => ({
    kind: 'input',
    name,
    label,
    hint,
    value,
    max,
    ...(required ? { required } : {}),
  })
  const options = [{ value: OUTSIDER, label: '无账号人员' }, ...people]
  return {
    ...card(
      of ? `驾驶员 · 修改 · ${wish.name}` : '驾驶员 · 新增',
      'grey',
      says ? text(tint('red', says)) : undefined,
      form(
        'driver',
        [
          input('name', '姓名', '如:陈刚', wish.name, DRIVER_LIMITS.name, true),
          {
            kind: 'choose',
            name: 'person',
            label: '关联账号(不选则按姓名查找)',
            hint: '选择人员',
            options,
            ...(wish.person ? { value: wish.person } : {}),
          },
          input('phone', '联系电话', '如:13900000020', wish.phone, DRIVER_LIMITS.phone),
          {
            kind: 'choose',
            name: 'licence',
            label: '准驾车型',
            options: LICENCES.map(one => ({ value: one, label: one })),
            value: wish.licence,
          },
          input('licenceUntil', '驾驶证有效期至', '如:2031-05-31', wish.licenceUntil, 20, true),
          input('trainedOn', '年度培训日期', '如:2026-03-12', wish.trainedOn ?? '', 20),
          input('remark', '备注(可不填)', '', wish.remark, DRIVER_LIMITS.remark),
        ],
        [
          {
            label: of ? '保存' : '登记',
            action: of ? 'car.driverEdit' : 'car.driverAdd',
            style: 'primary',
            ...(of ? { value: { id: of.id, rev: of.rev } } : {}),
          },
        ],
      ),
    ),
    summary: '[用车] 请填写驾驶员信息',
  }
}
