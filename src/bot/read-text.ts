import { Refusal } from '../kit/refusal.ts'
import { safe, tagsOf, unescaped } from './markup.ts'
import { textOfPdf } from './read-pdf.ts'
import { Stint } from './stint.ts'
import { linesOfTable } from './table-lines.ts'
import { Tables } from './tables.ts'
import { EMBEDDED, MOST_TEXT, Scan, TEXTLESS, TOO_LONG, UNREADABLE_TEXT } from './unread.ts'
import { type Archive, openArchive } from './unzip.ts'

const MOST_UNPACKED = 10 * 1_048_576

const UNKNOWN = '该类型的文件无法进行保密检查。请使用 docx、xlsx、pptx、pdf 或 txt 文件'
const OLD = '文件已加密,或为旧版格式(doc、xls、ppt),无法进行保密检查。请另存为 docx、xlsx、pptx 或 pdf 后重新发送'

export type ReadText = (name: string, bytes: Uint8Array) => Promise<string>

/**
 * All text of a document, known by what is in it. @throws Refusal, in words for the sender, where not all of it can be read; what is
 * broken or wants a password throws as it breaks.
 */
export async function readText(name: string, bytes: Uint8Array): Promise<string> {
  if (begins(bytes, [0x50, 0x4b])) {
    const archive = openArchive(bytes, MOST_UNPACKED, UNREADABLE_TEXT)
    if (!archive.names.some(one => OFFICE.test(one))) throw new Refusal(UNKNOWN)
    const { text, beneath, isBlank } = await textIn(archive)
    if (isBlank) throw new (archive.names.some(one => PICTURE.test(one)) ? Scan : Refusal)(TEXTLESS)
    return text + beneath
  }
  if (begins(bytes, [0xd0, 0xcf, 0x11, 0xe0])) throw new Refusal(OLD)
  if (hasPdfMark(bytes)) return textOfPdf(bytes)
  if (/\.csv$/i.test(name)) return withTable(textOfPlain(bytes))
  if (/\.(txt|md)$/i.test(name)) return textOfPlain(bytes)
  throw new Refusal(UNKNOWN)
}

/** All text of a workbook, also of what is not read as a table; `beneath`: its cells once more beneath their heads. */
export const textOfWorkbook = (bytes: Uint8Array): Promise<{ text: string; beneath: string }> =>
  textIn(openArchive(bytes, MOST_UNPACKED, UNREADABLE_TEXT))

const begins = (bytes: Uint8Array, signs: readonly number[]): boolean => signs.every((sign, i) => bytes[i] === sign)

/** Names of parts are the same in capitals. */
const OFFICE = /^(word|xl|ppt)\//i
const INSIDE = /\/embeddings\/|\/activeX\/|\.(docx?|xlsx?|pptx?|html?|mht|rtf|txt|pdf|zip)$/i
/** Looked through as text, or what only says how something looks. */
const READ = /\.(xml|vml|svg|rels)$/i
const HARMLESS = /(^|\/)(origin\.sigs|printerSettings\d*\.bin|[^/]{0,200}\.(odttf|fntdata))$/i
const PICTURE = /\.(png|jpe?g|jfif|gif|bmp|tiff?|emf|wmf|wdp|ico)$/i

/** A part that can be looked through, or is known to hold no text of its own: other programs find documents under any name. */
const isKnownPart = async (archive: Archive, name: string): Promise<boolean> =>
  !INSIDE.test(name) &&
  (READ.test(name) ||
    name.endsWith('/') ||
    (HARMLESS.test(name) && !isMarkup(await archive.head(name))) ||
    (PICTURE.test(name) && isPicture(await archive.head(name))))

/** The main part of a document may bear any name: its beginning tells it, in UTF-8 or UTF-16. */
const MARKUP = /^(?:(?:\xef\xbb\xbf)?\s{0,50}<[\w?!][\t-~]|(?:\xff\xfe)?<\0|(?:\xfe\xff)?\0<)/

const isMarkup = (head: Uint8Array): boolean => MARKUP.test(String.fromCharCode(...head))

/** PNG, JPEG, GIF, BMP, TIFF and HD Photo, EMF, WMF in its two forms, icon. */
const PICTURES = [
  '89504e47',
  'ffd8ff',
  '47494638',
  '424d',
  '49492a00',
  '4d4d002a',
  '4949bc',
  '01000000',
  'd7cdc69a',
  '01000900',
  '00000100',
]

function isPicture(head: Uint8Array): boolean {
  const hex = [...head.subarray(0, 4)].map(byte => byte.toString(16).padStart(2, '0')).join('')
  return PICTURES.some(sign => hex.startsWith(sign))
}

/** Where the words of a document stand, which is to say something else than what a program puts into each. */
const BODY = /^(word\/|ppt\/(slides|notesSlides)\/|xl\/(worksheets\/|sharedStrings))/i

async function textIn(archive: Archive): Promise<{ text: string; beneath: string; isBlank: boolean }> {
  for (const one of archive.names) if (!(await isKnownPart(archive, one))) throw new Refusal(EMBEDDED)
  const lines: string[] = []
  const tables = new Tables()
  const keep = keeping(lines, MOST_TEXT)
  let isBlank = true
  for (const name of archive.names.filter(one => READ.test(one))) {
    const isBody = BODY.test(name)
    const beside = await readLines(safe(await archive.part(name)) ?? '', tables, line => {
      keep(line)
      isBlank &&= !isBody || line.trim() === ''
    })
    for (const line of beside) keep(line)
    // between two parts others have their turn
    await new Promise(done => setTimeout(done, 0))
  }
  // what has no table stays the same text to a release
  const beneath = ['']
  await tables.lines(keeping(beneath, MOST_BENEATH))
  return { text: lines.join('\n'), beneath: beneath.join('\n'), isBlank }
}

/** What all cells of a document say once more beneath their heads. */
const MOST_BENEATH = 3 * MOST_TEXT

function keeping(lines: string[], most: number): (line: string) => void {
  let length = 0
  return line => {
    length += line.length + 1
    if (length > most) throw new Refusal(TOO_LONG)
    lines.push(line)
  }
}

/** What ends a line: a paragraph, a cell, a shared text, a note. */
const ENDS = new Set(['/p', '/c', '/si', '/comment', 'br', 'cr'])

/**
 * Texts of a part, run by run joined to its line; numbers of cells are texts too, but not the places of shared ones. Answers what
 * stands beside it: what is shown too, though elsewhere or only at times, such as watermarks, descriptions, names, forms of numbers.
 */
async function readLines(xml: string, tables: Tables, keep: (line: string) => void): Promise<string[]> {
  const beside: string[] = []
  let line = ''
  let isShared = false
  const stint = new Stint()
  for (const tag of tagsOf(xml)) {
    if (stint.isOver()) await stint.rest()
    if (!tag) continue
    const { name, attributes, text } = tag
    for (const told of toldIn(name, attributes)) {
      if (told !== '') beside.push(told)
      if (stint.isOver()) await stint.rest()
    }
    if (name === 'c') isShared = attributes.includes(' t="s"')
    if (name === '/v' && isShared) {
      tables.share(text)
      continue
    }
    if (text.trim() !== '') line += shown(text)
    if (name === 'tab') line += ' '
    if (name === 'sym') line += symbolIn(attributes)
    // whatever is neither a run of text nor a number stands by itself
    if (line !== '' && (ENDS.has(name) || (name.startsWith('/') && !RUNS.has(name) && text.trim() !== ''))) {
      keep(line)
      // no words of the cell
      if (name !== '/f') tables.hear(line)
      line = ''
    }
    tables.see(tag)
  }
  if (line !== '') keep(line)
  return beside
}

/** A sign out of a font of symbols, such as a star; '' where a tag of that name only names a font. */
function symbolIn(attributes: string): string {
  const [, code] =
    /\schar="([0-9a-f]{4})"|:char="([0-9a-f]{4})"/i.exec(attributes)?.filter(part => part !== undefined) ?? []
  return code === undefined ? '' : String.fromCharCode(Number.parseInt(code, 16))
}

/** No run of text in which signs are spelt is so long. */
const LONGEST_SPELT = 500_000

/** Also as Excel writes a character by its number. */
function shown(xml: string): string {
  if (xml.length > LONGEST_SPELT && /[&_]/.test(xml)) throw new Refusal(TOO_LONG)
  return unescaped(xml).replace(/_x([0-9a-f]{4})_/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
}

/** Without a word of Chinese, what a rule may find something in nevertheless: a long number, a key. */
const [SAID, NUMBER_OR_KEY] = [
  /[^\0-\x7f]/,
  /\d(?:[ -]?\d){14}|key|token|secret|akia|gh[a-z]_|sk-|eyj|bearer|passw|passcode|pwd/i,
]
const MAY_TELL = new RegExp(`${SAID.source}|&#|_x[0-9a-f]{4}_|${NUMBER_OR_KEY.source}`, 'i')
/** A longer tag is not looked over before, but value by value. */
const LONG_TAG = 65_536

const VALUE = /=\s{0,9}(?:"([^"]*)"|'([^']*)')/g
/** What stands before values that people write: others hold numbers of their own. */
const WRITTEN =
  /(?<![\w.-])(?:string|descr|title|alt|val|value|name|tag|prompt(?:Title)?|error(?:Title)?|formatCode|display|tooltip|connection)\s{0,9}$/i
const LONGEST_NAME = 40

/** The values of a tag in which a rule may find something, or the words of a remark; '' for each of the others. */
function* toldIn(name: string, attributes: string): Generator<string> {
  if (attributes.length <= LONG_TAG && !MAY_TELL.test(attributes)) return
  if (name === '') yield shown(attributes)
  for (const { 1: double, 2: single = '', index } of name === '' ? [] : attributes.matchAll(VALUE)) {
    const value = shown(double ?? single)
    const isWritten = WRITTEN.test(attributes.slice(Math.max(0, index - LONGEST_NAME), index))
    if (isWritten && value.length > MOST_TEXT) throw new Refusal(TOO_LONG)
    yield SAID.test(value) || (isWritten && NUMBER_OR_KEY.test(value)) ? value : ''
  }
}

const RUNS = new Set(['/t', '/delText', '/v', '/is', '/r', '/rPh'])

const PDF = [0x25, 0x50, 0x44, 0x46]

/** Readers look for it in the first kilobyte. */
function hasPdfMark(bytes: Uint8Array): boolean {
  for (let at = 0; at < Math.min(bytes.length, 1_024); at++)
    if (PDF.every((sign, i) => bytes[at + i] === sign)) return true
  return false
}

/** How a text of UTF-16 begins. */
const UTF_16 = [
  { mark: [0xff, 0xfe], as: 'utf-16le' },
  { mark: [0xfe, 0xff], as: 'utf-16be' },
]
/** As programs may take what is not quite UTF-8: also with a bad byte in it, as Chinese editors on Windows write, or as Notepad guesses. */
const GUESSES = ['utf-8', 'gb18030', 'utf-16le']

function textOfPlain(bytes: Uint8Array): string {
  if (bytes.length > MOST_TEXT * 3) throw new Refusal(TOO_LONG)
  const marked = UTF_16.find(({ mark }) => begins(bytes, mark))
  const text = new TextDecoder(marked?.as).decode(bytes)
  if (text.includes('\0')) throw new Refusal(UNKNOWN)
  if (marked || !text.includes('\ufffd')) return text
  return GUESSES.map(as => new TextDecoder(as).decode(bytes)).join('\n')
}

/** A table whose lines are its rows, once more as people read it. */
async function withTable(text: string): Promise<string> {
  const lines = [text]
  const cellsOf = (line: string) =>
    line.split(/[\t,;\uff0c]/).map((cell, place) => ({ place, text: cell.replaceAll('"', '').trim() }))
  await linesOfTable(text.split(/\r?\n|\r/).map(cellsOf), keeping(lines, MOST_BENEATH))
  return lines.join('\n')
}
