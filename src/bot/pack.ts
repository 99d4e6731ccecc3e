import { Zip, ZipDeflate } from 'fflate'
import { joinBytes } from '../kit/bytes.ts'
import type { Part } from '../kit/package.ts'

/** The same content makes the same file, whenever it is made. */
const MADE = new Date(1980, 0, 1)

/** Packs parts into a zip; one without a path is the file itself. What is long comes in pieces, and between two of them others have their turn. */
export async function pack(parts: Iterable<Part>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let fault: Error | null = null
  const zip = new Zip((error, chunk) => {
    fault ??= error
    chunks.push(chunk)
  })
  const encoder = new TextEncoder()
  const all = [...parts]
  if (all[0]?.path === '') return encoded(all[0].text)
  for (const { path, text } of all) {
    const file = new ZipDeflate(path)
    file.mtime = MADE
    zip.add(file)
    for await (const piece of text) {
      file.push(encoder.encode(piece))
      await new Promise(done => setTimeout(done, 0))
    }
    file.push(new Uint8Array(), true)
  }
  zip.end()
  if (fault) throw fault
  return joinBytes(chunks)
}

async function encoded(text: Part['text']): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = []
  for await (const piece of text) pieces.push(new TextEncoder().encode(piece))
  return joinBytes(pieces)
}
