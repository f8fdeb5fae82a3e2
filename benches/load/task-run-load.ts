import { setTimeout as delay } from 'node:timers/promises'
import { HttpConnection } from '../../packages/server/tests/helpers/http-connection.ts'
import { measure } from './measure.ts'
import type { Measurement, Turn } from './measure.ts'
import { setStateBody, taskRunBody } from './task-run-bodies.ts'

export interface TaskRunJob {
  origin: string
  clients: number
  /** For each of the three kinds of request. */
  seconds: number
  /** Go on until every run that was made is COMPLETED. */
  finishAll?: boolean
}

export interface TaskRunLoad {
  create: Measurement
  /** Each run to RUNNING, then to COMPLETED. */
  transition: Measurement
  read: Measurement
}

/** Makes task runs, takes them through their states and reads them, with the bodies of a real client. */
export async function loadTaskRuns({
  origin,
  clients,
  seconds,
  finishAll = false,
}: TaskRunJob): Promise<TaskRunLoad> {
  const flowRunId = await startFlowRun(origin)
  const ids: string[] = []
  let keys = 0
  const create: Turn = async (send) => {
    const answer = await send('POST', '/api/task_runs/', taskRunBody(flowRunId, String(keys++)), 201)
    if (answer?.status === 201) ids.push(idOf(answer.body))
    return true
  }
  let started = 0
  const transition: Turn = async (send) => {
    const id = ids[started++]
    if (id === undefined) return false
    await send('POST', `/api/task_runs/${id}/set_state`, setStateBody(id, 'RUNNING'), 201)
    await send('POST', `/api/task_runs/${id}/set_state`, setStateBody(id, 'COMPLETED'), 201)
    return true
  }
  let reads = 0
  const read: Turn = async (send) => {
    await send('GET', `/api/task_runs/${ids[reads++ % ids.length]}`, undefined, 200)
    return true
  }
  const pace = { clients, seconds }
  return {
    create: await measure(origin, pace, create),
    transition: await measure(origin, finishAll ? { clients, seconds: Infinity } : pace, transition),
    read: await measure(origin, pace, read),
  }
}

const PATIENCE_MS = 20_000

/** Makes a running flow run of a new flow and returns its id. */
export async function startFlowRun(origin: string): Promise<string> {
  const connection = await HttpConnection.open(origin)
  const patience = performance.now() + PATIENCE_MS
  const make = async (path: string, body: object) => {
    const ask = () => connection.request('POST', path, JSON.stringify(body))
    let answer = await ask()
    // The reference's SQLite file is locked by its own services now and then.
    while (answer.status === 503 && performance.now() < patience) {
      await delay(100)
      answer = await ask()
    }
    if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${answer.body}`)
    return idOf(answer.body)
  }
  const flowId = await make('/api/flows/', { name: `bench-${crypto.randomUUID()}` })
  const flowRunId = await make('/api/flow_runs/', { flow_id: flowId, state: { type: 'RUNNING' } })
  connection.close()
  return flowRunId
}

/** The answers of all servers begin with the id; to parse them whole would cost the generator too much. */
function idOf(body: string): string {
  return body.startsWith('{"id":"') ? body.slice(7, 43) : (JSON.parse(body) as { id: string }).id
}
