import { execFileSync } from 'node:child_process'

/** Builds what is not fresh: once and before all tests, so that none finds a program half written. */
export default function setup(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: new URL('../..', import.meta.url), stdio: 'inherit' })
}
