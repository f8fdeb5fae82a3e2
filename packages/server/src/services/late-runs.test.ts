import { FlowRunCreate } from '@reeve/schemas/flow-run'
import { formatTimestamp } from '@reeve/schemas/time'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS } from '../../tests/helpers/databases.ts'
import { makeFlow } from '../../tests/helpers/make.ts'
import { START, createTestContext } from '../../tests/helpers/test-context.ts'
import type { TestContext } from '../../tests/helpers/test-context.ts'
import { readFlowRunStates } from '../models/flow-run-states.ts'
import { readFlowRun } from '../models/flow-runs.ts'
import { SERVER_CLIENT } from '../models/rule-context.ts'
import { serverState } from '../models/server-state.ts'
import { lateRuns } from './late-runs.ts'

const SECOND = 1_000_000

describe.each(DIALECTS)('late runs on %s', (dialect) => {
  let server: TestContext
  let flowId: string
  beforeEach(async () => {
    server = await createTestContext(dialect)
    flowId = await makeFlow(server.context)
  })
  afterEach(() => server.close())

  const scheduled = (at: number, name = 'Scheduled') =>
    serverState('SCHEDULED', server.context, {
      name,
      state_details: { scheduled_time: formatTimestamp(at) },
    })
  async function schedule(at: number, name?: string): Promise<string> {
    const flowRun = FlowRunCreate.parse({ flow_id: flowId })
    const state = scheduled(at, name)
    const made = await server.context.hotPath.createFlowRun({
      flowRun,
      state,
      work_queue: null,
      created_by: null,
      client: SERVER_CLIENT,
    })
    return made.flowRun.id
  }
  const read = (id: string) => server.context.database.read((session) => readFlowRun(session, id))

  test('those due for 15 seconds are Late, and keep the time they were due', async () => {
    const [late, soon] = [await schedule(START - 60 * SECOND), await schedule(START - 14 * SECOND)]
    const retried = await schedule(START - 60 * SECOND, 'AwaitingRetry')
    expect(await lateRuns.run(server.context, START)).toBe(1)
    expect(await read(late)).toMatchObject({
      state_type: 'SCHEDULED',
      state_name: 'Late',
      next_scheduled_start_time: START - 60 * SECOND,
    })
    expect((await read(soon))?.state_name).toBe('Scheduled')
    expect((await read(retried))?.state_name).toBe('AwaitingRetry')
    expect(await lateRuns.run(server.context, START)).toBe(0)
    expect(await lateRuns.run(server.context, START + 5 * SECOND)).toBe(1)
  })

  test('one that is put off after it was found is not', async () => {
    const id = await schedule(START - 60 * SECOND)
    const { database, hotPath } = server.context
    const write = database.write.bind(database)
    database.write = async (run) => {
      database.write = write
      const state = scheduled(START + 60 * SECOND)
      await hotPath.setFlowRunState({ flow_run_id: id, state, policy: 'force', client: SERVER_CLIENT })
      return write(run)
    }
    expect(await lateRuns.run(server.context, START)).toBe(0)
    expect(await read(id)).toMatchObject({
      state_name: 'Scheduled',
      next_scheduled_start_time: START + 60 * SECOND,
    })
  })

  test('many become so in few transactions', async () => {
    const ids = await Promise.all(Array.from({ length: 60 }, () => schedule(START - 60 * SECOND)))
    let writes = 0
    const { database } = server.context
    const write = database.write.bind(database)
    database.write = (run) => (writes++, write(run))
    expect(await lateRuns.run(server.context, START)).toBe(60)
    expect(writes).toBeLessThanOrEqual(4)
    for (const id of ids) {
      const states = await database.read((session) => readFlowRunStates(session, id))
      expect(states.map(({ name }) => name)).toEqual(['Scheduled', 'Late'])
    }
  })
})
