// Builds the programs into dist/: `node src/node/build.mjs [bot|database|simulator|page …]`, all of them when none is named. What is built already is
// not built again: what goes in and what came out are compared by their contents, so neither a moved file date nor an interrupted or
// foreign build can pass for a fresh one. Plain JavaScript, because it runs before anything is built.
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mendDriver } from './mend-driver.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DIST = join(ROOT, 'dist')
/** The settings of the compiler, and which versions of which packages are there. */
const EVERYWHERE = ['tsconfig.json', 'package.json', 'node_modules/.package-lock.json', 'src/node/build.mjs']
const NODE_PROGRAM = {
  bundle: true,
  sourcemap: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
}
const REQUIRE = "import{createRequire as _r}from'node:module';const require=_r(import.meta.url)"
const BESIDE =
  "import{fileURLToPath as _f}from'node:url';const __filename=_f(import.meta.url),__dirname=_f(new URL('.',import.meta.url));"

const PARTS = {
  bot: {
    from: ['src', 'handlers', 'db'],
    makes: ['node.js', 'reader.js'],
    build: () =>
      bundle({
        entryPoints: { node: 'src/node.ts', reader: 'src/node/reader.ts' },
        outdir: 'dist',
        minifySyntax: true,
        minifyWhitespace: true,
        external: ['@electric-sql/pglite', 'node-cron', 'unpdf'],
        banner: { js: `${REQUIRE};${BESIDE}` },
        plugins: [mendDriver],
      }),
  },
  database: {
    from: ['db/migrations'],
    makes: ['empty-database'],
    build: makeDatabase,
  },
  simulator: {
    from: ['simulator'],
    makes: ['simulator.js'],
    build: () =>
      bundle({ entryPoints: ['simulator/main.ts'], outfile: 'dist/simulator.js', banner: { js: `${REQUIRE};` } }),
  },
  page: {
    from: ['simulator'],
    makes: ['page'],
    async build() {
      const { build } = await import('vite')
      await build({ configFile: join(ROOT, 'simulator/vite.config.ts'), logLevel: 'warn' })
    },
  },
}

const names = process.argv.slice(2)
const unknown = names.filter(name => !(name in PARTS))
if (unknown.length) throw new Error(`there is no ${unknown.join(', ')} to build, only ${Object.keys(PARTS).join(', ')}`)
await Promise.all(
  Object.keys(PARTS)
    .filter(name => names.length === 0 || names.includes(name))
    .map(freshen),
)

async function freshen(name) {
  const { from, makes, build } = PARTS[name]
  const note = join(DIST, `.${name}`)
  const sources = contents(ROOT, [...from, ...EVERYWHERE])
  if (existsSync(note) && readFileSync(note, 'utf8') === `${sources} ${contents(DIST, makes)}`) return
  rmSync(note, { force: true })
  await build()
  writeFileSync(note, `${sources} ${contents(DIST, makes)}`)
}

async function bundle(options) {
  const { build } = await import('esbuild')
  await build({ absWorkingDir: ROOT, ...NODE_PROGRAM, ...options })
}

/** What the bot begins with where there is no database at all: copying one is several times quicker than making it. */
async function makeDatabase() {
  const [{ PGlite }, { drizzle }, { migrate }] = await Promise.all([
    import('@electric-sql/pglite'),
    import('drizzle-orm/pglite'),
    import('drizzle-orm/pglite/migrator'),
  ])
  const place = join(DIST, 'empty-database')
  const beside = `${place}.new`
  for (const old of [place, beside]) rmSync(old, { recursive: true, force: true })
  mkdirSync(DIST, { recursive: true })
  const pglite = await PGlite.create({ dataDir: beside })
  await migrate(drizzle(pglite), { migrationsFolder: join(ROOT, 'db/migrations') })
  await pglite.close()
  // whoever runs the bot may be somebody else than who has built it
  for (const entry of readdirSync(beside, { recursive: true, withFileTypes: true }))
    chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644)
  chmodSync(beside, 0o755)
  // half of one is none
  renameSync(beside, place)
}

/** One digest of files and folders: of their names and of what stands in them. */
function contents(base, paths) {
  const hash = createHash('sha256')
  for (const file of paths.flatMap(path => filesAt(base, path))) {
    const bytes = readFileSync(join(base, file))
    hash.update(`${file} ${bytes.length}\n`).update(bytes)
  }
  return hash.digest('hex')
}

/** What is not there has no files. */
function filesAt(base, path) {
  const found = statSync(join(base, path), { throwIfNoEntry: false })
  if (!found?.isDirectory()) return found ? [path] : []
  return readdirSync(join(base, path))
    .sort()
    .flatMap(name => filesAt(base, join(path, name)))
}
