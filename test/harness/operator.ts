import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** What a word behind `node dist/node.js` answers, with settings of its own. */
export function operate(words: string[], env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  return new Promise(done => {
    let said = ''
    const child = spawn(process.execPath, ['dist/node.js', ...words], {
      cwd: ROOT,
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', chunk => {
        said += chunk
      })
    child.once('close', code => done({ code, said }))
  })
}
