/** Pieces of a card or a text have no names of their own: their place tells them apart. */
export const inPlace = <Item>(items: readonly Item[]): Array<[string, Item]> =>
  items.map((item, place) => [String(place), item])
