import { countSealed, countUnsealed, type Sealed, sealedAfter } from '../../db/audit.ts'
import { headAndLast } from '../../db/audit-chain.ts'
import { peopleById } from '../../db/people.ts'
import type { Action, Answer, Look, Said, Turn } from '../../src/bot/feature.ts'
import type { Value } from '../../src/kit/card.ts'
import type { Part } from '../../src/kit/package.ts'
import { Refusal } from '../../src/kit/refusal.ts'
import { digest } from '../../src/kit/secret.ts'
import {
  type ExportedRecord,
  FILES,
  type Manifest,
  NO_LINES,
  pemOf,
  signatureText,
} from '../../src/kit/signed-export.ts'
import { formatInstant } from '../../src/kit/time.ts'
import { type Asked, askedBy, NOTHING_ASKED } from '../../src/office/audit/asked.ts'
import { EXAMPLES, exportFileName, instruction, wordsOfLine } from '../../src/office/audit/cards.ts'
import { linesOf } from './lines.ts'
import { askedIn, filterOf, wordsOf } from './list.ts'
import { FEATURE, refuseNonAuditor, sightOfPerson } from './sight.ts'

/** More records are exported in several files, narrowed by what is asked for. */
const MOST_EXPORTED = 10_000
/** A record is sealed within a second or two, unless sealing has come to a halt. */
const SOON_SEALED_MS = 60_000
/** So many are read and written before others have their turn. */
const SLICE = 200

/** `/审计 导出`, `/审计 导出 11月`: sealed records as a signed file. */
export async function exportSaid(turn: Turn, said: Said): Promise<Answer> {
  refuseNonAuditor(turn, '导出审计记录')
  const asked = said.text.trim() ? await askedIn(turn, said) : NOTHING_ASKED
  return { say: { text: await order(turn, asked) }, privately: true }
}

/** What a page shows, all of it. */
export const exportPress: Action = async (turn, { value }) => {
  refuseNonAuditor(turn, '导出审计记录')
  return { toast: { kind: 'success', words: await order(turn, askedBy(value, {})) } }
}

async function order(turn: Turn, asked: Asked): Promise<string> {
  const { head } = await headAndLast(turn.db)
  const filter = await filterOf(turn, asked, 'all')
  const count = await countSealed(turn.db, filter, MOST_EXPORTED + 1)
  if (!count) throw new Refusal('没有符合条件的已入链审计记录')
  if (count > MOST_EXPORTED)
    throw new Refusal(`符合条件的记录超过${MOST_EXPORTED}条,请按月份、人员等缩小范围后分次导出`, `/审计 导出 ${MONTH}`)
  const unsealed = await countUnsealed(turn.db, filter, new Date(turn.now.getTime() - SOON_SEALED_MS))
  const ordered = { by: turn.who.id, upTo: head.seq, unsealed }
  turn.send({
    to: { person: turn.who.id },
    body: { file: { feature: FEATURE, name: exportFileName(turn.now), order: { ...asked, ...ordered } } },
    urgent: true,
  })
  turn.record({ feature: FEATURE, act: 'export', data: { ...asked, count } })
  const left = unsealed ? `;另有${unsealed}条尚未入链,不在其中` : ''
  return `正在生成审计记录(${count}条${left}),完成后发送到私聊`
}

const GUIDE = '说明.txt'
const NO_AUDITOR = '生成时您已不是安全审计员,未导出审计记录。\n'

const MONTH = EXAMPLES[0]?.split(' ').at(-1) ?? ''

/** The ordered file, up to the head of then. For whoever is no auditor any more nothing is signed: that there were no records would be untrue. */
export async function exportFile(look: Look, ordered: Value): Promise<Part[]> {
  const by = String(ordered.by)
  const asked = askedBy(ordered, {})
  if (!(await isAuditorStill(look, by))) return [{ path: GUIDE, text: [NO_AUDITOR] }]
  const { head } = await headAndLast(look.db)
  const upTo = typeof ordered.upTo === 'number' ? ordered.upTo : head.seq
  const tally = { records: 0, digest: NO_LINES }
  const records = recordText(look, asked, upTo, tally)
  const manifest = once(async () => {
    const [person] = await peopleById(look.db, [by])
    const { records: count, digest: lines } = tally
    const made: Manifest = {
      ...{ made: formatInstant(look.now), by: person?.name || '未知人员', asked: await wordsOf(look, asked) },
      ...{ records: count, upTo, unsealed: Number(ordered.unsealed ?? 0), digest: lines },
      head: { seq: head.seq, hash: head.hash, signature: head.signature },
      app: 'huiyin',
    }
    return `${JSON.stringify(made, undefined, 2)}\n`
  })
  return [
    { path: FILES.records, text: records },
    { path: FILES.manifest, text: later(manifest) },
    {
      path: FILES.signature,
      text: later(async () => signatureText(await look.office.keys.sign(bytesOf(await manifest())))),
    },
    { path: FILES.key, text: [pemOf(await look.office.keys.publicKey())] },
    { path: GUIDE, text: [instruction(await look.office.keys.publicKey())] },
  ]
}

const isAuditorStill = async (look: Look, id: string): Promise<boolean> => (await sightOfPerson(look, id)) === 'all'

const bytesOf = (said: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(said)

function once<T>(run: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | undefined
  return () => (kept ??= run())
}

/** What can be written only when the parts before it are. */
async function* later(run: () => Promise<string>): AsyncIterable<string> {
  yield await run()
}

async function* recordText(
  look: Look,
  asked: Asked,
  until: number,
  tally: { records: number; digest: string },
): AsyncIterable<string> {
  const filter = await filterOf(look, asked, 'all')
  for (let last = 0; tally.records < MOST_EXPORTED; ) {
    const some = await sealedAfter(look.db, filter, last, until, Math.min(SLICE, MOST_EXPORTED - tally.records))
    if (!some.length) return
    const lines = await exported(look, some)
    for (const line of lines) tally.digest = digest(`${tally.digest}\n${line}`)
    tally.records += lines.length
    last = some.at(-1)?.seq ?? last
    yield lines.map(line => `${line}\n`).join('')
  }
}

async function exported(look: Look, some: readonly Sealed[]): Promise<string[]> {
  const lines = await linesOf(
    look,
    some.map(({ event }) => event),
  )
  return some.map(({ seq, previous, hash, text }, i) => {
    const line = lines[i]
    const record: ExportedRecord = { seq, previous, hash, text, words: line ? wordsOfLine(line) : {} }
    return JSON.stringify(record)
  })
}
