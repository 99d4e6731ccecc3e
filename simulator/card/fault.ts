/** Why Feishu will not have this card: a sub-code of 230099, where, and what. */
export class CardFault extends Error {
  readonly code: number
  constructor(code: number, words: string, at?: { path?: string; value?: string }) {
    const path = at?.path ? ` ErrPath: ${at.path};` : ''
    const value = at?.value ? ` ErrorValue: ${at.value};` : ''
    super(`ErrCode: ${code};${path} ErrMsg: ${words};${value} `)
    this.code = code
  }
}

const UNREADABLE = 'parse card json err, please check whether the card json is correct'

/** 200621, what most mistakes end in. */
export const unreadable = (path: string, value: string) =>
  new CardFault(200621, UNREADABLE, { path, value: `${value}, path: ${path}` })

export const overLimit = (words: string, path?: string) => new CardFault(11310, words, path ? { path } : undefined)
