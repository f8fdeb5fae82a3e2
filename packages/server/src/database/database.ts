import type { Dialect } from './codecs.ts'
import type { Session } from './session.ts'

/**
 * The one way to the data. Nothing that `write` returns is visible to the caller before it is durable.
 * All reject with a DatabaseError when the database cannot serve.
 */
export interface Database {
  readonly dialect: Dialect
  /** True when this process is the only one that writes. */
  readonly exclusive: boolean
  /** How many writes are worth having under way: 2 where one can run while another waits for its commit. */
  readonly writesAtOnce: 1 | 2
  /** For what finds its few rows by a key. */
  read<T>(work: (session: Session) => Promise<T>): Promise<T>
  /** As `read`, for several statements that must agree: all of them see the data as the first one does. */
  snapshot<T>(work: (session: Session) => Promise<T>): Promise<T>
  /**
   * For what may look at many rows: it holds up nothing else, and is given up with the code `timeout` when
   * it takes longer than the database was opened with.
   */
  scan<T>(work: (session: Session) => Promise<T>): Promise<T>
  /** Runs `work` in a transaction, perhaps together with that of others; a failing one is undone alone. */
  write<T>(work: (session: Session) => Promise<T>): Promise<T>
  /**
   * As `write`. Where each statement costs a round trip, `work` is tried first in a session that cannot read, but
   * takes for granted what was seen before (`session.assume`), and then again if that does not do.
   */
  writeAssuming<T>(work: (session: Session) => Promise<T>): Promise<T>
  /** Waits for what is queued, then lets go of the files and connections. */
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** After which a scan is given up. */
  scanSeconds?: number | undefined
}

export const SCAN_SECONDS = 10
