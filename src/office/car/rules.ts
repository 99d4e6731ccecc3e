import type { Cost, CostFacts, DispatchFacts, RequestFacts, ReturnFacts } from './rule-facts.ts'
import type { Finding, Run, Trip, TripWish } from './trip.ts'

export declare function checkRequest(wish: TripWish, facts: RequestFacts): Finding[]
export declare function checkDispatch(trip: Trip, facts: DispatchFacts): Finding[]
export declare function checkReturn(run: Run, facts: ReturnFacts): Finding[]
export declare function checkCost(cost: Cost, facts: CostFacts): Finding[]
