import { strToU8, zipSync, zlibSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pagesIn } from '../src/bot/pdf-pages.ts'
import { refuseBombs } from '../src/bot/pdf-streams.ts'
import { readText } from '../src/bot/read-text.ts'
import { examine } from '../src/office/secrecy/examine.ts'
import { kinds } from './harness/databases.ts'
import { filesOf } from './harness/files.ts'
import { meetingsIn } from './harness/meetings.ts'
import { TestOffice, type TestPerson } from './harness/office.ts'
import { HELLO, latinBytes, type PdfObject, pdfOf, pdfPage, written } from './harness/pdf.ts'
import { everythingKept } from './harness/secrecy.ts'
import { handIn, seal, spoken } from './harness/signed.ts'
import { rows } from './harness/traces.ts'
import { watched } from './harness/watched-read.ts'
import { sheetOf, textDocument, workbook } from './harness/workbook.ts'

const MEGABYTE = 1_048_576
const MARK = '端砚专报 机密★1年'

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** A picture that says to be 50,000 pixels wide and high, in few bytes. */
function hugePicture(side = 50_000): Uint8Array {
  const chunk = (type: string, data: Uint8Array): Uint8Array => {
    const out = Buffer.alloc(12 + data.length)
    out.writeUInt32BE(data.length, 0)
    out.write(type, 4, 'latin1')
    out.set(data, 8)
    return out
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(side, 0)
  head.writeUInt32BE(side, 4)
  head.set([8, 6], 8)
  const dots = zlibSync(new Uint8Array(4 * MEGABYTE), { level: 9 })
  return Buffer.concat([
    Uint8Array.from(PNG),
    chunk('IHDR', head),
    chunk('IDAT', dots),
    chunk('IEND', new Uint8Array()),
  ])
}

const EXE = strToU8('MZ\u0090\u0000\u0003 This program cannot be run in DOS mode.')
/** How office programs keep what has a password: a container in which the package is sealed. */
const SEALED = new Uint8Array(
  Buffer.concat([
    Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
    Buffer.alloc(504),
    Buffer.from('EncryptedPackage', 'utf16le'),
    Buffer.alloc(1_024, 7),
  ]),
)

type Parts = Record<string, Uint8Array | string>
const packed = (parts: Parts): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.entries(parts).map(([name, part]) => [name, typeof part === 'string' ? strToU8(part) : part]),
    ),
    { level: 9 },
  )
const body = (words: string) => `<w:document><w:p><w:r><w:t>${words}</w:t></w:r></w:p></w:document>`
/** A document that can be read, and something beside its text. */
const beside = (parts: Parts): Uint8Array => packed({ 'word/document.xml': body('会议方案'), ...parts })

const SIGNS = { local: [0x50, 0x4b, 3, 4], listed: [0x50, 0x4b, 1, 2] }
/** The same archive with a bit or byte of each of its entries set. */
function changed(
  bytes: Uint8Array,
  change: (view: DataView, at: number, kind: keyof typeof SIGNS) => void,
): Uint8Array {
  const copy = Uint8Array.from(bytes)
  const view = new DataView(copy.buffer)
  for (const [kind, signs] of Object.entries(SIGNS))
    for (let at = 0; at < copy.length - 4; at++)
      if (signs.every((sign, i) => copy[at + i] === sign)) change(view, at, kind as keyof typeof SIGNS)
  return copy
}
const encrypted = (bytes: Uint8Array) =>
  changed(bytes, (view, at, kind) => view.setUint16(at + (kind === 'local' ? 6 : 8), 1, true))
const packedBy = (method: number) => (bytes: Uint8Array) =>
  changed(bytes, (view, at, kind) => view.setUint16(at + (kind === 'local' ? 8 : 10), method, true))

/** Two parts of one name: programs differ in which they show. */
function twice(): Uint8Array {
  const both = packed({ 'word/document.xml': body(MARK), 'word/documenu.xml': body('会议方案') })
  return changed(both, (view, at, kind) => {
    const name = at + (kind === 'local' ? 30 : 46)
    if (view.getUint8(name + 12) === 'u'.charCodeAt(0)) view.setUint8(name + 12, 't'.charCodeAt(0))
  })
}

/** All parts of an archive lead to the last of them. */
function sharing(bytes: Uint8Array): Uint8Array {
  let [at, size] = [0, 0]
  changed(bytes, (view, place, kind) => {
    if (kind === 'listed') [at, size] = [view.getUint32(place + 42, true), view.getUint32(place + 20, true)]
  })
  return changed(bytes, (view, place, kind) => {
    if (kind !== 'listed') return
    view.setUint32(place + 42, at, true)
    view.setUint32(place + 20, size, true)
    view.setUint16(place + 10, 8, true)
  })
}

const utf16 = (words: string): Uint8Array =>
  Buffer.concat([Uint8Array.from([0xff, 0xfe]), Buffer.from(words, 'utf16le')])
const spaces = (megabytes: number): Uint8Array => zlibSync(new Uint8Array(megabytes * MEGABYTE).fill(32), { level: 9 })

const UNCOUNTED = '未计入页数'
const HIDDEN_PAGE = '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>'
/** An object that stands in a stream of objects. */
const packedObjects = (object: string, more = ''): PdfObject => [
  `/Type/ObjStm/N 1/First 5/Filter/FlateDecode${more}`,
  zlibSync(latinBytes(`9 0  ${object}`)),
]

/** Drawings each of which shows the next ten times. */
const forms = (depth: number): PdfObject[] => [
  ...Array.from(
    { length: depth },
    (_, i) =>
      [
        `/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</X${i + 1} ${7 + i} 0 R>>>>`,
        latinBytes(`/X${i + 1} Do `.repeat(10)),
      ] as const,
  ),
  ['/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</Font<</F1 5 0 R>>>>', HELLO],
]
const noted = (note: string): Uint8Array =>
  pdfPage(['', HELLO], { page: '/Annots[6 0 R]', more: [`<</Type/Annot/Rect[0 0 9 9]${note}>>`] })
const hexOf = (words: string): string => `<feff${Buffer.from(words, 'utf16le').swap16().toString('hex')}>`
const attached = '/Names<</EmbeddedFiles<</Names[(a.docx) 6 0 R]>>>>'
const attachment: PdfObject[] = ['<</Type/Filespec/F(a.docx)/EF<</F 7 0 R>>>>', ['/Type/EmbeddedFile', SEALED]]

/** What stands between the description of a stream and its keyword. */
const bombBehind = (between: string): Uint8Array => {
  const plain = Buffer.from(pdfPage(['/Filter/FlateDecode', spaces(200)])).toString('latin1')
  return Buffer.from(plain.replace('\nstream', ` ${between}\nstream`), 'latin1')
}
const EMPTY_BLOCKS = Buffer.concat([Buffer.of(0x78, 1), Buffer.from('000000ffff'.repeat(3_000), 'hex')])
const PACKED = '1 0 obj<</Filter/FlateDecode>>stream '
const REMARKS = `>>${'%'.repeat(4_000)}${'stream'.repeat(600)}`

const CANNOT = '无法进行保密检查'
const UNREADABLE = '已加密或已损坏'
const INSIDE = '内嵌有其他文件'
const TOO_MUCH = '文件过大'

/** What is sent, under which name, and what is said of it. */
type Hostile = [what: string, name: string, bytes: () => Uint8Array, words: string]
const HOSTILE: Hostile[] = [
  ['a zip in a zip', '材料.zip', () => packed({ 'a.zip': packed({ 'b.zip': packed({ 'c.txt': MARK }) }) }), CANNOT],
  ['a document in a zip', '材料.zip', () => packed({ '方案.docx': textDocument([MARK]) }), CANNOT],
  ['a zip called a document', '方案.docx', () => packed({ 'a.zip': packed({ 'b.txt': MARK }) }), CANNOT],
  ['a document inside another', '方案.docx', () => beside({ 'word/embeddings/a.docx': textDocument([MARK]) }), INSIDE],
  [
    'one under the name of a picture',
    '方案.docx',
    () => beside({ 'word/media/image1.png': textDocument([MARK]) }),
    INSIDE,
  ],
  ['one without a name of its kind', '方案.docx', () => beside({ 'word/media/data': textDocument([MARK]) }), INSIDE],
  ['a sealed package inside', '方案.docx', () => beside({ 'word/media/oleObject1.bin': SEALED }), INSIDE],
  ['a film inside', '演示.pptx', () => packed({ 'ppt/slides/slide1.xml': body('甲'), 'ppt/media/a.mp4': EXE }), INSIDE],
  ['macros', '方案.docx', () => beside({ 'word/vbaProject.bin': SEALED }), INSIDE],
  ['a page of HTML inside', '方案.docx', () => beside({ 'word/afchunk.html': MARK }), INSIDE],
  [
    'a binary workbook',
    '台账.xlsx',
    () => packed({ 'xl/workbook.bin': utf16(MARK), 'xl/worksheets/sheet1.bin': utf16(MARK) }),
    INSIDE,
  ],
  [
    'pictures and no word',
    '方案.docx',
    () =>
      packed({
        'word/document.xml': body(''),
        'word/media/a.png': hugePicture(),
        'docProps/core.xml': '<a><creator>赵敏</creator></a>',
      }),
    '没有可以识别的文字',
  ],
  ['a picture called a document', '方案.docx', () => hugePicture(), CANNOT],
  ['a program called a document', '方案.docx', () => EXE, CANNOT],
  ['a program called a text', '说明.txt', () => EXE, CANNOT],
  ['a text called a document', '方案.docx', () => strToU8('会议方案'), CANNOT],
  ['a picture', '照片.png', () => hugePicture(), CANNOT],
  ['a text called a PDF', '报告.pdf', () => strToU8('%PDX-1.7\n会议'), CANNOT],
  [
    'a PDF behind two kilobytes of something else',
    '报告.pdf',
    () => Buffer.concat([Buffer.alloc(2_048, 32), pdfOf('会议')]),
    CANNOT,
  ],
  [
    'a PDF whose characters stand in a table that its reader lacks',
    '报告.pdf',
    () => inFont('/Encoding/UniGB-UCS2-H/DescendantFonts[7 0 R]/ToUnicode 8 0 R'),
    '字体未附文字编码',
  ],
  [
    'a PDF that does not say what its characters are',
    '报告.pdf',
    () => inFont('/Encoding/Identity-H/DescendantFonts[7 0 R]'),
    '字体未附文字编码',
  ],
  [
    'the same, packed',
    '报告.pdf',
    () => pdfPage(['', HELLO], { more: [packedObjects('<</Type/Font/Subtype/Type0/Encoding/GBK-EUC-H>>')] }),
    '字体未附文字编码',
  ],
  ['a PDF of nothing but its mark', '报告.pdf', () => strToU8('%PDF-1.7\n'), ''],
  ['a document with a password', '方案.docx', () => SEALED, '已加密'],
  ['a workbook with a password', '台账.xlsx', () => SEALED, '已加密'],
  ['a sealed container that is cut off', '方案.docx', () => SEALED.subarray(0, 9), '已加密'],
  ['encrypted entries', '方案.docx', () => encrypted(textDocument(['会议方案'])), '已加密'],
  [
    'entries packed in a way of later',
    '方案.docx',
    () => packedBy(93)(textDocument(['会议方案'.repeat(40)])),
    UNREADABLE,
  ],
  ['two parts of one name', '方案.docx', twice, UNREADABLE],
  ['an archive cut off', '方案.docx', () => textDocument(['会议方案']).subarray(0, 150), UNREADABLE],
  [
    'a bomb in a document',
    '方案.docx',
    () => packed({ 'word/document.xml': `<a>${' '.repeat(200 * MEGABYTE)}` }),
    TOO_MUCH,
  ],
  [
    'a bomb of many parts',
    '方案.docx',
    () =>
      packed({
        'word/document.xml': body('甲'),
        ...Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`word/p${i}.xml`, 'x'.repeat(MEGABYTE)])),
      }),
    TOO_MUCH,
  ],
  [
    'a bomb in a picture of it',
    '方案.docx',
    () => beside({ 'word/media/a.png': new Uint8Array(100 * MEGABYTE) }),
    INSIDE,
  ],
  [
    'very many parts',
    '方案.docx',
    () => beside(Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`word/p${i}.xml`, '<a/>']))),
    '文件结构过于复杂',
  ],
  [
    'shared texts beyond measure',
    '台账.xlsx',
    () => workbook(sheetOf([['甲']]), `<sst>${`<si><t>${'长'.repeat(100)}</t></si>`.repeat(21_000)}</sst>`),
    '文件文字过多',
  ],
  [
    'very many cells beneath long heads',
    '台账.xlsx',
    () => {
      const row = (cells: string) => `<row>${cells.repeat(20)}</row>`
      const head = row(`<c t="inlineStr"><is><t>${'头'.repeat(40)}</t></is></c>`)
      return workbook(`<sheetData>${head}${row('<c><v>1</v></c>').repeat(12_000)}</sheetData>`)
    },
    '文件文字过多',
  ],
  [
    'an external entity',
    '方案.docx',
    () => packed({ 'word/document.xml': `<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>${body('&e;')}` }),
    '外部引用',
  ],
  [
    'entities of entities',
    '演示.pptx',
    () => packed({ 'ppt/slides/slide1.xml': `<!DOCTYPE l [<!ENTITY a "哈哈"><!ENTITY b "&a;&a;&a;">]>${body('&b;')}` }),
    '外部引用',
  ],
  [
    'a text in another encoding',
    '方案.docx',
    () => packed({ 'word/document.xml': utf16(body(MARK)), 'word/header1.xml': body('会议方案') }),
    '文字编码',
  ],
  [
    'a text that says to be in another encoding',
    '方案.docx',
    () => packed({ 'word/document.xml': `<?xml version="1.0" encoding="GB18030"?>${body('会议方案')}` }),
    '文字编码',
  ],
  [
    'a main part under the name of a font',
    '方案.docx',
    () =>
      beside({
        '_rels/.rels': '<Relationship Type="officeDocument" Target="word/fonts/font1.odttf"/>',
        'word/fonts/font1.odttf': body(MARK),
      }),
    INSIDE,
  ],
  ['a text of 10 MB', '说明.txt', () => strToU8('会议方案'.repeat(800_000)), '文件文字过多'],
  [
    'a PDF with a password',
    '报告.pdf',
    () =>
      written(
        [
          '<</Type/Catalog/Pages 2 0 R>>',
          '<</Type/Pages/Kids[]/Count 0>>',
          '<</Filter/Standard/V 2/R 3/O<00>/U<00>/P -4>>',
        ],
        '/Encrypt 3 0 R',
      ),
    UNREADABLE,
  ],
  [
    'a PDF without pages',
    '报告.pdf',
    () => written(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[]/Count 0>>']),
    UNREADABLE,
  ],
  [
    'a PDF with a file attached',
    '报告.pdf',
    () => pdfPage([UNREADABLE, HELLO], { root: attached, more: attachment }),
    INSIDE,
  ],
  [
    'a PDF with a file pinned to a page',
    '报告.pdf',
    () =>
      pdfPage(['', HELLO], {
        page: '/Annots[8 0 R]',
        more: [...attachment, '<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]/FS 6 0 R>>'],
      }),
    INSIDE,
  ],
  ...[1, 32].map(
    (flag): Hostile => [
      `the same that is not shown (${flag})`,
      '报告.pdf',
      () =>
        pdfPage(['', HELLO], {
          page: '/Annots[8 0 R]',
          more: [...attachment, `<</Type/Annot/Subtype/FileAttachment/F ${flag}/Rect[0 0 9 9]/FS 6 0 R>>`],
        }),
      INSIDE,
    ],
  ),
  ['a bomb in a PDF', '报告.pdf', () => pdfPage(['/Filter/FlateDecode', spaces(200)]), TOO_MUCH],
  ['one under a name spelt otherwise', '报告.pdf', () => pdfPage(['/F#69lter[/Fl]', spaces(200)]), TOO_MUCH],
  [
    'one that hides its end',
    '报告.pdf',
    () =>
      pdfPage([
        '/Filter/FlateDecode',
        Buffer.concat([
          Uint8Array.from([0x78, 0x01, 0, 10, 0, 0xf5, 0xff]),
          latinBytes('\nendstream'),
          spaces(100).subarray(2),
        ]),
      ]),
    TOO_MUCH,
  ],
  ['one packed twice', '报告.pdf', () => pdfPage(['/Filter[/FlateDecode/FlateDecode]', zlibSync(spaces(200))]), CANNOT],
  ['one packed by an old way', '报告.pdf', () => pdfPage(['/Filter/LZWDecode', Buffer.alloc(100_000, 0x80)]), CANNOT],
  [
    'one whose packing stands elsewhere',
    '报告.pdf',
    () => pdfPage(['/Filter 6 0 R', spaces(200)], { more: ['/FlateDecode'] }),
    CANNOT,
  ],
  [
    'one behind a remark',
    '报告.pdf',
    () =>
      Buffer.from(
        Buffer.from(pdfPage(['/Filter/FlateDecode', spaces(200)]))
          .toString('latin1')
          .replace('\nstream', ' %x\nstream'),
        'latin1',
      ),
    TOO_MUCH,
  ],
  ...['( obj)', '(1 0 obj<<)', '(1 0 obj<<())', '(1 0 obj<<\\()', '(1 0 obj<<%)\n'].map(
    (words): [string, string, () => Uint8Array, string] => [
      `one that speaks of another in its words: ${words}`,
      '报告.pdf',
      () => pdfPage([`/Filter/FlateDecode/X${words}`, spaces(200)]),
      CANNOT,
    ],
  ),
  ['one behind a long remark', '报告.pdf', () => bombBehind(`%${'x'.repeat(9_000)}`), TOO_MUCH],
  ['one behind a remark that speaks of another', '报告.pdf', () => bombBehind('%9 0 obj<<>> x'), TOO_MUCH],
  ['one behind much space', '报告.pdf', () => bombBehind(' '.repeat(9_000)), TOO_MUCH],
  ['one behind a zero', '报告.pdf', () => bombBehind('\0'), TOO_MUCH],
  [
    'one behind much that comes to nothing',
    '报告.pdf',
    () => pdfPage(['/Filter/FlateDecode', Buffer.concat([EMPTY_BLOCKS, spaces(200).subarray(2)])]),
    TOO_MUCH,
  ],
  [
    'one packed text of many streams',
    '报告.pdf',
    () =>
      Buffer.concat([
        latinBytes(`%PDF-1.7\n${PACKED.repeat(1_000)}\n`),
        zlibSync(latinBytes('hello'.repeat(9_000)), { level: 0 }),
      ]),
    CANNOT,
  ],
  [
    'one description of many streams',
    '报告.pdf',
    () => latinBytes(`%PDF-1.7\n1 0 obj<<${'>>stream'.repeat(9_000)}`),
    CANNOT,
  ],
  [
    'remarks and keywords',
    '报告.pdf',
    () => latinBytes(`%PDF-1.7\n${REMARKS.repeat((20 * MEGABYTE) / REMARKS.length)}`),
    CANNOT,
  ],
  [
    'streams beyond number',
    '报告.pdf',
    () => latinBytes(`%PDF-1.7\n${'1 0 obj<<>>stream\n'.repeat(20_001)}`),
    TOO_MUCH,
  ],
  [
    'drawings in drawings in a PDF',
    '报告.pdf',
    () => pdfPage(['', latinBytes('/X0 Do')], { resources: '/XObject<</X0 6 0 R>>', more: forms(9) }),
    '文件文字过多',
  ],
  [
    'pages that hold each other',
    '报告.pdf',
    () => written(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[2 0 R]/Count 3>>']),
    '',
  ],
  ['brackets without end in a PDF', '报告.pdf', () => pdfPage(['', HELLO], { root: `/X ${'['.repeat(200_000)}` }), ''],
  [
    'a PDF of a thousand pages',
    '报告.pdf',
    () =>
      written([
        '<</Type/Catalog/Pages 2 0 R>>',
        `<</Type/Pages/Kids[${'3 0 R '.repeat(1_000)}]/Count 1000>>`,
        '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>',
      ]),
    '文件文字过多',
  ],
  [
    'a PDF that does not count its second page',
    '报告.pdf',
    () =>
      Buffer.from(
        Buffer.from(pdfPage(['', HELLO], { more: [HIDDEN_PAGE] }))
          .toString('latin1')
          .replace('[3 0 R]', '[3 0 R 6 0 R]'),
        'latin1',
      ),
    UNCOUNTED,
  ],
  [
    'one that shows its first page twice for it',
    '报告.pdf',
    () =>
      written([
        '<</Type/Catalog/Pages 2 0 R>>',
        '<</Type/Pages/Kids[3 0 R 3 0 R 6 0 R]/Count 2>>',
        '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
        ['', HELLO],
        '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
        HIDDEN_PAGE,
      ]),
    UNCOUNTED,
  ],
  [
    'one whose name is spelt otherwise',
    '报告.pdf',
    () => pdfPage(['', HELLO], { more: [HIDDEN_PAGE.replace('Page', 'P#61ge')] }),
    UNCOUNTED,
  ],
  [
    'one that does not say that it is one',
    '报告.pdf',
    () => pdfPage(['', HELLO], { more: [HIDDEN_PAGE.replace('/Type/Page', '')] }),
    UNCOUNTED,
  ],
  ['one that is packed', '报告.pdf', () => pdfPage(['', HELLO], { more: [packedObjects(HIDDEN_PAGE)] }), UNCOUNTED],
  [
    'one packed by differences',
    '报告.pdf',
    () => pdfPage(['', HELLO], { more: [packedObjects(HIDDEN_PAGE, '/DecodeParms<</Predictor 12>>')] }),
    CANNOT,
  ],
]

/** Its number in one font, its text in another. */
const inFont = (font: string): Uint8Array =>
  pdfPage(['', latinBytes('BT /F1 20 Tf 50 700 Td (- 1 -) Tj /F2 20 Tf <00010002> Tj ET')], {
    resources: '/Font<</F2 6 0 R>>',
    more: [
      `<</Type/Font/Subtype/Type0/BaseFont/STSong-Light${font}>>`,
      '<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>',
    ],
  })

/** What must be found, so that the gate can find it. */
const SHOWN: Array<[what: string, name: string, bytes: () => Uint8Array]> = [
  ['in a note on a page', '报告.pdf', () => noted(`/Subtype/Text/Contents${hexOf(MARK)}`)],
  ['in words put onto a page', '报告.pdf', () => noted(`/Subtype/FreeText/DA(/F1 9 Tf)/Contents${hexOf(MARK)}`)],
  [
    'in a field that is filled in',
    '报告.pdf',
    () =>
      pdfPage(['', HELLO], {
        root: '/AcroForm<</Fields[6 0 R]>>',
        page: '/Annots[6 0 R]',
        more: [`<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/Rect[0 0 9 9]/V${hexOf(MARK)}>>`],
      }),
  ],
  [
    'in a bookmark',
    '报告.pdf',
    () =>
      pdfPage(['', HELLO], {
        root: '/Outlines 6 0 R',
        more: ['<</First 7 0 R/Last 7 0 R/Count 1>>', `<</Title${hexOf(MARK)}/Parent 6 0 R/Dest[3 0 R/Fit]>>`],
      }),
  ],
  ['in a header', '方案.docx', () => beside({ 'word/header1.xml': body(MARK) })],
  ['in words of a drawing', '方案.docx', () => beside({ 'word/media/a.svg': `<svg><text>${MARK}</text></svg>` })],
  [
    'in a shape of a remark',
    '台账.xlsx',
    () =>
      packed({
        'xl/worksheets/sheet1.xml': sheetOf([['甲']]),
        'xl/drawings/vmlDrawing1.vml': `<xml><div>${MARK}</div></xml>`,
      }),
  ],
  ['in capitals', '方案.docx', () => beside({ 'WORD/FOOTER1.XML': body(MARK) })],
  ['in a text of which one byte is bad', '说明.txt', () => Buffer.concat([strToU8(MARK), Uint8Array.of(0xff)])],
  ['in a text of UTF-16', '说明.txt', () => utf16(MARK)],
  ['in a text of UTF-16, the other way round', '说明.txt', () => Buffer.from(utf16(MARK)).swap16()],
  [
    'in a watermark',
    '方案.docx',
    () => beside({ 'word/header1.xml': `<w:hdr><v:shape><v:textpath string="${MARK}"/></v:shape></w:hdr>` }),
  ],
  [
    'in its description',
    '方案.docx',
    () => beside({ 'word/header1.xml': `<wp:docPr id="1" descr='图 > 1: ${MARK}'/>` }),
  ],
  ['in the title of a picture', '方案.docx', () => beside({ 'word/header1.xml': `<wp:docPr title="a>b ${MARK}"/>` })],
  [
    'in the name of a content control',
    '方案.docx',
    () => beside({ 'word/footer1.xml': `<w:sdtPr><w:alias w:val="${MARK}"/><w:tag w:val="a"/></w:sdtPr>` }),
  ],
  [
    'in the hint of a cell',
    '台账.xlsx',
    () =>
      workbook(
        `${sheetOf([['甲']])}<dataValidations><dataValidation prompt="&#31471;砚专报 _x673A_密★1年" error="无"/></dataValidations>`,
      ),
  ],
  ['in the name of a property', '方案.docx', () => beside({ 'docProps/custom.xml': `<property name="${MARK}"/>` })],
  [
    'in the form of a number',
    '台账.xlsx',
    () =>
      packed({
        'xl/worksheets/sheet1.xml': sheetOf([['甲']]),
        'xl/styles.xml': `<numFmt formatCode="&quot;${MARK}&quot;0"/>`,
      }),
  ],
  [
    'in the main part under another name',
    '方案.docx',
    () =>
      beside({
        '_rels/.rels': '<Relationships><Relationship Type="officeDocument" Target="word/styles.xml"/></Relationships>',
        'word/styles.xml': body(MARK),
      }),
  ],
  [
    'in where a link leads',
    '方案.docx',
    () => beside({ 'word/_rels/document.xml.rels': `<Relationship Target="mailto:a?subject=${MARK}"/>` }),
  ],
  ['in a remark of the markup', '方案.docx', () => beside({ 'word/header1.xml': `<w:hdr><!-- " ${MARK} --></w:hdr>` })],
  ['behind a lone quote of a remark', '方案.docx', () => beside({ 'word/a.xml': `<!-- " -->${body(MARK)}` })],
  ['behind a quote without end', '方案.docx', () => beside({ 'word/a.xml': `<w:p a="b>${body(MARK)}` })],
  ['as it is written', '方案.docx', () => beside({ 'word/header1.xml': body(`<![CDATA[${MARK}]]>`) })],
  ['before a piece of its line', '方案.docx', () => beside({ 'word/a.svg': `<text>${MARK}<tspan>1</tspan></text>` })],
]

/** What it answers, how long it takes, how often and for how long nobody else has a turn, and by how much the memory grows meanwhile. */
const tried = (name: string, bytes: Uint8Array) => watched(() => readText(name, bytes))

describe('trust B18: what cannot be looked through is refused in time, in words, within bounds', () => {
  // the reader of PDFs is loaded once
  beforeAll(() => readText('报告.pdf', pdfOf('会议')))

  it.each(HOSTILE)(
    '%s',
    async (_, name, make, words) => {
      const { said, ms, held, grown } = await tried(name, make())
      expect(said).not.toContain('read: ')
      expect(said).toContain(words || 'broke')
      expect(ms).toBeLessThan(5_000)
      expect(held).toBeLessThan(2_000)
      expect(grown).toBeLessThan(64)
    },
    60_000,
  )

  it('a sign out of a font of symbols is read as one', async () => {
    const sign = '<w:p><w:r><w:t>秘密</w:t><w:sym w:font="Wingdings" w:char="F0AB"/><w:t>1年</w:t></w:r></w:p>'
    const file = packed({ 'word/document.xml': body('会议方案').replace('</w:document>', `${sign}</w:document>`) })
    expect((await tried('方案.docx', file)).said).toContain('秘密\uf0ab1年')
  })

  it.each(SHOWN)('what stands %s is looked through', async (_, name, make) => {
    expect((await tried(name, make())).said).toContain(MARK)
  })

  it.each<[string, string, () => Uint8Array]>([
    [
      'a document with a picture',
      '方案.docx',
      () =>
        beside({
          'word/media/image1.png': hugePicture(),
          'word/_rels/document.xml.rels': '<Relationships/>',
          'word/fonts/font1.odttf': EXE,
        }),
    ],
    [
      'a workbook that was printed',
      '台账.xlsx',
      () =>
        packed({
          'xl/worksheets/sheet1.xml': sheetOf([['会议方案']]),
          'xl/printerSettings/printerSettings1.bin': EXE,
          '[Content_Types].xml': '<Types/>',
          '_rels/.rels': '<Relationships/>',
        }),
    ],
    [
      'a PDF that shows a page twice',
      '报告.pdf',
      () =>
        written([
          '<</Type/Catalog/Pages 2 0 R>>',
          '<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>',
          '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
          ['', HELLO],
          '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
        ]),
    ],
    [
      'a PDF of which much stands in streams of objects',
      '报告.pdf',
      () => pdfPage(['', HELLO], { more: [packedObjects('<</Type/Pages/Title(Page)>>')] }),
    ],
    ['a PDF that is packed', '报告.pdf', () => pdfPage(['/Filter/FlateDecode', zlibSync(HELLO)])],
    [
      'a PDF with a picture',
      '报告.pdf',
      () =>
        pdfPage(['/Filter /FlateDecode', zlibSync(HELLO)], {
          more: [
            [
              '/Type/XObject/Subtype/Image/Width 50000/Height 50000/BitsPerComponent 8/ColorSpace/DeviceGray/Filter[/FlateDecode/DCTDecode]',
              HELLO,
            ],
          ],
        }),
    ],
    [
      'a document whose parts have names and numbers of their own',
      '方案.docx',
      () =>
        beside({
          'word/header1.xml':
            '<wp:docPr id="1" name="图片 1" descr="徽标"/><pageMargins left="0.69999999999999996"/><a:ext uri="{28A0092B-C50C-407E-A947-70E740481C1C}"/><x xr:uid="{00000000-0001-0000-0000-000000000000}" path="m4111 1111 1111 1111"/>',
          'word/styles.xml': '<w:style w:styleId="a"><w:name w:val="标题 1"/><w:rFonts w:eastAsia="宋体"/></w:style>',
        }),
    ],
    ['a text that speaks of an endstream, a stream and >> stream', '报告.pdf', () => pdfOf('会议 stream')],
  ])('%s is read as before', async (_, name, make) => {
    expect((await tried(name, make())).said).toMatch(/^read: [\s\S]*(会议|hello)/)
  })
})

it.each([
  ['of a picture', { 'word/header1.xml': '<wp:docPr descr="11010519491231002X"/>' }],
  ['of a control', { 'word/header1.xml': "<w:tag w:val='4111 1111 1111 1111'/>" }],
  ['of a cell', { 'xl/worksheets/a.xml': '<dataValidation prompt="Token: a1b2c3d4e5f6a7b8c9d0"/>' }],
])('a number that says enough by itself is found in words %s', async (_, parts) => {
  const { said } = await tried('方案.docx', beside(parts))
  expect(examine({ text: said, place: 'attachment' }).action).not.toBe('pass')
})

it('words beside a picture do not make a text of it', async () => {
  const only = packed({
    'word/document.xml': body('<wp:docPr id="1" name="图片 1" descr="徽标"/>'),
    'word/media/a.png': hugePicture(),
  })
  expect((await tried('方案.docx', only)).said).toContain('没有可以识别的文字')
})

it.each([
  ['quotes', `<a b="c' d="e'>`],
  ['openings', '<'],
  ['openings of remarks', '<!--'],
  ['openings of data', '<![CDATA['],
  ['values', `<a b="机" c='密'/>`],
  ['values without end', '="'],
])('a part of nothing but %s is done in time', async (_, unit) => {
  const bytes = beside({ 'word/a.xml': unit.repeat(Math.floor((4 * MEGABYTE) / unit.length)) })
  const { ms, held } = await tried('方案.docx', bytes)
  expect(ms).toBeLessThan(5_000)
  expect(held).toBeLessThan(2_000)
})

const picture = (megabytes: number): Uint8Array =>
  pdfPage(['', HELLO], { more: [['/Type/XObject/Subtype/Image/Filter/FlateDecode', spaces(megabytes)]] })
const lookedFor = (bytes: Uint8Array) => refuseBombs(bytes).then(() => '')
const readAs = (name: string) => (bytes: Uint8Array) => readText(name, bytes)
const document = (part: string): Uint8Array => beside({ 'word/a.xml': part })

it.each<[string, () => Uint8Array, (bytes: Uint8Array) => Promise<string>]>([
  ['a PDF of 20 MB of keywords', () => latinBytes('stream '.repeat((20 * MEGABYTE) / 7)), lookedFor],
  ['a picture of 120 MB in a PDF', () => picture(120), readAs('报告.pdf')],
  ['a document of long tags', () => document(`<w ${'abcdefgh'.repeat(500)} 密>`.repeat(2_000)), readAs('方案.docx')],
  ['a document of one long tag', () => document(`<w${' a="机密"'.repeat(600_000)}>`), readAs('方案.docx')],
  ['a document of texts as they are', () => document('<![CDATA[]]>'.repeat(700_000)), readAs('方案.docx')],
])('others have their turn while %s is read', async (_, make, read) => {
  const bytes = make()
  const { ms, turns } = await watched(() => read(bytes))
  expect(ms).toBeLessThan(5_000)
  expect(turns).toBeGreaterThan(3)
})

it('parts of one document that share what is packed are read once', async () => {
  const parts = Object.fromEntries(
    Array.from({ length: 100 }, (_, i) => [`word/p${String(i).padStart(4, '0')}.xml`, '']),
  )
  const signs = Array.from({ length: 40_000 }, (_, i) => ((i * i * 2_654_435_761) % 4_294_967_291).toString(36)).join(
    '',
  )
  const bytes = beside({ ...parts, 'word/p.xml': `<a b="${signs}"/>` })
  expect((await tried('方案.docx', sharing(bytes))).said).toContain(UNREADABLE)
})

it('what is looked for is found wherever a portion ends, each once', async () => {
  for (let before = 65_480; before < 65_560; before++) {
    const bytes = latinBytes(`${' '.repeat(before)}12 0 obj<</T#79pe /P#61ge>>`)
    expect([...(await pagesIn(bytes)).pages]).toEqual([12])
  }
})

describe.each(kinds)('trust B18: hostile files through the front door, on %s', kind => {
  let office: TestOffice
  let zhao: TestPerson
  let wang: TestPerson
  let meeting: number
  beforeAll(async () => {
    office = await TestOffice.open({ kind, wire: 'hasty' })
    ;[zhao, wang] = [office.person('赵敏'), office.person('王强')]
    for (const line of ['@赵敏 会务员', '@王强 督办员']) await office.person('刘芳').says(`/角色 ${line}`)
    const put = meetingsIn(office.database.db)
    meeting = await put.meeting(zhao.id, { title: '材料会' })
    await put.ask(meeting, { person: office.idOf('陈晨'), state: 'attending' })
  })
  afterAll(() => office.close())

  const sent = (some: string[]) => HOSTILE.filter(([what]) => some.includes(what))

  it.each(
    sent([
      'a document in a zip',
      'one under the name of a picture',
      'a picture called a document',
      'a program called a document',
      'a document with a password',
      'encrypted entries',
      'a bomb in a document',
      'an external entity',
      'a text in another encoding',
      'a PDF with a password',
      'a PDF with a file attached',
      'a bomb in a PDF',
      'drawings in drawings in a PDF',
    ]),
  )(
    'as the material of a meeting, %s goes to nobody; its sender is told why',
    async (_, name, make, words) => {
      const before = office.sim.state.files.size
      await zhao.sendsFile(name, { bytes: make() })
      await zhao.presses('发送给参会人员', { form: { meeting: String(meeting) } })
      const { words: said } = await zhao.sees()
      expect(said).toContain(`未能发送《${name}》:`)
      expect(said).toContain(words)
      expect(await filesOf(office, office.person('陈晨'))).toEqual([])
      // what was sent in is there, and nothing of ours
      expect(office.sim.state.files.size).toBe(before + 1)
      expect((await everythingKept(office)).filter(line => line.includes('端砚'))).toEqual([])
    },
    60_000,
  )

  it('while files are looked through others are answered', async () => {
    const bomb = pdfPage(['', latinBytes('/X0 Do')], { resources: '/XObject<</X0 6 0 R>>', more: forms(9) })
    await zhao.sendsFile('慢.pdf', { bytes: bomb })
    const press = zhao.presses('发送给参会人员', { form: { meeting: String(meeting) } })
    const chat = await wang.privateChat()
    const waits: number[] = []
    for (let i = 0; i < 10; i++) {
      const { status, ms } = await handIn(office.botUrl, seal(spoken({ who: wang.id, chat, text: '/帮助' })))
      expect(status).toBe(200)
      waits.push(ms)
    }
    expect(Math.max(...waits)).toBeLessThan(1_000)
    await press
    await office.settled()
  })

  it.each(
    sent([
      'a zip called a document',
      'a program called a document',
      'a workbook with a password',
      'encrypted entries',
      'two parts of one name',
      'a binary workbook',
      'an external entity',
    ]),
  )('as a table, %s is read by nobody; its sender is told so', async (_, _name, make) => {
    const before = await rows(office.database.db, 'select id from tasks')
    await wang.sendsFile('汇总.xlsx', { bytes: make() })
    expect((await wang.sees()).words).toMatch(/未能读取《汇总.xlsx》:.*(已损坏|已加密|外部引用)/)
    expect(await rows(office.database.db, 'select id from tasks')).toEqual(before)
  })

  it('a header that is a word of the language is a column like any other', async () => {
    const table = workbook(
      sheetOf([
        ['__proto__', 'constructor', 'toString'],
        ['甲', '乙', '丙'],
      ]),
    )
    await wang.sendsFile('汇总.xlsx', { bytes: table })
    expect((await wang.sees()).words).toContain('未能读取《汇总.xlsx》')
    expect(({} as Record<string, unknown>).甲).toBeUndefined()
  })

  it.each([
    ['leads out of its folder', '../../../etc/passwd.docx'],
    ['leads out of its folder elsewhere', '..\\..\\windows\\系统.docx'],
    ['has control characters', '方\u0000案\u001b[31m\r\n{"level":"error"}\u2028.docx'],
    ['turns the reading direction', '方案\u202excod.exe\u2066.docx'],
    ['is longer than any', `${'长'.repeat(3_000)}.docx`],
    ['is half a character', '方案\ud83d.docx'],
    ['is none', ''],
    ['is markup', '<at id=all></at>[甲](http://evil.example).docx'],
  ])('a name that %s is kept and shown harmlessly', async (_, name) => {
    const content = JSON.stringify({ file_key: 'file_v3_hostile', file_name: name })
    const from = office.log.length
    const chat = await zhao.privateChat()
    expect((await handIn(office.botUrl, seal(spoken({ who: zhao.id, chat, type: 'file', content })))).status).toBe(200)
    await office.settled()
    const [kept] = await rows<{ name: string }>(
      office.database.db,
      'select name from meeting_materials order by id desc',
    )
    expect(kept?.name.length).toBeLessThanOrEqual(121)
    expect(kept?.name).not.toMatch(/[\p{C}/\\\u2028]/u)
    expect((await zhao.seesCard()).words).toContain(kept?.name.slice(0, 30) ?? '')
    expect(office.log.slice(from).join('')).not.toMatch(/方案|系统|passwd|evil|level\\":/)
    for (const line of office.log.slice(from)) expect(JSON.parse(line)).toMatchObject({ what: expect.any(String) })
  })

  it('a name is looked through like any text, also of a picture', async () => {
    for (const image of [false, true]) {
      await wang.sendsFile(`端砚专报 机密★1年.${image ? 'png' : 'docx'}`, { image, bytes: hugePicture() })
      if (!image) expect((await wang.sees()).words).toContain('检测到疑似涉密')
    }
    expect((await everythingKept(office)).filter(line => line.includes('端砚'))).toEqual([])
  })

  it('a picture is never fetched, whatever it says of its size', async () => {
    const card = await zhao.seesCard()
    for (const replyTo of [undefined, card])
      await zhao.sendsFile('照片', { image: true, bytes: hugePicture(), ...(replyTo && { replyTo }) })
    const calls = (await office.calls()).filter(({ path }) => path.includes('/resources/img'))
    expect(calls).toEqual([])
  })
})
