import { sql } from 'kysely'
import type { Session } from '../database/session.ts'

/** Asks the database for the least it can tell. */
export async function databaseAnswers(session: Session): Promise<boolean> {
  const query = session.build.selectNoFrom(sql.lit(1).as('one'))
  return (await session.first(query)) !== undefined
}
