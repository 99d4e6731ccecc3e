/** What of the audit chain does not fit. */
export type Fault = 'early' | 'missing' | 'gone' | 'changed' | 'head' | 'signature' | 'cut' | 'beyond' | 'stray'

interface Place {
  /** Of the entry, from 1. */
  entry: number | undefined
  /** The id of the record. */
  event: number | undefined
}

const WORDS: Record<Fault, (place: Place) => string> = {
  early: ({ entry }) => `不足一年的审计记录被清除:第${entry}条及以前`,
  missing: ({ entry }) => `审计链第${entry}条缺失`,
  gone: ({ entry, event }) => `审计链第${entry}条对应的记录${event}已被删除`,
  changed: ({ entry, event }) => `审计链第${entry}条与记录${event}不符:记录或链条被改动过`,
  head: ({ entry }) => `链尾与已签名的链头不符,最早自第${entry}条起被改写`,
  signature: ({ entry }) =>
    `链头签名与本应用密钥不符,最早自第${entry}条起。链条可能被整体改写;如近期更换过应用密钥(App Secret),请核对更换时间。在此之前新记录暂不入链`,
  cut: ({ entry }) => `审计链末尾被截去:此前曾校验到第${entry}条`,
  beyond: ({ entry }) => `审计链在链头之后多出第${entry}条`,
  stray: ({ event }) => `记录${event}不在审计链中:不是经本程序写入的`,
}

export const faultWords = (fault: Fault, place: Place): string => WORDS[fault](place)
