import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import manifest from '../../package.json' with { type: 'json' }
import { mendDriver } from '../../src/node/mend-driver.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const REQUIRE = "import{createRequire as _r}from'node:module';const require=_r(import.meta.url),__dirname='/';"

/** The bot as it is shipped, and its companions bundled the same way beside it. */
export async function buildPrograms() {
  execFileSync(process.execPath, ['src/node/build.mjs', 'bot', 'database'], { cwd: ROOT, stdio: 'inherit' })
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['windows', 'baseline', 'reference', 'sink'].map(name => `test/bench/${name}.ts`),
    outdir: 'dist',
    entryNames: 'bench-[name]',
    bundle: true,
    minifySyntax: true,
    minifyWhitespace: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['@electric-sql/pglite', 'node-cron', 'unpdf'],
    banner: { js: REQUIRE },
    plugins: [mendDriver],
    logLevel: 'warning',
  })
  const flags = manifest.scripts.start.split(' ').filter(word => word.startsWith('--'))
  const program = (name: string) => [...flags, `${ROOT}dist/${name}.js`]
  return {
    bot: program('node'),
    windows: program('bench-windows'),
    baseline: program('bench-baseline'),
    reference: program('bench-reference'),
    sink: program('bench-sink'),
  }
}
