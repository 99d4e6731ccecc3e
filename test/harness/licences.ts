import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Lock } from './dependencies.ts'

/** docs/licences.md: what goes to production with us, under which licence, on whatever platform that is. */
export function licences({ packages }: Lock): string {
  const shipped = Object.entries(packages).filter(([path, one]) => path !== '' && !one.dev)
  const rows = shipped
    .map(([path, { version, license }]) => `| ${path.replace(/^.*node_modules\//, '')} | ${version} | ${license} |`)
    .sort()
  return `# Licences

What goes to production with us; ours is Apache-2.0. Made by \`npm run licences\`; \`test/dependencies.test.ts\` holds it to the lock file,
and says which licences may be shipped at all. Each package brings its own licence text in \`node_modules\`; in the built files
(\`dist/\`) the comments that licences ask to be kept are kept. Of packages that are for one platform only that platform's are installed:
all of them are listed, wherever the list is made.

| package | version | licence |
| --- | --- | --- |
${rows.join('\n')}
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = new URL('../../', import.meta.url)
  const lock = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')) as Lock
  writeFileSync(new URL('docs/licences.md', root), licences(lock))
}
