import { readFileSync } from 'node:fs'
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
})
