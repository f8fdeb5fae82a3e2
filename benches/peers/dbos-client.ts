import { DBOS } from '@dbos-inc/dbos-sdk'
import { measureWorkflows } from '../durable/measure-workflows.ts'

/** Run by the bench in a process of its own, with DATABASE_URL set: DBOS works inside of its client. */
const silent = { info() {}, debug() {}, warn() {}, error: console.error }
DBOS.setConfig({
  name: 'bench',
  systemDatabaseUrl: process.env['DATABASE_URL'] as string,
  runAdminServer: false,
  systemDatabasePoolSize: 20,
  logger: silent,
})

const step = (name: string, x: number) => DBOS.runStep(async () => `${name} ${x}`, { name })
const order = DBOS.registerWorkflow(
  async (x: number) => [await step('reserve', x), await step('charge', x), await step('ship', x)],
  { name: 'order' },
)

await DBOS.launch()
await measureWorkflows(order)
await DBOS.shutdown()
