import { z } from 'zod'
import { tidy } from '../kit/text.ts'

/** Feishu's ids are plain printable characters; anything else (NUL above all) could not even be kept. */
export const idText = z.string().regex(/^[\x21-\x7e]{1,200}$/)
export const idOrNone = z.union([idText, z.literal('')]).default('')
export const ids = z.object({ open_id: idText })

const LONGEST_NAME = 100

/** What somebody or something is called, in one line; whoever gives the name may have put anything into it. */
export const nameText = z
  .string()
  .default('')
  .transform(name => tidy(name.replace(/\s+/g, ' '), LONGEST_NAME).trim())
