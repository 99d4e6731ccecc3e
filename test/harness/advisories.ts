import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What `npm audit --json` prints; without `metadata` the package host gave no verdict. */
interface Report {
  metadata?: { dependencies: { prod: number } }
  vulnerabilities?: Record<string, { name: string; severity: string; range: string }>
}

/** What does not keep us from going on; whatever else a fault may be called does. */
const MILD = ['info', 'low', 'moderate']

/** What a report says, line by line, and whether a package has a grave fault. */
export function verdictIn(report: string): { lines: string[]; isGrave: boolean } {
  const { metadata, vulnerabilities = {} } = JSON.parse(report || '{}') as Report
  if (!metadata) return { lines: ['the package host tells nothing of known faults'], isGrave: false }
  const faults = Object.values(vulnerabilities)
  const lines = faults.map(({ name, severity, range }) => `${severity}: ${name} ${range}`)
  const isGrave = faults.some(({ severity }) => !MILD.includes(severity))
  return { lines: [`${metadata.dependencies.prod} packages asked about`, ...lines], isGrave }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { lines, isGrave } = verdictIn(readFileSync(process.argv[2] ?? '', 'utf8'))
  for (const line of lines) console.log(line)
  process.exitCode = isGrave ? 1 : 0
}
