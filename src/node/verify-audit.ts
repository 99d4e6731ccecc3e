import { readFileSync } from 'node:fs'
import { verifyExport } from '../bot/verify-export.ts'
import { Refusal } from '../kit/refusal.ts'
import { reasonOf } from './told.ts'

/** `npm run verify-audit -- FILE`: whether an export of audit records is as it was signed; ends with 1 when it is not. */
const [path] = process.argv.slice(2)
if (path) {
  const { fault, manifest, key } = await verified(path).catch((error: unknown) => ({
    fault: error instanceof Refusal ? 'not an export of audit records' : `cannot be read (${reasonOf(error)})`,
    manifest: undefined,
    key: undefined,
  }))
  if (manifest) process.stdout.write(`${JSON.stringify(manifest, undefined, 2)}\n`)
  process.stdout.write(`public key: ${key ?? 'none'} (compare it with the one that /审计 校验 shows)\n`)
  process.stdout.write(fault ? `BROKEN: ${fault}\n` : 'The export is whole and as it was signed.\n')
  process.exitCode = fault ? 1 : 0
} else {
  process.stderr.write('usage: npm run verify-audit -- FILE\n')
  process.exitCode = 2
}

/** Also a file that cannot be read is an answer, not a fault of ours. */
async function verified(file: string): ReturnType<typeof verifyExport> {
  return verifyExport(readFileSync(file))
}
