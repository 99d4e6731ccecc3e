import { faultsOn, noFaults } from '../faults.ts'
import { trafficOf } from '../traffic.ts'
import type { SimRoutes } from './ask.ts'
import { Refused } from './refused.ts'

/** What the drawer for developers looks at. */
export const trafficRoutes: SimRoutes = {
  'GET /traffic': ({ world, query }) => trafficOf(world, query.get('words') ?? ''),
  'GET /deliveries/:id': ({ world, params }) => {
    const known = world.deliveries.get(params.id ?? '')
    if (known) return known
    throw new Refused(404, '没有这次推送，或记录已被更新的替换')
  },
  'GET /calls/:n': ({ world, params }) => {
    const known = world.calls.since(Number(params.n) - 1)[0]
    if (known && known.n === Number(params.n)) return known
    throw new Refused(404, '没有这次调用，或记录已被更新的替换')
  },
  'GET /faults/state': ({ world }) => ({ faults: world.faults, none: noFaults(), on: faultsOn(world.faults) }),
}
