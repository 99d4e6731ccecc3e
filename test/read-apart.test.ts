import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { describe as toldOf } from '../src/bot/log.ts'
import { Scan, TOO_LONG, TryLater } from '../src/bot/unread.ts'
import { Refusal } from '../src/kit/refusal.ts'
import { type Bounds, createReader } from '../src/node/read-apart.ts'
import { latinBytes, pdfOf } from './harness/pdf.ts'
import { watched } from './harness/watched-read.ts'

const BUILT = new URL('../dist/reader.js', import.meta.url)
const reader = (bounds: Partial<Bounds> = {}) => createReader(BUILT, bounds)

/** A reader of another kind. */
const made = (program: string, bounds: Partial<Bounds> = {}) =>
  createReader(new URL(`data:text/javascript,${encodeURIComponent(program)}`), bounds)

/** Its objects have to be looked for, which its reader does in one go. */
const untabled = (megabytes: number): Uint8Array => {
  const object = '1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj '
  return latinBytes(`%PDF-1.7\n${object.repeat((megabytes * 1_048_576) / object.length)}`)
}

describe('files are looked through in a thread of their own', () => {
  it('their text comes as it would here, whichever came before', async () => {
    const read = reader()
    expect(await read('报告.pdf', pdfOf('会议'))).toContain('会议')
    expect(await read('报告.txt', new TextEncoder().encode('会议'))).toBe('会议')
  })

  it('why one cannot be is told in the same words', async () => {
    const picture = {
      'word/document.xml': strToU8('<w:document/>'),
      'word/media/a.png': Uint8Array.of(137, 80, 78, 71),
    }
    await expect(reader()('方案.docx', zipSync(picture))).rejects.toBeInstanceOf(Scan)
    const unknown = await reader()('a.exe', new Uint8Array(9)).catch((error: unknown) => error)
    expect(unknown).toBeInstanceOf(Refusal)
    expect(unknown).not.toBeInstanceOf(Scan)
    expect((unknown as Refusal).message).toContain('该类型的文件')
    const broken = await reader()('报告.pdf', latinBytes('%PDF-1.7\n')).catch((error: unknown) => toldOf(error))
    expect(broken).toMatchObject({ error: 'InvalidPDFException' })
  })

  it('others have their turn while a PDF without a table of its objects is read', async () => {
    const bytes = untabled(20)
    const { held, turns } = await watched(() => reader()('报告.pdf', bytes))
    expect(turns).toBeGreaterThan(10)
    expect(held).toBeLessThan(1_000)
  })

  it('one that never comes to an end is given up', async () => {
    await expect(made('for (;;) ;', { ms: 300 })('a.pdf', new Uint8Array())).rejects.toThrow(TOO_LONG)
  })

  it('one that wants more memory than there is ends by itself, and nothing else does', async () => {
    const greedy = made('const all = []; for (;;) all.push(new Array(10_000).fill({}))', { megabytes: 32 })
    await expect(greedy('a.pdf', new Uint8Array())).rejects.toThrow(/memory/)
    expect(await reader()('报告.txt', latinBytes('a'))).toBe('a')
  })

  it('one after another; whoever finds the line full is to come again', async () => {
    const read = made(
      "const { parentPort, workerData } = await import('node:worker_threads'); setTimeout(() => parentPort.postMessage({ text: workerData.name }), 200)",
      { inLine: 2 },
    )
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(name => read(name, new Uint8Array()))
    await expect(d).rejects.toBeInstanceOf(TryLater)
    expect(await Promise.all([a, b, c])).toEqual(['a', 'b', 'c'])
    expect(await read('e', new Uint8Array())).toBe('e')
  })

  it('one that ends without a word is a fault', async () => {
    await expect(made('')('a.pdf', new Uint8Array())).rejects.toThrow('without a word')
  })

  it('it is told no setting', async () => {
    const read = made(
      "const { parentPort } = await import('node:worker_threads'); parentPort.postMessage({ text: JSON.stringify(process.env) })",
    )
    expect(await read('a', new Uint8Array())).toBe('{}')
  })
})
