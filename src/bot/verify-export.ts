import { entryHash } from '../../db/audit-chain.ts'
import { digest } from '../kit/secret.ts'
import { type ExportedRecord, FILES, keyIn, type Manifest, NO_LINES, signatureIn } from '../kit/signed-export.ts'
import { verifyWith } from './keys.ts'
import { openArchive } from './unzip.ts'

/** What an export of audit records turned out to be; `fault` names the first thing that does not fit. */
export interface Verdict {
  fault: string | undefined
  manifest: Manifest | undefined
  /** To be compared with the key that the bot shows: who has another secret can sign too. */
  key: string | undefined
}

const MOST_BYTES = 64 * 1_048_576

/**
 * Verifies an export without the bot: its signature, that the records are those that were signed, and that each record fits its hash
 * and its neighbours. Whether the key is the bot's is for the reader to compare.
 * @throws Refusal, or what the inflater throws, when it is no archive.
 */
export async function verifyExport(bytes: Uint8Array): Promise<Verdict> {
  const files = await filesIn(bytes)
  if (!files) return { fault: 'not an export of audit records', manifest: undefined, key: undefined }
  const { manifest: said, key: pem, signature, records } = files
  const key = keyIn(pem)
  const verdict = (fault: string | undefined, manifest?: Manifest): Verdict => ({ fault, manifest, key })
  if (!key || !(await verifyWith(key, new TextEncoder().encode(said), signatureIn(signature))))
    return verdict('the signature does not fit')
  const manifest = JSON.parse(said) as Manifest
  return verdict(recordsFault(records, manifest), manifest)
}

type Files = Record<keyof typeof FILES, string>

/** @throws Refusal when it is no archive, or holds too much. */
async function filesIn(bytes: Uint8Array): Promise<Files | undefined> {
  const archive = openArchive(bytes, MOST_BYTES)
  const found: Partial<Files> = {}
  for (const [name, path] of Object.entries(FILES)) {
    const text = await archive.part(path)
    if (text === undefined) return undefined
    found[name as keyof Files] = text
  }
  return found as Files
}

function recordsFault(text: string, { records, digest: signed }: Manifest): string | undefined {
  const lines = text.split('\n').slice(0, -1)
  let so = NO_LINES
  for (const line of lines) so = digest(`${so}\n${line}`)
  if (lines.length !== records || so !== signed) return 'the records are not those that were signed'
  let before: ExportedRecord | undefined
  for (const line of lines) {
    const record = JSON.parse(line) as ExportedRecord
    const { seq, previous, hash, text: fields } = record
    if (entryHash(previous, seq, fields) !== hash) return `entry ${seq} does not fit its hash`
    if (before && (seq <= before.seq || (seq === before.seq + 1 && previous !== before.hash)))
      return `entry ${seq} does not follow entry ${before.seq}`
    before = record
  }
  return undefined
}
