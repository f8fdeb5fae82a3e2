/**
 * Flows made of flows. Shows: subflows side by side, parameters checked and typed by a schema, one that fails
 * without taking the others along, and tags for all runs inside of a block.
 */
import { flow, tags, task } from 'reeve'
import { z } from 'zod'

const count = task((region: string) => region.length * 100, { name: 'count' })

const regionReport = flow(
  async ({ region, minimum }) => {
    const orders = await count(region)
    if (orders < minimum) throw new Error(`${region} has only ${orders} orders`)
    return { region, orders }
  },
  {
    name: 'region-report',
    runName: 'report-{region}',
    parameters: z.object({ region: z.string(), minimum: z.number().default(300) }),
  },
)

const worldReport = flow(
  async (regions: string[]) => {
    const runs = regions.map((region) => regionReport.submit({ region }))
    const states = await Promise.all(runs.map((run) => run.state()))
    return {
      reports: states.flatMap((state) => (state.isCompleted ? [state.result()] : [])),
      problems: states.flatMap((state) => (state.isCompleted ? [] : [state.message])),
    }
  },
  { name: 'world-report' },
)

console.log(await tags(['nightly'], () => worldReport(['emea', 'us', 'apac'])))
