import { type ChildProcess, spawn } from 'node:child_process'

/** Waits for a line; when there is none any more, ends a process and throws its directory away. */
const SCRIPT = `read -r _ && exit
kill -s "$1" "$2" && while kill -0 "$2"; do sleep 0.1; done
[ -z "$3" ] || rm -rf "$3"`

/**
 * Lets a child end with this process, however this one ends: after a crash or a SIGKILL nobody else would see to it. A shell in a
 * group of its own, where Ctrl-C does not reach it, learns of our end by the end of its input.
 */
export function endsWithUs(child: ChildProcess, signal: 'KILL' | 'QUIT' = 'KILL', directory = ''): void {
  const keeper = spawn('sh', ['-c', SCRIPT, 'keeper', signal, String(child.pid), directory], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  keeper.stdin?.on('error', () => {})
  keeper.unref()
  child.once('exit', () => keeper.stdin?.end('\n'))
}
