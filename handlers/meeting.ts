import type { Feature } from '../src/bot/feature.ts'
import { calendarPart } from './meeting/calendar.ts'
import { calls } from './meeting/call.ts'
import { dayPart } from './meeting/day.ts'
import { decisionPart } from './meeting/decision.ts'
import { minutesPart } from './meeting/minutes.ts'
import { replies } from './meeting/replies.ts'
import { roomPart } from './meeting/room.ts'
import { seriesPart } from './meeting/series.ts'
import { FEATURE } from './meeting/setting.ts'
import { ruling } from './meeting/settle.ts'
import { statsPart } from './meeting/stats.ts'
import { unreadPart } from './meeting/unread.ts'
import { together } from './part.ts'

export const meeting: Feature = {
  name: FEATURE,
  title: '会议',
  words: ['会议', 'meeting', 'hy'],
  about: '会议:通知、回执、请假、签到和议定事项',
  ...together(
    calls,
    roomPart,
    calendarPart,
    replies,
    ruling,
    decisionPart,
    statsPart,
    minutesPart,
    seriesPart,
    dayPart,
    unreadPart,
  ),
}
