export type DatabaseErrorCode =
  /** A unique or foreign-key constraint was violated. */
  | 'integrity'
  /** A value is outside what its column holds. */
  | 'range'
  /** The database cannot be reached or gave up; the caller may try again. */
  | 'unavailable'
  /** There is no room left on the disk. */
  | 'full'
  /** More work is queued than the server accepts. */
  | 'overloaded'
  /** A read took longer than reads may. */
  | 'timeout'

export class DatabaseError extends Error {
  override name = 'DatabaseError'
  readonly code: DatabaseErrorCode

  constructor(code: DatabaseErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

/** Whether to try the same again may help: the fault is not in what was asked. */
export function isOutage(error: unknown): boolean {
  return error instanceof DatabaseError && OUTAGES.has(error.code)
}

const OUTAGES: ReadonlySet<DatabaseErrorCode> = new Set(['unavailable', 'full', 'overloaded'])

/** SQLITE_CONSTRAINT and its extended codes share the low byte 19. */
export function fromSqlite(error: unknown): unknown {
  const code = (error as { errcode?: number }).errcode
  if (code === undefined) return error
  const message = (error as Error).message
  if ((code & 0xff) === 19) return new DatabaseError('integrity', message, error)
  if ((code & 0xff) === SQLITE_FULL) return new DatabaseError('full', message, error)
  const unavailable = [5, 6, 10]
  return unavailable.includes(code & 0xff) ? new DatabaseError('unavailable', message, error) : error
}

const SQLITE_FULL = 13

const QUERY_CANCELED = '57014'
const DISK_FULL = '53100'
const UNAVAILABLE = /^(08|40|53|57|55P03)/
const SOCKET_ERRORS = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND'])

export function fromPostgres(error: unknown): unknown {
  if (error instanceof DatabaseError) return error
  const { code, message } = error as { code?: string; message: string }
  if (code?.startsWith('23')) return new DatabaseError('integrity', message, error)
  if (code === DISK_FULL) return new DatabaseError('full', message, error)
  if (code === QUERY_CANCELED) return new DatabaseError('timeout', message, error)
  // Class 22, data exceptions: a number too large for its column, a text that is none. Class 54, limits of the
  // program: a text too long for its index.
  if (code && /^(22|54)/.test(code)) return new DatabaseError('range', message, error)
  if (code && (UNAVAILABLE.test(code) || SOCKET_ERRORS.has(code))) {
    return new DatabaseError('unavailable', message, error)
  }
  return /terminated|timeout|not queryable|Connection ended/i.test(message)
    ? new DatabaseError('unavailable', message, error)
    : error
}
