const hex = (code: number): string => code.toString(16).padStart(4, '0')

/** A page that shows a text by glyphs of its own, which a table tells apart, as word processors write Chinese; '' = a page like a scan. */
export function pdfOf(text: string): Uint8Array {
  const signs = Array.from(text)
  const glyphs = signs.map((_, i) => hex(i + 1)).join('')
  const table = signs.map((sign, i) => `<${hex(i + 1)}> <${hex(sign.charCodeAt(0))}>`).join('\n')
  const map = `begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange\n${signs.length} beginbfchar\n${table}\nendbfchar endcmap`
  const page = signs.length ? `BT /F1 20 Tf 50 700 Td <${glyphs}> Tj ET` : '0 0 100 100 re f'
  const stream = (content: string) => `<</Length ${content.length}>>\nstream\n${content}\nendstream`
  return assembled([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    stream(page),
    '<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 8 0 R>>',
    '<</Type/Font/Subtype/CIDFontType2/BaseFont/Song/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 7 0 R>>',
    '<</Type/FontDescriptor/FontName/Song/Flags 4/FontBBox[0 0 1000 1000]/ItalicAngle 0/Ascent 900/Descent -100/CapHeight 700/StemV 80>>',
    stream(map),
  ])
}

function assembled(objects: readonly string[]): Uint8Array {
  let file = '%PDF-1.7\n'
  const places = objects.map((object, i) => {
    const place = file.length
    file += `${i + 1} 0 obj\n${object}\nendobj\n`
    return `${String(place).padStart(10, '0')} 00000 n \n`
  })
  const size = objects.length + 1
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${places.join('')}`
  return new TextEncoder().encode(
    `${file}${table}trailer\n<</Size ${size}/Root 1 0 R>>\nstartxref\n${file.length}\n%%EOF`,
  )
}

const LATIN = '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'

/** An object of a PDF: as it is written, or what describes a stream, and the stream. */
export type PdfObject = string | readonly [dictionary: string, data: Uint8Array]

export const latinBytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))
export const HELLO = latinBytes('BT /F1 20 Tf 50 700 Td (hello) Tj ET')

/** One page: its contents (4), its font (5) and whatever else, numbered from 6; `page` is put into what describes it, `root` likewise. */
export function pdfPage(
  contents: PdfObject,
  {
    page = '',
    resources = '',
    root = '',
    more = [],
  }: { page?: string; resources?: string; root?: string; more?: PdfObject[] } = {},
): Uint8Array {
  return written([
    `<</Type/Catalog/Pages 2 0 R${root}>>`,
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>${resources}>>${page}>>`,
    contents,
    LATIN,
    ...more,
  ])
}

/** A whole file of these objects, the first of which is its root. */
export function written(objects: readonly PdfObject[], trailer = ''): Uint8Array {
  const parts = [latinBytes('%PDF-1.7\n')]
  let length = 9
  const put = (bytes: Uint8Array): void => {
    parts.push(bytes)
    length += bytes.length
  }
  const places = objects.map((object, i) => {
    const place = length
    if (typeof object === 'string') put(latinBytes(`${i + 1} 0 obj\n${object}\nendobj\n`))
    else {
      const [dictionary, data] = object
      put(latinBytes(`${i + 1} 0 obj\n<<${dictionary}/Length ${data.length}>>\nstream\n`))
      put(data)
      put(latinBytes('\nendstream\nendobj\n'))
    }
    return `${String(place).padStart(10, '0')} 00000 n \n`
  })
  const size = objects.length + 1
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${places.join('')}`
  put(latinBytes(`${table}trailer\n<</Size ${size}/Root 1 0 R${trailer}>>\nstartxref\n${length}\n%%EOF`))
  return new Uint8Array(Buffer.concat(parts))
}
