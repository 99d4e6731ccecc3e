import type { Feature } from '../src/bot/feature.ts'
import { assign } from './assign.ts'
import { audit } from './audit.ts'
import { car } from './car.ts'
import { digestOf } from './digest.ts'
import { feedback } from './feedback.ts'
import { findOf } from './find.ts'
import { help } from './help.ts'
import { holiday } from './holiday.ts'
import { meeting } from './meeting.ts'
import { mute } from './mute.ts'
import { remind } from './remind.ts'
import { role } from './role.ts'
import { secrecy } from './secrecy.ts'
import { settings } from './settings.ts'
import { setup } from './setup.ts'
import { task } from './task.ts'
import { todayOf } from './today.ts'
import { todoOf } from './todo.ts'

export { host } from './help.ts'
export { gate } from './secrecy/gate.ts'

/** Subjects: what has matters of its own. */
const subjects: Feature[] = [task, meeting, car, assign, remind]

/** Everything that can be typed or pressed, in the order in which help shows it. */
export const features: readonly Feature[] = [
  help,
  todoOf([...subjects, secrecy]),
  todayOf(subjects),
  ...subjects,
  digestOf(subjects),
  mute,
  findOf(subjects),
  feedback,
  secrecy,
  role,
  holiday,
  settings,
  setup,
  audit,
]
