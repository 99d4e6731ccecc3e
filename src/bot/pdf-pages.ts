import { eachObject, OBJECT } from './pdf-objects.ts'

/** The number of an object that nothing can lead to: who finds it has found more pages than one in the place of one. */
const SEVERAL = -1

/**
 * What describes a page says so (32000-1, 7.7.3.3); a reader also takes for one what only looks like it: it has contents and is of no
 * kind of its own. Then a font of many characters (9.7), what its codes mean in Unicode, and an encoding by a table that its reader would
 * have to bring along: ours brings none, shows nothing of such a font and says nothing of that.
 */
const SIGNS = new RegExp(
  [
    OBJECT,
    String.raw`(\/Type\s{0,9}\/Page(?![A-Za-z]))`,
    String.raw`(\/Contents\s{0,9}(?:\[|\d{1,10}\s{1,9}\d{1,5}\s{1,9}R))`,
    String.raw`(\/Subtype(?:\s{0,9}\/(Type0)(?![A-Za-z0-9]))?)`,
    String.raw`(\/ToUnicode(?![A-Za-z])(?!\s{0,9}\/(?!Identity)))`,
    String.raw`(\/Encoding\s{0,9}\/(?!Identity-[HV](?![\w-]))[A-Za-z])`,
  ].join('|'),
  'g',
)

/** What is seen of an object. */
interface Seen {
  pages: number
  hasContents: boolean
  hasKind: boolean
  isFont: boolean
  hasMeaning: boolean
  isElsewhere: boolean
}

const blank = (): Seen => ({
  ...{ pages: 0, hasContents: false, hasKind: false },
  ...{ isFont: false, hasMeaning: false, isElsewhere: false },
})

function see(seen: Seen, [, , page, contents, kind, font, meaning, elsewhere]: RegExpExecArray): void {
  if (page) seen.pages++
  if (contents) seen.hasContents = true
  if (kind) seen.hasKind = true
  if (font) seen.isFont = true
  if (meaning) seen.hasMeaning = true
  if (elsewhere) seen.isElsewhere = true
}

/**
 * The numbers of all objects that are pages, wherever they stand in a file: the tree of pages tells how many it has, and a reader
 * believes it, while another shows what it does not count. `isMute`: of some font nobody can tell what it shows.
 */
export async function pagesIn(bytes: Uint8Array): Promise<{ pages: Set<number>; isMute: boolean }> {
  const found = new Set<number>()
  let isMute = false
  await eachObject(bytes, SIGNS, blank, see, (number, seen) => {
    if (seen.isFont && (seen.isElsewhere || !seen.hasMeaning)) isMute = true
    const count = seen.pages || (seen.hasContents && !seen.hasKind ? 1 : 0)
    if (count) found.add(count > 1 ? SEVERAL : number)
  })
  return { pages: found, isMute }
}
