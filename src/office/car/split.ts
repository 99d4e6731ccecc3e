import type { Trip, TripNumber } from './trip.ts'

/** A request for several cars as so many trips of one car each, the first being the request itself; numbers stand in their order. */
export function splitInto(
  trip: Trip,
  numbers: readonly TripNumber[],
): { first: Trip; others: Array<Omit<Trip, 'id'>> } {
  const [first, ...others] = numbers.map((number, i) => partOf(trip, i, numbers.length, number))
  const { id, ...rest } = trip
  return {
    first: { ...trip, ...first },
    others: others.map(part => ({ ...rest, ...part, rev: 1, stateRev: 1, sibling: id, previous: undefined })),
  }
}

/** Who rides is spread evenly, in the order in which they were named; 用车人 rides in the first. */
function partOf(trip: Trip, place: number, cars: number, number: TripNumber) {
  const seats = (of: number) => Math.floor(trip.headcount / cars) + (of < trip.headcount % cars ? 1 : 0)
  const before = Array.from({ length: place }, (_, i) => seats(i)).reduce((sum, n) => sum + n, 0)
  const others = trip.passengers.filter(person => person !== trip.user)
  const named = [trip.user, ...others].slice(before, before + seats(place))
  return {
    number,
    cars: 1,
    headcount: seats(place),
    passengers: place === 0 ? named.filter(person => trip.passengers.includes(person)) : named,
  }
}
