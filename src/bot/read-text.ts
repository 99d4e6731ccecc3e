import { Refusal } from '../kit/refusal.ts'
import { safe, tagsOf, unescaped } from './markup.ts'
import { type Archive, openArchive } from './unzip.ts'

const MOST_UNPACKED = 24 * 1_048_576
const MOST_TEXT = 2_000_000
const MOST_PAGES = 300

/** Said of what cannot be looked into. */
export const UNREADABLE_TEXT = '文件已加密或已损坏,无法进行保密检查,不能转发'
const UNKNOWN = '该类型的文件无法进行保密检查,不能转发。请使用 docx、xlsx、pptx、pdf 或 txt 文件'
const OLD = '文件已加密,或为旧版格式(doc、xls、ppt),无法进行保密检查。请另存为 docx、xlsx、pptx 或 pdf 后重新发送'
const SCANNED = '页没有可以识别的文字(扫描件、图片、空白页或未嵌入字体),无法进行保密检查,不能转发'
const EMBEDDED = '文件内嵌有其他文件或对象,无法进行保密检查。请删除后重新发送'
const TOO_LONG = '文件文字过多,无法进行保密检查,请拆分后重新发送'

/**
 * All text of a document, known by what is in it. @throws Refusal, in words for the sender, where not all of it can be read; what is
 * broken or wants a password throws as it breaks.
 */
export async function readText(name: string, bytes: Uint8Array): Promise<string> {
  if (begins(bytes, [0x50, 0x4b])) {
    const archive = openArchive(bytes, MOST_UNPACKED)
    if (!archive.names.some(one => OFFICE.test(one))) throw new Refusal(UNKNOWN)
    if (archive.names.some(one => INSIDE.test(one))) throw new Refusal(EMBEDDED)
    return textIn(archive)
  }
  if (begins(bytes, [0xd0, 0xcf, 0x11, 0xe0])) throw new Refusal(OLD)
  if (hasPdfMark(bytes)) return textOfPdf(bytes)
  if (/\.(txt|csv|md)$/i.test(name)) return textOfPlain(bytes)
  throw new Refusal(UNKNOWN)
}

/** All text of a workbook, also of what is not read as a table. */
export const textOfWorkbook = (bytes: Uint8Array): Promise<string> => textIn(openArchive(bytes, MOST_UNPACKED))

const begins = (bytes: Uint8Array, signs: readonly number[]): boolean => signs.every((sign, i) => bytes[i] === sign)

/** Names of parts are the same in capitals. */
const OFFICE = /^(word|xl|ppt)\//i
const INSIDE = /\/embeddings\/|\/activeX\/|\.(docx?|xlsx?|pptx?|html?|mht|rtf|txt|pdf|zip)$/i
const PLAIN_LOOKS =
  /(^|\/)(theme\d*|styles|stylesWithEffects|settings|webSettings|fontTable|numbering|calcChain)\.xml$/i

async function textIn(archive: Archive): Promise<string> {
  const lines: string[] = []
  let length = 0
  for (const name of archive.names.filter(one => /\.xml$/i.test(one) && !PLAIN_LOOKS.test(one))) {
    for (const line of linesOf(safe(archive.part(name)) ?? '')) {
      length += line.length + 1
      if (length > MOST_TEXT) throw new Refusal(TOO_LONG)
      lines.push(line)
    }
    // between two parts others have their turn
    await new Promise(done => setTimeout(done, 0))
  }
  return lines.join('\n')
}

/** What ends a line: a paragraph, a cell, a shared text, a note. */
const ENDS = new Set(['/p', '/c', '/si', '/comment', 'br', 'cr'])

/** Texts of a part, run by run joined to its line; numbers of cells are texts too, but not the places of shared ones. */
function* linesOf(xml: string): Generator<string> {
  let line = ''
  let isShared = false
  for (const { name, attributes, text } of tagsOf(xml)) {
    if (name === 'c') isShared = attributes.includes(' t="s"')
    if (name === '/v' && isShared) continue
    if (name === 'sheet') yield unescaped(/ name="([^"]{0,200})"/.exec(attributes)?.[1] ?? '')
    if (name.startsWith('/') && text.trim() !== '') line += unescaped(text)
    if (name === 'tab') line += ' '
    // whatever is neither a run of text nor a number stands by itself
    if (line !== '' && (ENDS.has(name) || (name.startsWith('/') && !RUNS.has(name) && text.trim() !== ''))) {
      yield line
      line = ''
    }
  }
  if (line !== '') yield line
}

const RUNS = new Set(['/t', '/delText', '/v', '/is', '/r', '/rPh'])

const PDF = [0x25, 0x50, 0x44, 0x46]

/** Readers look for it in the first kilobyte. */
function hasPdfMark(bytes: Uint8Array): boolean {
  for (let at = 0; at < Math.min(bytes.length, 1_024); at++)
    if (PDF.every((sign, i) => bytes[at + i] === sign)) return true
  return false
}

/** Loaded when first needed: it is large. */
async function textOfPdf(bytes: Uint8Array): Promise<string> {
  const { getDocumentProxy } = await import('unpdf')
  // it takes what it is given for its own
  const pdf = await getDocumentProxy(new Uint8Array(bytes), {
    verbosity: 0,
    isEvalSupported: false,
    stopAtErrors: true,
  })
  const pages: string[] = []
  let length = 0
  try {
    if (pdf.numPages > MOST_PAGES) throw new Refusal(TOO_LONG)
    for (let number = 1; number <= pdf.numPages; number++) {
      const page = await pdf.getPage(number)
      const { items } = await page.getTextContent()
      const text = items.map(item => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('')
      if (text.trim() === '') throw new Refusal(`第${number}${SCANNED}`)
      length += text.length
      if (length > MOST_TEXT) throw new Refusal(TOO_LONG)
      pages.push(text)
      page.cleanup()
    }
    const { info } = await pdf.getMetadata()
    return [...Object.values(info).filter(one => typeof one === 'string'), ...pages].join('\n')
  } finally {
    await pdf.destroy()
  }
}

/** In UTF-8, or else as Chinese editors on Windows write it. */
function textOfPlain(bytes: Uint8Array): string {
  if (bytes.includes(0)) throw new Refusal(UNKNOWN)
  if (bytes.length > MOST_TEXT * 3) throw new Refusal(TOO_LONG)
  const text = new TextDecoder().decode(bytes)
  return text.includes('\ufffd') ? new TextDecoder('gb18030').decode(bytes) : text
}
