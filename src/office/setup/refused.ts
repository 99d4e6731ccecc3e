import type { Cause, Kind } from '../../kit/arrivals.ts'

const KINDS: Record<Kind, string> = { event: '事件', press: '按钮操作' }

const CAUSES: Record<Cause, string> = {
  key: 'Encrypt Key不一致',
  token: 'Verification Token不一致',
  app: '应用或企业不一致',
  clock: '服务器时钟不准',
  seal: '没有签名或签名不符',
}

/** What is refused of Feishu's, and why. */
export const refusedWords = (kind: Kind, cause: Cause): string => `${KINDS[kind]}(${CAUSES[cause]})`
