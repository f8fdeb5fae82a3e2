import { decoder, encoder } from './codecs.ts'
import type { Dialect } from './codecs.ts'

export type RowReader = (values: readonly unknown[]) => unknown
export type RowBinder = (row: object) => unknown[]

/**
 * Makes rows of the values of one statement. It is compiled, since an object literal has one shape that
 * everything after it is fast on: a row of 34 columns takes 4 µs where setting them by name takes 7, and a
 * copy of it 0.2 where it took 13. The names of the columns come from our own statements.
 */
export function compileRowReader(dialect: Dialect, columns: readonly string[]): RowReader {
  const decoders = columns.map((name) => decoder(dialect, name))
  const members = columns.map((name, index) => {
    const value = `values[${index}]`
    return `${JSON.stringify(name)}: ${decoders[index] ? `codec${index}(${value})` : value}`
  })
  return compile(decoders, `(values) => ({ ${members.join(', ')} })`) as RowReader
}

/** Makes the parameters of a statement of a row that has these columns; a missing one is null. */
export function compileRowBinder(dialect: Dialect, columns: readonly string[]): RowBinder {
  const encoders = columns.map((name) => encoder(dialect, name))
  const values = columns.map((name, index) => {
    const value = `row[${JSON.stringify(name)}] ?? null`
    return encoders[index] ? `codec${index}(${value})` : value
  })
  return compile(encoders, `(row) => [${values.join(', ')}]`) as RowBinder
}

function compile(codecs: readonly unknown[], code: string): unknown {
  const names = codecs.map((_, index) => `codec${index}`)
  return new Function(...names, `return ${code}`)(...codecs)
}
