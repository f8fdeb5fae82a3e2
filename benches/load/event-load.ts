import { setTimeout as delay } from 'node:timers/promises'
import { openEventSocket, sendAll } from './event-socket.ts'
import { taskRunEvents } from './task-run-events.ts'
import { startFlowRun } from './task-run-load.ts'

export interface EventJob {
  origin: string
  clients: number
  /** Each tells of three states. */
  taskRuns: number
  /** At most this many; a server that breaks its connections under more is asked less often, too. */
  eventsPerSecond?: number
}

export interface EventLoad {
  events: number
  /** Until the last one was sent. */
  sendSeconds: number
  /** Until every task run could be read in its last state, or nothing more came for some seconds. */
  recordSeconds: number
  /** Task runs that were read in their last state at the end. */
  recorded: number
}

const POLL_MS = 20
const GENTLE_POLL_MS = 500
const GIVE_UP_MS = 10_000

/** Tells of task runs as Prefect 3 clients do, and waits until the server knows of all of them. */
export async function loadEvents({
  origin,
  clients,
  taskRuns,
  eventsPerSecond,
}: EventJob): Promise<EventLoad> {
  const share = eventsPerSecond && eventsPerSecond / clients
  const flowRunId = await startFlowRun(origin)
  const shares = Array.from({ length: clients }, (): string[] => [])
  for (let index = 0; index < taskRuns; index++) {
    shares[index % clients]?.push(...taskRunEvents(flowRunId, index))
  }
  const sockets = await Promise.all(shares.map(() => openEventSocket(origin)))
  const started = performance.now()
  await Promise.all(sockets.map((socket, index) => sendAll(socket, shares[index] ?? [], share)))
  const sent = performance.now()
  let recorded = 0
  let moved = sent
  while (recorded < taskRuns && performance.now() - moved < GIVE_UP_MS) {
    const count = await countCompleted(origin, flowRunId)
    if (count > recorded) moved = performance.now()
    recorded = count
    if (recorded < taskRuns) await delay(eventsPerSecond ? GENTLE_POLL_MS : POLL_MS)
  }
  for (const socket of sockets) socket.close()
  return {
    events: taskRuns * 3,
    sendSeconds: (sent - started) / 1000,
    recordSeconds: (moved - started) / 1000,
    recorded,
  }
}

async function countCompleted(origin: string, flowRunId: string): Promise<number> {
  const answer = await fetch(`${origin}/api/task_runs/count`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      flow_runs: { id: { any_: [flowRunId] } },
      task_runs: { state: { type: { any_: ['COMPLETED'] } } },
    }),
  })
  return Number(await answer.text())
}
