import { useCallback, useEffect } from 'react'
import type { PlayRequest, RecorderAnswer, TrafficAnswer, Walk } from '../../dev-protocol.ts'
import type { ApiCall, Delivery, Faults, GapsAnswer } from '../../protocol.ts'
import { type Fresh, useFresh } from '../fresh.ts'
import { ask } from '../sim.ts'

export interface FaultState {
  faults: Faults
  none: Faults
  on: string[]
}

export interface EventRequest {
  event_type: string
  event: unknown
  header?: Record<string, unknown>
  count?: number
}

/** What only developers ask of the simulator. */
export const dev = {
  traffic: (words: string) => ask<TrafficAnswer>(`/traffic?words=${encodeURIComponent(words)}`),
  delivery: (id: string) => ask<Delivery>(`/deliveries/${id}`),
  call: (n: number) => ask<ApiCall>(`/calls/${n}`),
  gaps: () => ask<GapsAnswer>('/gaps'),
  faults: () => ask<FaultState>('/faults/state'),
  setFaults: (some: Partial<Faults>) => ask<Faults>('/faults', some, 'PATCH'),
  noFaults: () => ask<Faults>('/faults', {}, 'DELETE'),
  scopes: (change: { grant?: string[]; revoke?: string[] }) => ask<{ granted: string[] }>('/scopes', change),
  revokeTokens: () => ask('/tokens/revoke', {}),
  sendEvent: (event: EventRequest) => ask<Delivery>('/events', event),
  rawClick: (click: object) => ask<object>('/raw-click', click),
  recorder: () => ask<RecorderAnswer>('/recorder'),
  record: (on: boolean) => ask<RecorderAnswer>('/recorder', { on }),
  walk: () => ask<Walk>('/recorder/walk'),
  play: (request: PlayRequest) => ask<{ played: number }>('/recorder/play', request),
  stopPlaying: () => ask('/recorder/stop', {}),
}

const LIVE_MS = 1000

/** Loads again and again while somebody looks. */
export function useLive<Value>(load: () => Promise<Value>): Fresh<Value> {
  const fresh = useFresh(load)
  const { refresh } = fresh
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && refresh(), LIVE_MS)
    return () => clearInterval(timer)
  }, [refresh])
  return fresh
}

export const useTraffic = (words: string) => useLive(useCallback(() => dev.traffic(words), [words]))
