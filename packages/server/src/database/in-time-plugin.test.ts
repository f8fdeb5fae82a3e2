import { expect, test } from 'vitest'
import { ThreadSession } from './thread-session.ts'

const { build } = new ThreadSession(() => Promise.resolve({ columns: [], rows: [] }))
const looks = (sql: string) => sql.match(/in_time\(\)/g)?.length ?? 0

test('every selection from a table looks at the clock once, however deep it is', () => {
  const ids = build.selectFrom('flow').select('flow.id').where('flow.name', '=', 'x')
  const runs = build.selectFrom('flow_run').select('flow_run.id').where('flow_run.flow_id', 'in', ids)
  const both = build.selectFrom(ids.unionAll(runs).as('part')).select('part.id')
  expect(looks(ids.compile().sql)).toBe(1)
  expect(looks(runs.compile().sql)).toBe(2)
  expect(looks(both.compile().sql)).toBe(3)
  expect(looks(build.selectFrom(both.as('outer')).selectAll().compile().sql)).toBe(3)
})
