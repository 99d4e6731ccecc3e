import { isObject } from './kinds.ts'

const configOf = (content: string): Record<string, unknown> => {
  const { config } = JSON.parse(content)
  return isObject(config) ? config : {}
}

/** A card may forbid it, and none can be forwarded while it streams. */
export function forbidsForwarding({ msg_type, content }: { msg_type: string; content: string }): boolean {
  if (msg_type !== 'interactive') return false
  const { enable_forward, streaming_mode } = configOf(content)
  return enable_forward === false || streaming_mode === true
}

/** A forwarded copy does nothing when pressed, unless the card says otherwise. */
export const isInert = (content: string): boolean => configOf(content).enable_forward_interaction !== true
