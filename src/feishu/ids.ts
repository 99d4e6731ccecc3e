import { z } from 'zod'

/** Feishu's ids are plain printable characters; anything else (NUL above all) could not even be kept. */
export const idText = z.string().regex(/^[\x21-\x7e]{1,200}$/)
export const idOrNone = z.union([idText, z.literal('')]).default('')
export const ids = z.object({ open_id: idText })
