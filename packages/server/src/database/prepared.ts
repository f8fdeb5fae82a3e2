import type { Compilable } from 'kysely'
import { uuidBytes } from './codecs.ts'
import type { Session } from './session.ts'

/** The one parameter that `inList` binds. */
export function listParameter(session: Session, values: readonly (string | number)[]): unknown {
  return session.dialect === 'sqlite' ? JSON.stringify(values) : values
}

/** The parameter of a comparison with a UUID. */
export function idParameter(session: Session, id: string): unknown {
  return session.dialect === 'sqlite' ? uuidBytes(id) : id
}

/**
 * A query whose SQL text is made once for each way to build one (a scan's differs) and then only bound. `build` is
 * called with the session the first time; the query must bind exactly what `parameters` later holds, in order.
 */
export function prepared<R>(build: (session: Session) => Compilable<R>) {
  const texts = new WeakMap<Session['build'], string>()
  return async (session: Session, parameters: readonly unknown[]): Promise<R[]> => {
    let sql = texts.get(session.build)
    if (sql === undefined) texts.set(session.build, (sql = build(session).compile().sql))
    return (await session.execute<R>({ sql, parameters, named: true })).rows
  }
}
