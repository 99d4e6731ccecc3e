import { Refusal } from '../kit/refusal.ts'
import type { Gate } from './feature.ts'
import { eachPortion, Findings, isStopping, type Screened } from './screen.ts'
import { Stint } from './stint.ts'
import { APART, beneathHeads } from './table-lines.ts'
import { MOST_TEXT, TOO_LONG } from './unread.ts'

/**
 * The rows of a table as they may be kept; undefined where something in them could not be hidden. Looked through is all text of the
 * workbook, and what was read of it: cell by cell as one text, and each cell beneath the head of its column, as people read it.
 */
export async function screenTable(
  gate: Gate,
  workbook: { text: string; beneath: string },
  rows: string[][],
): Promise<Screened<string[][] | undefined>> {
  if (rows.flat().reduce((sum, cell) => sum + cell.length + 1, 0) > MOST_TEXT) throw new Refusal(TOO_LONG)
  const findings = new Findings(gate)
  const text = `${workbook.text}\n${textOf(rows)}${workbook.beneath}`
  const hidden = await hiddenLines(findings, text)
  const hide = (cell: string) =>
    cell
      .split('\n')
      .map(line => hidden.get(line) ?? line)
      .join('\n')
  const kept = await readBeneath(
    findings,
    rows.map(cells => cells.map(hide)),
  )
  const isLeft = hidden.size > 0 && (await hiddenLines(new Findings(gate), textOf(kept))).size > 0
  const found = findings.of(isLeft ? undefined : kept)
  // the whole of it is told again, not the portion
  return { ...found, stopped: isStopping(found.action) ? [text] : [] }
}

const textOf = (rows: readonly string[][]): string => rows.map(cells => cells.join('\n')).join('\n')

/** The lines in which something is to be hidden, each with what is left of it. */
async function hiddenLines(findings: Findings, text: string): Promise<Map<string, string>> {
  const hidden = new Map<string, string>()
  await eachPortion(text, portion => {
    const masked = findings.look({ text: portion, place: 'attachment' })
    if (masked === portion) return
    const left = masked.split('\n')
    for (const [i, line] of portion.split('\n').entries()) if (left[i] !== line) hidden.set(line, left[i] ?? '')
  })
  return hidden
}

async function readBeneath(findings: Findings, rows: string[][]): Promise<string[][]> {
  const cellsOf = (cells: string[]) => cells.map((text, place) => ({ place, text }))
  const { top, said } = beneathHeads(rows.map(cellsOf))
  const passes: string[][] = []
  const stint = new Stint()
  for (const [i, cells] of rows.entries()) {
    let text = top
    const ends = cellsOf(cells).map(cell => {
      text += APART + (said(i, cell) ?? cell.text)
      return text.length
    })
    const masked = findings.look({ text, place: 'attachment' })
    passes.push(cells.map((cell, column) => masked.slice((ends[column] ?? 0) - cell.length, ends[column])))
    if (stint.isOver()) await stint.rest()
  }
  return passes
}
