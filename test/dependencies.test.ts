import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { dependencyFaults, KNOWN_FAULTS, type Lock, type Locked, type Manifest } from './harness/dependencies.ts'
import { licences } from './harness/licences.ts'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
const lock = JSON.parse(read('../package-lock.json')) as Lock
const manifest = JSON.parse(read('../package.json')) as Manifest

const withPackage = (name: string, one: Locked): Lock => ({
  packages: { ...lock.packages, [`node_modules/${name}`]: { ...sound, ...one } },
})
const sound: Locked = { version: '1.0.0', integrity: 'sha512-x', license: 'MIT' }

describe('what we depend on', () => {
  it('is pinned, hashed, licensed and without known faults', () => {
    expect(dependencyFaults(lock, manifest)).toEqual([])
  })

  it.each<[string, Locked]>([
    ['no hash', { integrity: undefined }],
    ['not from a registry', { resolved: 'git+ssh://somewhere/one.git' }],
    ['not from a registry', { link: true }],
    ['GPL-3.0', { license: 'GPL-3.0' }],
    ['LGPL-3.0-or-later', { license: 'LGPL-3.0-or-later' }],
    ['no licence', { license: undefined }],
    ['runs a script when installed', { hasInstallScript: true }],
  ])('%s is found: %o', (fault, planted) => {
    expect(dependencyFaults(withPackage('one', planted), manifest)).toEqual([`one: ${fault}`])
  })

  it.each(KNOWN_FAULTS)('$id is found in $name', ({ name, fixed, id }) => {
    expect(dependencyFaults(withPackage(name, { version: '0.1.0' }), manifest)).toEqual([`${name}: ${id}`])
    if (fixed) expect(dependencyFaults(withPackage(name, { version: fixed }), manifest)).toEqual([])
  })

  it('a range instead of a version, and a crowd of packages, are found', () => {
    const ranged = { ...manifest, dependencies: { ...manifest.dependencies, hono: '^4.13.19' } }
    expect(dependencyFaults(lock, ranged)).toEqual(['hono: no exact version'])
    const crowd = Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`node_modules/p${i}`, sound]))
    expect(dependencyFaults({ packages: crowd }, manifest)).toEqual(['80 packages in production'])
  })

  it('the list of licences is that of the lock file', () => {
    expect(read('../docs/licences.md')).toBe(licences(lock))
  })

  it.each<[string, Locked, boolean]>([
    ['for production', {}, true],
    ['for one platform in production', { optional: true }, true],
    ['for a test', { dev: true }, false],
    ['for one platform of a test', { dev: true, optional: true }, false],
  ])('a package %s: %o', (_, planted, isListed) => {
    expect(licences(withPackage('one', planted)).includes('\n| one | 1.0.0 | MIT |\n')).toBe(isListed)
  })
})

describe('what the package host says of known faults', () => {
  const ROOT = fileURLToPath(new URL('..', import.meta.url))
  /** As npm prints it of an advisory for hono. */
  const found = (severity: string) => ({
    auditReportVersion: 2,
    vulnerabilities: {
      '@hono/node-server': {
        ...{ name: '@hono/node-server', severity, isDirect: true, via: ['hono'], effects: [], range: '' },
        ...{ nodes: ['node_modules/@hono/node-server'], fixAvailable: false },
      },
      hono: {
        ...{ name: 'hono', severity, isDirect: true, effects: ['@hono/node-server'], range: '<999.0.0' },
        via: [{ source: 1, name: 'hono', dependency: 'hono', title: 'planted', severity, range: '<999.0.0' }],
        ...{ nodes: ['node_modules/hono'], fixAvailable: false },
      },
    },
    metadata: { vulnerabilities: { total: 2 }, dependencies: { prod: 67, dev: 368, optional: 206, total: 460 } },
  })
  const silent = {
    message: '405 Method Not Allowed - POST https://registry.npmjs.org/-/npm/v1/security/advisories/bulk',
    ...{ method: 'POST', statusCode: 405, body: '', error: { summary: '', detail: '' } },
  }

  /** As CI asks. */
  function judged(report: string) {
    const folder = mkdtempSync(join(tmpdir(), 'huiyin-audit-'))
    const file = join(folder, 'audit.json')
    writeFileSync(file, report)
    const { status, stdout } = spawnSync('node', ['--import', 'tsx', 'test/harness/advisories.ts', file], {
      ...{ cwd: ROOT, encoding: 'utf8' },
    })
    rmSync(folder, { recursive: true })
    return { status, says: stdout.trim().split('\n') }
  }

  it.each(['high', 'critical', 'a word that is new'])('a fault that is %s ends it', severity => {
    const says = ['67 packages asked about', `${severity}: @hono/node-server`, `${severity}: hono <999.0.0`]
    const { status, says: said } = judged(JSON.stringify(found(severity)))
    expect([status, said.map(line => line.trim())]).toEqual([1, says])
  })

  it.each<[string, string, string]>([
    ['mild faults', JSON.stringify(found('moderate')), '67 packages asked about'],
    ['no verdict', JSON.stringify(silent), 'the package host tells nothing of known faults'],
    ['no answer at all', '', 'the package host tells nothing of known faults'],
  ])('%s: it goes on, and says so', (_, report, says) => {
    const { status, says: said } = judged(report)
    expect([status, said[0]]).toEqual([0, says])
  })

  it('what is no report is no verdict to go on with', () => {
    expect(judged('<html>').status).not.toBe(0)
  })

  it('CI ends where it does', () => {
    expect(read('../.ci/run')).toMatch(
      /^node --import tsx test\/harness\/advisories\.ts "\$TMPDIR\/audit\.json" \|\| fail /m,
    )
  })
})
