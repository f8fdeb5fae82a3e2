import { z } from 'zod'
import { Int, int } from './scalars.ts'

/** Rows wanted; absent means the server's default. The bound is the server's to check: it is a setting. */
export const Limit = Int.nullish()
/** Rows to skip. */
export const Offset = int({ ge: 0 }).default(0)
/** Page wanted, from 1. */
export const PageNumber = int({ ge: 1 }).default(1)
/** Rows that one bulk request may touch. */
export const BulkLimit = int({ ge: 1, le: 50 }).default(50)

/** A page of rows; `count` is that of all rows, `pages` is 0 when `limit` is 0. */
export function page<Row extends z.ZodType>(id: string, row: Row) {
  return z
    .object({ results: z.array(row), count: z.int(), limit: z.int(), pages: z.int(), page: z.int() })
    .meta({ id })
}
