import { sql } from 'kysely'
import type { Expression, SqlBool } from 'kysely'
import type { Session } from './session.ts'

/** SQLite refuses a longer pattern; nothing that is searched is as long. */
const LONGEST_PATTERN_BYTES = 50_000

/** Without "_", which is a byte in the collation C. */
const ASCII = /^[\x20-\x5e\x60-\x7e]*$/

/**
 * Whether a text matches a LIKE pattern in any case. `%` and `_` are wildcards and nothing escapes them.
 * SQLite folds the case of ASCII letters only; PostgreSQL takes half the time when it need not fold others.
 */
export function likeAnyCase(
  session: Session,
  text: Expression<unknown>,
  pattern: string,
): Expression<SqlBool> {
  if (Buffer.byteLength(pattern) > LONGEST_PATTERN_BYTES) return sql<SqlBool>`1 = 0`
  if (session.dialect === 'sqlite') return sql<SqlBool>`${text} like ${pattern}`
  const searched = ASCII.test(pattern) ? sql`${text} collate "C"` : text
  return sql<SqlBool>`${searched} ilike ${pattern} escape ''`
}

/** Whether a text contains another in any case; nothing in it is a wildcard. */
export function containsAnyCase(
  session: Session,
  text: Expression<unknown>,
  part: string,
): Expression<SqlBool> {
  return session.dialect === 'sqlite'
    ? sql<SqlBool>`instr(lower(${text}), lower(${part})) > 0`
    : sql<SqlBool>`strpos(lower(${text}), lower(${part})) > 0`
}
