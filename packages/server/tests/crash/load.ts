import { setTimeout as delay } from 'node:timers/promises'
import { HttpConnection } from '../helpers/http-connection.ts'
import type { HttpAnswer } from '../helpers/http-connection.ts'
import type { Ledger } from './ledger.ts'

export interface Load {
  /** Resolves when every client has noticed that it is to stop. */
  stop(): Promise<void>
}

const CLIENTS = 32
const RECONNECT_MS = 10

export interface Round {
  origin: string
  flowRunId: string
  /** Half of the runs have the first tag or both. */
  tags: readonly [string, string]
}

/** Clients which each take run after run through its states, and write into the ledger what they are told. */
export function startLoad(round: Round, ledger: Ledger): Load {
  const load = { stopping: false }
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (!load.stopping) {
      try {
        const connection = await HttpConnection.open(round.origin)
        while (!load.stopping) await takeOneRun(connection, round, ledger)
        connection.close()
      } catch {
        // The server or its database is down: a client tries again until it is told to stop.
        if (!load.stopping) await delay(RECONNECT_MS)
      }
    }
  })
  return {
    async stop() {
      load.stopping = true
      await Promise.all(clients)
    },
  }
}

let runs = 0

async function takeOneRun(connection: HttpConnection, round: Round, ledger: Ledger): Promise<void> {
  const number = runs++
  const created = await connection.request(
    'POST',
    '/api/task_runs/',
    JSON.stringify({
      flow_run_id: round.flowRunId,
      task_key: 'crash',
      dynamic_key: String(number),
      tags: [[], round.tags.slice(0, 1), [], round.tags][number % 4],
      empirical_policy: { retries: number % 5 === 0 ? 1 : 0 },
    }),
  )
  if (created.status !== 201) return outage(created, ledger)
  const { id, state_id } = JSON.parse(created.body) as { id: string; state_id: string }
  ledger.acknowledge(id, state_id)
  for (const type of ['RUNNING', number % 3 === 0 ? 'FAILED' : 'COMPLETED']) {
    if (!(await propose(connection, id, type, ledger))) return
  }
}

/** Whether the state was written. */
async function propose(
  connection: HttpConnection,
  id: string,
  type: string,
  ledger: Ledger,
): Promise<boolean> {
  let answer: HttpAnswer
  try {
    answer = await connection.request(
      'POST',
      `/api/task_runs/${id}/set_state`,
      JSON.stringify({ state: { type } }),
    )
  } catch (error) {
    ledger.doubt(id)
    throw error
  }
  if (answer.status === 200) return false
  if (answer.status !== 201) {
    ledger.doubt(id)
    await outage(answer, ledger)
    return false
  }
  ledger.acknowledge(id, (JSON.parse(answer.body) as { state: { id: string } }).state.id)
  return true
}

/** A server whose database is away says so with 503; anything else is a bug that must be seen. */
async function outage({ status, body }: HttpAnswer, ledger: Ledger): Promise<void> {
  if (status !== 503) ledger.complain(`answered ${status}: ${body}`)
  await delay(RECONNECT_MS)
}
