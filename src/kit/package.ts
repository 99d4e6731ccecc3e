/** One file inside a package (a zip as office programs use it); its text comes piece by piece. */
export interface Part {
  path: string
  text: Iterable<string> | AsyncIterable<string>
}

/** A file that is no package but its text alone. */
export const plainFile = (text: string): Part[] => [{ path: '', text: [text] }]

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const TYPES = 'http://schemas.openxmlformats.org/package/2006/content-types'
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships'
const OFFICE_RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

export const xmlPart = (path: string, body: string): Part => ({ path, text: [XML, body] })

/** The head of an XML file whose body comes piece by piece. */
export const xmlHead = XML

/** What each part is, by its path. */
export function contentTypes(types: Record<string, string>): Part {
  const overrides = Object.entries(types).map(([path, type]) => `<Override PartName="/${path}" ContentType="${type}"/>`)
  return xmlPart(
    '[Content_Types].xml',
    `<Types xmlns="${TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${overrides.join('')}</Types>`,
  )
}

/** What belongs to a part: kind → target, numbered rId1, rId2 … in this order. */
export function relations(path: string, some: Array<[kind: string, target: string]>): Part {
  const rows = some.map(
    ([kind, target], i) => `<Relationship Id="rId${i + 1}" Type="${OFFICE_RELATIONS}/${kind}" Target="${target}"/>`,
  )
  return xmlPart(path, `<Relationships xmlns="${RELATIONS}">${rows.join('')}</Relationships>`)
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text as XML holds it: what XML cannot hold is dropped. */
export const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"]/g, sign => ENTITIES[sign] ?? sign)
