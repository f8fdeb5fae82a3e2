import type { Dialect } from './codecs.ts'
import type { Session } from './session.ts'

/**
 * The one way to the data. Nothing that `write` returns is visible to the caller before it is durable.
 * Both reject with a DatabaseError when the database cannot serve.
 */
export interface Database {
  readonly dialect: Dialect
  /** True when this process is the only one that writes. */
  readonly exclusive: boolean
  /** How many writes are worth having under way: 2 where one can run while another waits for its commit. */
  readonly writesAtOnce: 1 | 2
  read<T>(work: (session: Session) => Promise<T>): Promise<T>
  /** Runs `work` in a transaction, perhaps together with that of others; a failing one is undone alone. */
  write<T>(work: (session: Session) => Promise<T>): Promise<T>
  /** Waits for what is queued, then lets go of the files and connections. */
  close(): Promise<void>
}
