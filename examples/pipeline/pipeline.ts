/**
 * Python and TypeScript in one pipeline, on one server. Shows: a flow whose first step is a Prefect flow in
 * Python, a value handed over by a variable with a schema, and both kinds of runs in one place.
 *
 * PYTHON names a Python that has Prefect 3.8 (`pip install prefect==3.8.8`); python3 when it is not set.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { flow, task, variable, withServer } from 'reeve'
import { z } from 'zod'

const clean = task(
  async (lines: string[], apiUrl: string) => {
    const script = join(import.meta.dirname, 'clean.py')
    await promisify(execFile)(
      process.env['PYTHON'] ?? 'python3',
      [script, JSON.stringify(lines), 'cleaned'],
      {
        env: { ...process.env, PREFECT_API_URL: apiUrl },
      },
    )
    return variable.get('cleaned', z.array(z.number()), { default: [] })
  },
  { name: 'clean-in-python', retries: 1, timeoutSeconds: 120 },
)

const average = task((values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length, {
  name: 'average',
})

const pipeline = flow((lines: string[], apiUrl: string) => average(clean.submit(lines, apiUrl)), {
  name: 'pipeline',
})

await withServer(async ({ client, apiUrl }) => {
  console.log(`average: ${await pipeline(['1.5', 'two', '2.5', '', '5'], apiUrl)}`)
  for (const { name, state_name } of await runsOf('clean', 'pipeline')) console.log(`${name}: ${state_name}`)

  async function runsOf(...names: string[]) {
    const flows = await client.filterFlows({ body: { flows: { name: { any_: names } } } })
    const runs = await client.filterFlowRuns({ body: { flows: { name: { any_: names } } } })
    return runs
      .map(({ flow_id, state_name }) => ({ name: flows.find(({ id }) => id === flow_id)?.name, state_name }))
      .sort((a, b) => String(a.name).localeCompare(String(b.name)))
  }
})
