import type { Session } from './session.ts'

/**
 * Keeps other transactions which lock the same text waiting until this one ends. On SQLite writes come one
 * after the other anyway.
 */
export async function lockText(session: Session, text: string): Promise<void> {
  if (session.dialect === 'sqlite') return
  await session.execute({
    sql: 'select pg_advisory_xact_lock(hashtextextended($1, 0))',
    parameters: [text],
    named: true,
  })
}
