import type { ReeveClient } from 'reeve'

interface Line {
  name: string
  state: string
  startMs: number | undefined
  seconds: number
}

/** Prints a flow run and its task runs as a tree: states, tries, when each began and how long it took. */
export async function showRun(client: ReeveClient, flowRunId: string): Promise<void> {
  const flowRun = await client.readFlowRun({ params: { id: flowRunId } })
  const taskRuns = await client.filterTaskRuns({
    body: { flow_runs: { id: { any_: [flowRunId] } }, sort: 'EXPECTED_START_TIME_ASC' },
  })
  const start = Date.parse(flowRun.start_time ?? flowRun.created)
  print('', { ...lineOf(flowRun), name: flowRun.name }, start)
  taskRuns.forEach((run, i) => print(i === taskRuns.length - 1 ? '└─ ' : '├─ ', lineOf(run), start))
}

interface Run {
  name: string
  state_name: string | null
  run_count: number
  start_time: string | null
  end_time: string | null
}

function lineOf(run: Run): Line {
  const startMs = run.start_time === null ? undefined : Date.parse(run.start_time)
  const endMs = run.end_time === null ? Date.now() : Date.parse(run.end_time)
  const tries = run.run_count > 1 ? ` after ${run.run_count} tries` : ''
  return {
    name: run.name,
    state: `${run.state_name ?? 'unknown'}${tries}`,
    startMs,
    seconds: startMs === undefined ? 0 : (endMs - startMs) / 1000,
  }
}

function print(branch: string, { name, state, startMs, seconds }: Line, origin: number): void {
  const begun = startMs === undefined ? '' : `+${((startMs - origin) / 1000).toFixed(2)} s`
  console.log(
    `${(branch + name).padEnd(24)} ${state.padEnd(24)} ${begun.padStart(8)}  took ${seconds.toFixed(2)} s`,
  )
}
