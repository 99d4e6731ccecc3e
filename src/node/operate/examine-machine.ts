import { existsSync, statfsSync } from 'node:fs'
import type { Config } from '../../config.ts'
import { bad, type Finding, good } from './finding.ts'

const LEAST_NODE = [20, 19] as const
const LEAST_BYTES = 1_073_741_824

/** What the machine gives. */
export async function examineMachine(config: Pick<Config, 'dataDir'> | undefined): Promise<Finding[]> {
  return [nodeVersion(), ...(config && existsSync(config.dataDir) ? [space(config.dataDir)] : [])]
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const enough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])
  return enough
    ? good('Node.js', process.versions.node)
    : bad('Node.js', `${process.versions.node} is too old`, `install ${LEAST_NODE.join('.')} or newer`)
}

function space(dir: string): Finding {
  const { bavail, bsize } = statfsSync(dir)
  const says = `${((Number(bavail) * Number(bsize)) / LEAST_BYTES).toFixed(1)} GB free in ${dir}`
  return bavail * bsize < LEAST_BYTES ? bad('Disk', says, 'make room: below 1 GB') : good('Disk', says)
}
