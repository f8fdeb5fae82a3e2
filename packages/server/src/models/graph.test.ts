import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DIALECTS, openTestDatabase } from '../../tests/helpers/databases.ts'
import { flowRow, flowRunRow, nextId, taskRunRow } from '../../tests/helpers/run-rows.ts'
import { START } from '../../tests/helpers/test-context.ts'
import { insertRows } from '../database/bulk.ts'
import type { Database } from '../database/database.ts'
import type { Row } from '../database/tables.ts'
import { readTaskRunDependencies } from './dependencies.ts'
import { readRunGraph } from './graph.ts'
import type { GraphNode, RunGraph } from './graph.ts'

const SECOND = 1_000_000
const at = (second: number) => START + second * SECOND
const result = (id: string) => ({ input_type: 'task_run', id })

function artifactRow(row: Partial<Row<'artifact'>>): Row<'artifact'> {
  const empty = { key: null, type: 'markdown', description: null, data: 'x', metadata_: null }
  return {
    id: nextId(),
    created: START,
    updated: START,
    ...empty,
    flow_run_id: null,
    task_run_id: null,
    ...row,
  }
}

describe.each(DIALECTS)('graph of a flow run on %s', (dialect) => {
  let database: Database
  const flow = flowRow({ name: 'child' })
  const run = flowRunRow({ flow_id: flow.id, expected_start_time: at(0), end_time: at(90) })

  beforeEach(async () => {
    database = await openTestDatabase(dialect)
    await store('flow', [flow])
    await store('flow_run', [run])
  })
  afterEach(() => database.close())

  const store = <Name extends 'flow' | 'flow_run' | 'task_run' | 'artifact' | 'artifact_collection'>(
    table: Name,
    rows: Row<Name>[],
  ) => database.write((session) => insertRows(session, table, rows))

  async function graph(since = 0): Promise<RunGraph> {
    return (await database.read((session) => readRunGraph(session, run.id, since))) as RunGraph
  }
  const task = (start: number, row: Partial<Row<'task_run'>> = {}) =>
    taskRunRow({ flow_run_id: run.id, state_type: 'RUNNING', start_time: at(start), ...row })
  const ids = (nodes: GraphNode[]) => nodes.map(({ id }) => id)

  test('edges follow the inputs, each once, whatever the number of inputs between two nodes', async () => {
    const first = task(1)
    const second = task(2, {
      task_inputs: { a: [result(first.id)], b: [result(first.id), { input_type: 'constant', type: 'int' }] },
    })
    const third = task(3, {
      task_inputs: { x: [result(second.id)], wait_for: [result(first.id), result(nextId())] },
    })
    await store('task_run', [third, first, second])
    const { nodes } = await graph()
    expect(ids(nodes)).toEqual([first.id, second.id, third.id])
    expect(nodes.map(({ parents }) => parents)).toEqual([[], [first.id], [first.id, second.id]])
    expect(nodes.map(({ children }) => children)).toEqual([[second.id, third.id], [third.id], []])
  })

  test('being called within a task is containment, not descent', async () => {
    const outer = task(1)
    const inner = task(2, { task_inputs: { __parents__: [result(outer.id)] } })
    await store('task_run', [outer, inner])
    const node = (await graph()).nodes[1]
    expect(node).toMatchObject({ encapsulating: [outer.id], parents: [] })
  })

  test('a subflow run stands in the place of its task run', async () => {
    const tracking = task(1, { state_type: 'PENDING' })
    const subflow = flowRunRow({
      flow_id: flow.id,
      name: 'sub',
      parent_task_run_id: tracking.id,
      state_type: 'COMPLETED',
      start_time: at(5),
      end_time: at(6),
    })
    const after = task(7, {
      task_inputs: { a: [result(tracking.id)], b: [{ input_type: 'flow_run', id: subflow.id }] },
    })
    await store('task_run', [tracking, after])
    await store('flow_run', [subflow])
    const [node, next] = (await graph()).nodes
    expect(node).toMatchObject({
      kind: 'flow-run',
      id: subflow.id,
      label: 'child / sub',
      state_type: 'COMPLETED',
      start_time: at(5),
      end_time: at(6),
      children: [after.id],
    })
    expect(next?.parents).toEqual([subflow.id])
  })

  test('a run answered from the cache ended when it was to start; one that never was to start is left out', async () => {
    const cached = task(0, { start_time: null, expected_start_time: at(4), state_type: 'COMPLETED' })
    const waiting = task(0, { start_time: null, expected_start_time: at(5), state_type: 'PENDING' })
    await store('task_run', [cached, waiting, task(0, { start_time: null })])
    const { nodes } = await graph()
    expect(nodes.map(({ start_time, end_time }) => [start_time, end_time])).toEqual([
      [at(4), at(4)],
      [at(5), null],
    ])
  })

  test('what ended before `since` is cut, but edges to it stay', async () => {
    const old = task(1, { end_time: at(2), state_type: 'COMPLETED' })
    const fresh = task(3, { end_time: at(4), task_inputs: { a: [result(old.id)] } })
    const running = task(5)
    await store('task_run', [old, fresh, running])
    const { nodes } = await graph(at(4))
    expect(ids(nodes)).toEqual([fresh.id, running.id])
    expect(nodes[0]?.parents).toEqual([old.id])
  })

  test('artifacts stand with their task run or with the run; results are left out', async () => {
    const one = task(1)
    await store('task_run', [one])
    const ofTask = artifactRow({
      flow_run_id: run.id,
      task_run_id: one.id,
      key: 'k',
      type: 'progress',
      data: 5,
    })
    const older = artifactRow({ flow_run_id: run.id, key: 'k', created: START - 1 })
    await store('artifact', [
      ofTask,
      older,
      artifactRow({ flow_run_id: run.id, type: 'result' }),
      artifactRow({ flow_run_id: run.id, type: null }),
      artifactRow({}),
    ])
    await store('artifact_collection', [{ ...ofTask, id: nextId(), latest_id: ofTask.id }])
    const { nodes, artifacts } = await graph()
    expect(nodes[0]?.artifacts).toMatchObject([{ id: ofTask.id, is_latest: true, data: 5 }])
    expect(artifacts).toMatchObject([{ id: older.id, is_latest: false, data: null }])
  })

  test('more than 10 000 nodes are refused, unless `since` leaves few enough', async () => {
    const many = Array.from({ length: 10_001 }, () => task(1, { end_time: at(2) }))
    await store('task_run', many)
    expect(await graph()).toEqual({ nodes: 10_001, most: 10_000 })
    await store('task_run', [task(5)])
    expect((await graph(at(3))).nodes).toHaveLength(1)
  })

  test('an unknown run has no graph; one without tasks has times', async () => {
    expect(await database.read((session) => readRunGraph(session, nextId(), 0))).toBeUndefined()
    expect(await graph()).toMatchObject({ start_time: at(0), end_time: at(90), nodes: [] })
  })

  test('the first form lists every task run with the task runs it depended on', async () => {
    const first = task(1)
    const second = task(2, {
      task_inputs: {
        a: [result(first.id)],
        __parents__: [result(first.id)],
        p: [{ input_type: 'parameter', name: 'p' }],
      },
    })
    await store('task_run', [first, second])
    const dependencies = await database.read((session) => readTaskRunDependencies(session, run.id))
    expect(dependencies.map(({ run: { id }, upstream }) => [id, upstream])).toEqual([
      [second.id, [first.id]],
      [first.id, []],
    ])
  })
})
