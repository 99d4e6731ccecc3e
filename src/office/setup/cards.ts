import { buttons, type Card, card, fields, note, type Rich, text, tint } from '../../kit/card.ts'
import { alertOf } from './alerts.ts'
import type { Incident } from './watch.ts'

/** A year that is not loaded; overdue: its notice is out, and not only may be. */
export interface MissingYear {
  year: number
  isOverdue: boolean
}

/** What the check of the installation found. */
export interface Checks {
  bot: string | undefined
  directory: { people: number; departments: number; groups: number; readAt: string | undefined }
  vacant: string[]
  admins: number
  missingYears: MissingYear[]
  /** Whether Feishu refused to let us write into the calendar; undefined = it was never tried. */
  calendarDenied: boolean | undefined
  /** What people have still to decide before the office works with it. */
  openGates: string[]
  /** What the last heartbeat found wrong. */
  alerts: Incident[]
  /** What broke and was not done since, the latest last. */
  broken: Array<{ id: string; act: string; when: string; words: string }>
  outbox: { waiting: number; failed: Array<{ when: string; reason: string }> }
}

/** `/初始化`: what is done, what is missing, and what to do about it. */
export function setupCard(checks: Checks): Card {
  const { bot, directory, vacant, admins, missingYears, calendarDenied, openGates, alerts, broken, outbox } = checks
  const rows: Array<readonly [string, Rich]> = [
    ['应用凭证', bot ? good(`已连接(${bot})`) : bad('尚未连接飞书,请检查 App ID 与 App Secret')],
    [
      '通讯录',
      directory.people
        ? good(
            `${directory.people}人、${directory.departments}个部门${directory.readAt ? ` · ${directory.readAt}` : ''}`,
          )
        : bad('尚未读到人员,请检查通讯录权限范围'),
    ],
    ['群', directory.groups ? good(`已加入${directory.groups}个群`) : bad('尚未加入任何群')],
    ['系统管理员', admins ? good(`${admins}人`) : bad('尚未设置')],
    ['角色', vacant.length ? bad(`未设置:${vacant.join('、')}`) : good('主要角色已设置')],
    ['节假日安排', yearsWords(missingYears)],
    ['飞书日历', calendarWords(calendarDenied)],
    ['上线前确认', openGates.length ? bad(`未确认:${openGates.join('、')}`) : good('已全部确认')],
    ['运行告警', alerts.length ? bad(alerts.map(({ id }) => alertOf(id).name).join('、')) : good('无')],
    ['处理出错', broken.length ? bad(`${broken.length}项`) : good('无')],
    ['待发送', `${outbox.waiting}条`],
    ['未能送达', outbox.failed.length ? bad(`${outbox.failed.length}条`) : good('无')],
  ]
  const missing = rows.some(
    ([, value]) =>
      typeof value !== 'string' &&
      value.some(piece => typeof piece === 'object' && 'tint' in piece && piece.tint === 'red'),
  )
  return card(
    missing ? '初始化 · 有待完善' : '初始化 · 已完成',
    missing ? 'yellow' : 'green',
    fields(...rows),
    ...broken.slice(-5).map(({ when, words }) => note(`处理出错:${when} ${words}`)),
    ...outbox.failed.slice(0, 5).map(({ when, reason }) => note(`未能送达:${when} ${reason}`)),
    text('设置角色请发送:/角色 @王强 督办员'),
    buttons(
      { label: '重新检查', action: 'setup.check', style: 'primary' },
      { label: '重新读取通讯录', action: 'setup.directory' },
      { label: '上线前确认', action: 'setup.gates' },
    ),
  )
}

/** While the notice is yet to come nothing is amiss. */
function yearsWords(missing: readonly MissingYear[]): Rich {
  if (!missing.length) return good('已载入')
  const words = `${missing.map(({ year }) => `${year}年`).join('、')}尚未载入,请发送 /假期 载入 并粘贴通知原文`
  return missing.some(({ isOverdue }) => isOverdue) ? bad(words) : [tint('yellow', '待办 '), words]
}

/** Without it meetings work, but do not stand in anybody's calendar. */
function calendarWords(isDenied: boolean | undefined): Rich {
  if (isDenied === undefined) return '尚未写入过日程'
  return isDenied ? bad('请开通日历权限 calendar:calendar,开通后1小时内补写会议日程') : good('可写入会议日程')
}

const good = (words: string): Rich => [tint('green', '✓ '), words]
const bad = (words: string): Rich => [tint('red', '待办 '), words]
