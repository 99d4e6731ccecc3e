import type { PDFDocumentProxy, PDFPageProxy } from 'unpdf/pdfjs'
import { Refusal } from '../kit/refusal.ts'
import { pagesIn } from './pdf-pages.ts'
import { hasPictures, refuseBombs, refuseEncrypted } from './pdf-streams.ts'
import { EMBEDDED, MOST_TEXT, Scan, TOO_LONG, UNREADABLE_TEXT } from './unread.ts'

const MOST_PAGES = 300
/** So many pieces of text stand on no page that people have made. */
const MOST_PIECES = 20_000
/** Its reader may be at work for so long, and so long before others have their turn. */
const MOST_MS = 3_000
const TURN_MS = 20
const SCANNED = '页没有可以识别的文字(扫描件、图片、空白页或未嵌入字体),无法进行保密检查'
const HIDDEN = '该 PDF 有未计入页数的页面,无法进行保密检查。请重新导出为普通 PDF 后发送'
const MUTE = '该 PDF 的字体未附文字编码,文字无法识别,无法进行保密检查。请发送可编辑的原文件'
const FORM = '该 PDF 为动态表单,无法进行保密检查。请打印为普通 PDF 后发送'

/** All text of a PDF: its pages, what is noted on them, its bookmarks and what it says of itself. */
export async function textOfPdf(bytes: Uint8Array): Promise<string> {
  await refuseEncrypted(bytes)
  await refuseBombs(bytes)
  // loaded when first needed: it is large
  const { getDocumentProxy } = await import('unpdf')
  // it takes what it is given for its own
  const pdf = await getDocumentProxy(new Uint8Array(bytes), {
    verbosity: 0,
    isEvalSupported: false,
    stopAtErrors: true,
  })
  const left: Measure = { length: MOST_TEXT, ms: MOST_MS }
  try {
    if (pdf.numPages > MOST_PAGES) throw new Refusal(TOO_LONG)
    if (!pdf.numPages) throw new Refusal(UNREADABLE_TEXT)
    const texts = await aboutIt(pdf)
    const { pages: unread, isMute } = await pagesIn(bytes)
    for (let number = 1; number <= pdf.numPages; number++) {
      const page = await pdf.getPage(number)
      unread.delete(page.ref?.num ?? 0)
      const text = await textOn(page, left)
      if (text.trim() === '') throw new ((await hasPictures(bytes)) ? Scan : Refusal)(`第${number}${SCANNED}`)
      texts.push(text, ...(await notesOn(page)))
      page.cleanup()
    }
    if (unread.size) throw new Refusal(HIDDEN)
    if (isMute) throw new Refusal(MUTE)
    return texts.join('\n')
  } finally {
    await pdf.destroy()
  }
}

type Item = { str: string; hasEOL: boolean } | { type: string }

/** What may still be read of a document, and for how long its reader may still be at work. */
interface Measure {
  length: number
  ms: number
}

/** Piece by piece: a page may show one drawing in another without end, and the reader gives nobody a turn meanwhile. */
async function textOn(page: PDFPageProxy, left: Measure): Promise<string> {
  const reader = page.streamTextContent().getReader()
  let text = ''
  let [worked, pieces] = [0, 0]
  for (;;) {
    const since = performance.now()
    const { done, value } = await reader.read()
    const ms = performance.now() - since
    left.ms -= ms
    worked += ms
    if (done) return text
    const piece = (value.items as Item[])
      .map(item => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : ''))
      .join('')
    text += piece
    pieces += value.items.length
    left.length -= piece.length
    if (left.length < 0 || left.ms < 0 || pieces > MOST_PIECES) {
      await reader.cancel(new Error('too much'))
      throw new Refusal(TOO_LONG)
    }
    if (worked < TURN_MS) continue
    worked = 0
    await new Promise(turn => setTimeout(turn, 0))
  }
}

/** Its properties and bookmarks; what is hidden in it besides is refused. */
async function aboutIt(pdf: PDFDocumentProxy): Promise<string[]> {
  const { info } = (await pdf.getMetadata()) as { info: object } as { info: Record<string, unknown> }
  if (info.EncryptFilterName) throw new Refusal(UNREADABLE_TEXT)
  if (info.IsXFAPresent) throw new Refusal(FORM)
  if (info.IsCollectionPresent || (await pdf.getAttachments())) throw new Refusal(EMBEDDED)
  return [...wordsIn(info), ...titlesIn(await pdf.getOutline())]
}

type Bookmark = { title: string; items: Bookmark[] }

const titlesIn = (bookmarks: Bookmark[] | null): string[] =>
  (bookmarks ?? []).flatMap(({ title, items }) => [title, ...titlesIn(items)])

/** Words of notes, fields and links on a page. */
async function notesOn(page: PDFPageProxy): Promise<string[]> {
  // also those that are only printed, or not shown at all
  const notes = (await page.getAnnotations({ intent: 'any' })) as Array<Record<string, unknown>>
  if (notes.some(note => note.file || note.attachment)) throw new Refusal(EMBEDDED)
  return notes.flatMap(
    ({ contentsObj, titleObj, richText, fieldValue, alternativeText, textContent, options, unsafeUrl }) => [
      ...[contentsObj, titleObj, richText].flatMap(one => wordsIn(one)),
      ...[fieldValue, alternativeText, textContent, options, unsafeUrl].flatMap(one => wordsIn(one)),
    ],
  )
}

/** Every text in a value of the reader's, one level deep. */
function wordsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || !value) return []
  return Object.values(value).flatMap(one =>
    typeof one === 'string' ? [one] : typeof one === 'object' && one ? Object.values(one).filter(isText) : [],
  )
}

const isText = (value: unknown): value is string => typeof value === 'string'
