/** What npm notes of one package, as far as it is held here. */
export interface Locked {
  version?: string
  resolved?: string
  integrity?: string
  license?: string
  dev?: boolean
  optional?: boolean
  hasInstallScript?: boolean
  link?: boolean
}

export interface Lock {
  packages: Record<string, Locked>
}

export interface Manifest {
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
  allowScripts: Record<string, boolean>
}

/** Ours is Apache-2.0: these may be shipped with it as they are. */
const SHIPPED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT AND Apache-2.0', 'Unlicense']
/** And these may help to build and test it: nothing of them leaves with it. */
const HELPING = [
  ...SHIPPED,
  'Apache-2.0 AND LGPL-3.0-or-later',
  'Apache-2.0 AND LGPL-3.0-or-later AND MIT',
  'CC0-1.0',
  'LGPL-3.0-or-later',
  'MIT OR Apache-2.0',
  'MPL-2.0',
]

/** Faults that became known, and the first version without them. '' = there is none: the package stays out. */
export const KNOWN_FAULTS: ReadonlyArray<{ name: string; fixed: string; id: string }> = [
  { name: 'hono', fixed: '4.13.5', id: 'CVE-2026-44456, CVE-2025-59139, CVE-2026-84364' },
  { name: 'drizzle-orm', fixed: '0.45.2', id: 'CVE-2026-39356' },
  { name: 'xlsx', fixed: '', id: 'CVE-2023-30533' },
  { name: 'exceljs', fixed: '', id: 'CVE-2026-78209' },
]

/** So many packages may come along to production: beyond it, look at what came, and why. */
const MOST_SHIPPED = 75

/** What is wrong with the dependencies, one line each. */
export function dependencyFaults({ packages }: Lock, manifest: Manifest): string[] {
  const locked = Object.entries(packages)
    .filter(([path]) => path !== '')
    .map(([path, one]) => ({ name: path.replace(/^.*node_modules\//, ''), ...one }))
  const shipped = locked.filter(one => !one.dev && !one.optional)
  const asked = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
  return [
    ...asked.filter(([, wanted]) => !/^\d+\.\d+\.\d+$/.test(wanted)).map(([name]) => `${name}: no exact version`),
    ...locked.flatMap(one => faultsOf(one, manifest)),
    ...(shipped.length > MOST_SHIPPED ? [`${shipped.length} packages in production`] : []),
  ]
}

function faultsOf(one: Locked & { name: string }, { allowScripts }: Manifest): string[] {
  const { name, version = '', integrity = '', resolved = '', license = 'no licence' } = one
  const faults = [
    !/^sha512-/.test(integrity) && 'no hash',
    (one.link || /^(git|file|http:)/.test(resolved)) && 'not from a registry',
    !(one.dev ? HELPING : SHIPPED).includes(license) && license,
    one.hasInstallScript && !allowScripts[name] && 'runs a script when installed',
    ...KNOWN_FAULTS.map(known => known.name === name && isBefore(version, known.fixed) && known.id),
  ]
  return faults.filter(fault => typeof fault === 'string').map(fault => `${name}: ${fault}`)
}

function isBefore(version: string, fixed: string): boolean {
  if (!fixed) return true
  const [a, b] = [version, fixed].map(one => one.split('.').map(Number.parseFloat))
  const at = b?.findIndex((part, i) => part !== a?.[i]) ?? -1
  return at >= 0 && (a?.[at] ?? 0) < (b?.[at] ?? 0)
}
