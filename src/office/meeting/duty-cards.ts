import { nameOf } from '../../kit/acted.ts'
import { type Block, bold, buttons, type Card, card, form, note, text, tint } from '../../kit/card.ts'
import { addWorkdays, clockOf, formatShort, toInstant } from '../../kit/time.ts'
import type { Meeting, Setting } from './meeting.ts'
import { headOf } from './notice.ts'
import { chargeLine, DUTIES, type Duty, type Item, itemLine } from './prepare.ts'

const DAY = 1_440

/**
 * When it is due: so long before the meeting as that is held now, whole days as workdays. What would have been due before anybody
 * was asked to the meeting is due when it begins.
 */
export function dueOf(
  meeting: Pick<Meeting, 'startsAt' | 'notifiedAt'>,
  duty: Pick<Duty, 'minutes'>,
  setting: Pick<Setting, 'customs'>,
): Date {
  const dueAt = aheadOf(meeting, duty, setting)
  return meeting.notifiedAt && dueAt <= meeting.notifiedAt ? meeting.startsAt : dueAt
}

function aheadOf(
  { startsAt }: Pick<Meeting, 'startsAt'>,
  { minutes }: Pick<Duty, 'minutes'>,
  { customs }: Pick<Setting, 'customs'>,
): Date {
  if (minutes === 0 || minutes % DAY > 0) return new Date(startsAt.getTime() - minutes * 60_000)
  return new Date(toInstant(addWorkdays(startsAt, -minutes / DAY, customs.calendar), clockOf(startsAt)))
}

/** `准备清单 已完成2项,共6项`. */
export function duties(some: readonly Duty[]): Block {
  const done = some.filter(({ doneAt }) => doneAt).length
  return text(bold('准备清单'), some.length ? ` 已完成${done}项,共${some.length}项` : ' 尚未拟定')
}

/** The list, with what `viewer` may tick; `organises`: may change it too. */
export function dutiesCard(
  meeting: Meeting,
  some: readonly Duty[],
  viewer: { ids: readonly string[]; organises: boolean },
  setting: Setting,
): Card {
  const isOn = meeting.state !== 'cancelled'
  const drawn = card(
    '会议 · 准备清单',
    'blue',
    text(bold(headOf(meeting, setting))),
    duties(some),
    ...some.flatMap(duty => [
      line(meeting, duty, setting),
      ...(isOn && (viewer.organises || viewer.ids.includes(duty.owner)) ? tick(duty) : []),
    ]),
    viewer.organises && isOn
      ? buttons({
          label: some.length ? '修改清单' : '拟定清单',
          action: 'meeting.editDuties',
          value: { id: meeting.id },
        })
      : undefined,
  )
  return { ...drawn, summary: `[会议] 准备清单:${meeting.title}` }
}

function line(meeting: Meeting, duty: Duty, setting: Setting): Block {
  const { now, names } = setting
  const dueAt = dueOf(meeting, duty, setting)
  const { what, owner, doneAt, doneBy } = duty
  if (doneAt) {
    const by = doneBy && doneBy !== owner ? `${nameOf(doneBy, names)} ` : ''
    return text(tint('green', '已完成'), ` ${what} · ${nameOf(owner, names)} · ${by}${formatShort(doneAt, now)}`)
  }
  const isLate = dueAt < now
  return text(
    tint(isLate ? 'red' : 'grey', isLate ? '已到期' : '未完成'),
    ` ${what} · ${nameOf(owner, names)} · ${formatShort(dueAt, now)}前`,
  )
}

function tick({ id, doneAt }: Duty): Block[] {
  const row = buttons({
    label: doneAt ? '恢复为未完成' : '准备完成',
    action: 'meeting.tick',
    value: { id, done: doneAt ? 0 : 1 },
  })
  return row ? [row] : []
}

const HOW = '每行一项:事项 会前多久 @负责人;不写负责人的由您负责。会前几天按工作日计,时限随会议时间调整。'

/** What is to be typed: the list as it is, or the template as long as there is none. */
export function dutiesForm(meeting: Meeting, some: readonly Duty[], template: readonly Item[], setting: Setting): Card {
  const lines = some.length
    ? some.map(duty => chargeLine(duty, nameOf(duty.owner, setting.names)))
    : template.map(itemLine)
  return card(
    '会议 · 拟定准备清单',
    'blue',
    text(headOf(meeting, setting)),
    form(
      'list',
      [
        {
          ...{ kind: 'input', name: 'duties', label: '准备事项', hint: '会场布置 会前2小时 @王强' },
          ...{ value: lines.join('\n'), lines: 8, max: DUTIES.text },
        },
      ],
      [
        { label: '保存', action: 'meeting.keepDuties', value: { id: meeting.id }, style: 'primary' },
        { label: '返回', action: 'meeting.duties', value: { id: meeting.id, back: 1 } },
      ],
    ),
    note(HOW),
  )
}

/** What a list begins with in this house. */
export const templateCard = (template: readonly Item[]): Card =>
  card(
    '会议 · 准备清单模板',
    'blue',
    form(
      'items',
      [
        {
          ...{ kind: 'input', name: 'template', label: '准备事项(每行一项:事项 会前多久)', hint: '会场布置 会前2小时' },
          ...{ value: template.map(itemLine).join('\n'), lines: 8, max: DUTIES.text },
        },
      ],
      [{ label: '保存', action: 'meeting.keepTemplate', style: 'primary' }],
    ),
    note('拟定新的准备清单时以此为底稿,已有的清单不变。'),
  )
