import type { Tag } from './markup.ts'
import { attribute, columnOf } from './read-sheet.ts'
import { Stint } from './stint.ts'
import { type Cell, linesOfTable } from './table-lines.ts'

interface Table {
  rows: Cell[][]
  /** The column of a cell that does not say where it stands. */
  next: number
}

/** A cell, or a text that cells of a workbook share. `shares`: which of these stands in it. */
interface Open extends Cell {
  shares?: number
}

/** The tables of a document, put together while its parts are read: tag by tag, and what each line says. */
export class Tables {
  readonly #all: Table[] = []
  /** One may stand in a cell of another: the inmost is last. */
  readonly #tables: Table[] = []
  readonly #cells: Open[] = []
  readonly #shared: string[] = []

  readonly #meets = new Map<string, (tag: Tag) => void>([
    ['sheetData', tag => this.#beginTable(tag)],
    ['tbl', tag => this.#beginTable(tag)],
    ['/sheetData', () => this.#tables.pop()],
    ['/tbl', () => this.#tables.pop()],
    ['row', tag => this.#beginRow(tag)],
    ['tr', tag => this.#beginRow(tag)],
    ['gridBefore', tag => this.#skip(widthIn(tag))],
    ['c', tag => this.#beginCell(tag, columnOf(attribute(tag.attributes, 'r')))],
    ['tc', tag => this.#beginCell(tag)],
    ['gridSpan', tag => this.#skip(widthIn(tag) - 1)],
    ['/c', () => this.#endCell()],
    ['/tc', () => this.#endCell()],
    ['si', ({ empty }) => (empty ? this.#shared.push('') : this.#cells.push({ place: 0, text: '' }))],
    ['/si', () => this.#shared.push(this.#cells.pop()?.text ?? '')],
  ])

  /** Behind the line that ends with it. */
  see(tag: Tag): void {
    this.#meets.get(tag.name)?.(tag)
  }

  hear(line: string): void {
    const cell = this.#cells.at(-1)
    if (cell) cell.text += cell.text === '' ? line : `\n${line}`
  }

  /** What stands in a cell is the shared text of this number. */
  share(number: string): void {
    const cell = this.#cells.at(-1)
    if (cell) cell.shares = Number(number)
  }

  #beginTable({ empty }: Tag): void {
    if (empty) return
    const table = { rows: [], next: 0 }
    this.#all.push(table)
    this.#tables.push(table)
  }

  #beginRow({ empty }: Tag): void {
    const table = this.#tables.at(-1)
    if (!table || empty) return
    // of empty ones only the last is kept, until another begins
    if (table.rows.at(-1)?.length !== 0) table.rows.push([])
    table.next = 0
  }

  #skip(columns: number): void {
    const table = this.#tables.at(-1)
    if (table) table.next += columns
  }

  #beginCell({ empty }: Tag, said?: number): void {
    const table = this.#tables.at(-1)
    const place = said ?? table?.next ?? 0
    if (table) table.next = place + 1
    if (!empty) this.#cells.push({ place, text: '' })
  }

  #endCell(): void {
    const cell = this.#cells.pop()
    if (cell && (cell.text !== '' || cell.shares !== undefined)) this.#tables.at(-1)?.rows.at(-1)?.push(cell)
  }

  /** Their cells beneath their heads and row by row, once all parts are read. */
  async lines(keep: (line: string) => void): Promise<void> {
    const stint = new Stint()
    for (const { rows } of this.#all) {
      for (const cells of rows) {
        for (const cell of cells as Open[]) if (cell.shares !== undefined) cell.text = this.#shared[cell.shares] ?? ''
        if (stint.isOver()) await stint.rest()
      }
      await linesOfTable(rows, keep)
    }
  }
}

const widthIn = ({ attributes }: Tag): number => Number(/val="(\d{1,2})"/.exec(attributes)?.[1] ?? 1)
