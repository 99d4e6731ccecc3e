import type { Feature } from '../src/bot/feature.ts'
import { assign } from './assign.ts'
import { feedback } from './feedback.ts'
import { findOf } from './find.ts'
import { help } from './help.ts'
import { role } from './role.ts'
import { settings } from './settings.ts'
import { setup } from './setup.ts'
import { task } from './task.ts'
import { todayOf } from './today.ts'
import { todoOf } from './todo.ts'

export { host } from './help.ts'

/** Subjects: what has matters of its own. */
const subjects: Feature[] = [task, assign]

/** Everything that can be typed or pressed, in the order in which help shows it. */
export const features: readonly Feature[] = [
  help,
  todoOf(subjects),
  todayOf(subjects),
  ...subjects,
  findOf(subjects),
  feedback,
  role,
  settings,
  setup,
]
