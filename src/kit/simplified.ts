import pairs from 'opencc-js/dict/TSCharacters'

/** What stands in that table otherwise than offices write it, or not at all. */
const ALSO = '帳账縂总宻密'

/** The traditional characters of the basic plane: a text in simplified form is as long as it was. */
const SIMPLIFIED = new Map([
  ...pairs
    .split('|')
    .filter(pair => pair.length === 3)
    .map(pair => [pair.charAt(0), pair.charAt(2)] as const),
  ...(ALSO.match(/../g) ?? []).map(pair => [pair.charAt(0), pair.charAt(1)] as const),
])

/** The simplified form of a traditional character; any other is itself. */
export const simplified = (char: string): string => SIMPLIFIED.get(char) ?? char
