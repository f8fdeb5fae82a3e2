import { rmSync } from 'node:fs'
import { createBus } from '../src/bus.ts'
import { systemClock } from '../src/clock.ts'
import { openDatabase } from '../src/database/open.ts'
import { systemIds } from '../src/ids.ts'
import { createHotPath } from '../src/models/hot-path.ts'
import { Settings } from '../src/settings.ts'
import { parseJsonBody } from '../src/json-body.ts'
import * as routes from '@reeve/schemas/routes/task-runs'
import { proposedState } from '../src/api/proposed-state.ts'
import { orchestrationAnswer } from '../src/api/wire/orchestration-result.ts'
import { wireTaskRun } from '../src/api/wire/task-run.ts'
import { readTaskRun } from '../src/models/task-runs.ts'
import { setStateBody, taskRunBody } from '../../../benches/load/task-run-bodies.ts'
import { createFlowRun } from '../src/models/flow-run-creation.ts'
import { FlowRunCreate } from '@reeve/schemas/flow-run'
import { insertRows } from '../src/database/bulk.ts'
import { serverState } from '../src/models/server-state.ts'
import { SERVER_CLIENT } from '../src/models/rule-context.ts'

for (const f of ['', '-wal', '-shm', '-lock']) rmSync('/dev/shm/h8micro.db' + f, { force: true })
const database = await openDatabase(process.argv[2] ?? '/dev/shm/h8micro.db')
const shared = {
  clock: systemClock(),
  ids: systemIds,
  random: Math.random,
  settings: Settings.parse({}),
  bus: createBus(),
}
const hotPath = createHotPath(database, shared)
const context = {
  ...shared,
  database,
  hotPath,
  logger: console as never,
} as never as import('../src/context.ts').Context
const flow_id = crypto.randomUUID()
await database.write((s) =>
  insertRows(s, 'flow', [{ id: flow_id, created: 1, updated: 1, name: 'x' + flow_id, tags: [], labels: {} }]),
)
const flowRun = await database.write((s) =>
  createFlowRun(
    s,
    {
      flowRun: FlowRunCreate.parse({ flow_id }),
      state: serverState('RUNNING', context),
      work_queue: null,
      created_by: null,
      client: SERVER_CLIENT,
    },
    context,
  ),
)
const client = SERVER_CLIENT
const B = 32
let key = 0
const cpu = () => {
  const c = process.cpuUsage()
  return c.user + c.system
}
const sums: Record<string, number> = {}
const time = async <T>(name: string, n: number, f: () => T | Promise<T>) => {
  const a = cpu()
  const w = performance.now()
  const r = await f()
  sums[name + ' cpu'] = (sums[name + ' cpu'] ?? 0) + (cpu() - a)
  sums[name] = (sums[name] ?? 0) + (performance.now() - w) * 1000
  sums[name + ' n'] = (sums[name + ' n'] ?? 0) + n
  return r
}
async function round() {
  const texts = Array.from({ length: B }, () => taskRunBody(flowRun.flowRun.id, String(key++)))
  const jsons = await time('create: JSON.parse', B, () => texts.map((t) => parseJsonBody(t)))
  const bodies = await time('create: zod', B, () =>
    jsons.map((j) => routes.createTaskRun.body.safeParse(j).data!),
  )
  const created = await time('create: hotPath', B, () =>
    Promise.all(
      bodies.map(({ state, ...taskRun }) =>
        hotPath.createTaskRun({ taskRun, state: proposedState(state!, context), client }),
      ),
    ),
  )
  const wires = await time('create: wire', B, () =>
    created.map((c) => wireTaskRun(c.taskRun, shared.clock.now())),
  )
  await time('create: stringify', B, () => wires.map((w) => JSON.stringify(w)))
  for (const type of ['RUNNING', 'COMPLETED'] as const) {
    const texts = created.map((c) => setStateBody(c.taskRun.id, type))
    const jsons = await time('set: JSON.parse', B, () => texts.map((t) => parseJsonBody(t)))
    const bodies = await time('set: zod', B, () =>
      jsons.map((j) => routes.setTaskRunState.body.safeParse(j).data!),
    )
    const results = await time('set: hotPath', B, () =>
      Promise.all(
        bodies.map((body, i) =>
          hotPath.setTaskRunState({
            task_run_id: created[i]!.taskRun.id,
            state: proposedState(body.state, context),
            force: body.force,
            client,
          }),
        ),
      ),
    )
    const wires = await time('set: wire', B, () => results.map((r) => orchestrationAnswer(r!)))
    await time('set: stringify', B, () => wires.map((w) => JSON.stringify(w.body)))
  }
  const rows = await time('read: model', B, () =>
    Promise.all(created.map((c) => database.read((s) => readTaskRun(s, c.taskRun.id)))),
  )
  const rw = await time('read: wire', B, () => rows.map((r) => wireTaskRun(r!, shared.clock.now())))
  await time('read: stringify', B, () => rw.map((w) => JSON.stringify(w)))
}
for (let i = 0; i < 60; i++) await round()
for (const k of Object.keys(sums)) delete sums[k]
for (let i = 0; i < Number(process.argv[3] ?? 200); i++) await round()
for (const k of Object.keys(sums).filter((k) => !k.endsWith(' n') && !k.endsWith(' cpu')))
  console.log(
    k.padEnd(22),
    'cpu',
    (sums[k + ' cpu']! / sums[k + ' n']!).toFixed(1).padStart(7),
    'us; wall',
    (sums[k]! / sums[k + ' n']!).toFixed(1).padStart(7),
    'us',
  )
await database.close()
