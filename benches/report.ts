import { cpus, totalmem } from 'node:os'

export type Cell = string | number | null
export interface Row {
  [column: string]: Cell
}

/** What a benchmark found, for the eye and for a file. */
export interface Report {
  name: string
  rows: Row[]
  /** What the reader must know to read the rows. */
  notes?: string[]
}

export interface BenchOptions {
  /** Of each measured phase. */
  seconds: number
  rounds: number
  /** Version of the reference server to run beside, when it is installed; undefined: none. */
  reference: string | undefined
  postgres: boolean
  /** How many task runs the database of `big` holds. */
  taskRuns: number
  /** A folder in which `big` keeps what it fills; undefined: nothing is kept. */
  data: string | undefined
}

export type Bench = (options: BenchOptions) => Promise<Report | Report[]>

export function machine(): { node: string; cores: number; processor: string; memoryGigabytes: number } {
  return {
    node: process.version,
    cores: cpus().length,
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGigabytes: Math.round(totalmem() / 1e9),
  }
}

/** A table with the columns of the first row; numbers to the right. */
export function printReport({ name, rows, notes = [] }: Report): void {
  const columns = Object.keys(rows[0] ?? {})
  const texts = [columns, ...rows.map((row) => columns.map((column) => text(row[column] ?? null)))]
  const widths = columns.map((_, index) => Math.max(...texts.map((line) => line[index]?.length ?? 0)))
  const right = columns.map((column) => typeof rows[0]?.[column] === 'number')
  console.log(`\n${name}`)
  for (const line of texts) {
    const cells = line.map((cell, index) =>
      right[index] ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
    )
    console.log(`  ${cells.join('  ')}`.trimEnd())
  }
  for (const note of notes) console.log(`  ${note}`)
}

function text(cell: Cell): string {
  if (typeof cell !== 'number') return cell ?? '-'
  if (!Number.isFinite(cell)) return '-'
  return Math.abs(cell) >= 100 ? Math.round(cell).toString() : String(Number(cell.toPrecision(3)))
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}
