import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type Parsed, parse } from '../src/kit/time.ts'

type Reading = { kind: Parsed['kind']; expect: { start?: string; end?: string; next3?: string[] } }
type Case = Reading & { id: string; text: string; now: string; rest: string | null; accept: Partial<Reading & { rest: string }>[] }

const samples = readFileSync(new URL('./zh-dates-sample.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Case)

it.each(samples)('$id $text', sample => {
  const { rest, kind, ...fields } = parse(sample.text, sample.now)
  const readings = [sample, ...sample.accept].flatMap(({ kind, expect }) => (kind ? [{ kind, ...expect }] : []))
  expect(readings).toContainEqual({ kind, ...fields })
  const rests = [sample.rest, ...sample.accept.map(other => other.rest)].filter(other => typeof other === 'string')
  if (sample.rest !== null) expect(rests).toContain(rest)
})
