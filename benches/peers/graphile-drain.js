import { run, runMigrations } from 'graphile-worker'
import pg from 'pg'

/** Run by the drain benchmark: queues so many no-op jobs and lets one worker carry them out. */
const [connectionString, count, concurrency, localQueue] = process.argv.slice(2)
const jobs = Number(count)
const queueSize = Number(localQueue)
const logger = { error() {}, warn() {}, info() {}, debug() {} }
const preset =
  queueSize > 0
    ? { worker: { localQueue: { size: queueSize }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } }
    : {}

await runMigrations({ connectionString })
const pool = new pg.Pool({ connectionString })
await pool.query('delete from graphile_worker._private_jobs')
let began = performance.now()
await pool.query(
  `select graphile_worker.add_jobs(array(select ('noop', '{}'::json, null, null, null, null, null, null)::graphile_worker.job_spec from generate_series(1, $1)))`,
  [jobs],
)
const enqueuePerSecond = jobs / ((performance.now() - began) / 1000)

began = performance.now()
const { Logger } = await import('graphile-worker')
const runner = await run({
  connectionString,
  concurrency: Number(concurrency),
  noHandleSignals: true,
  logger: new Logger(() => (level, message) => logger[level]?.(message)),
  taskList: { noop: () => {} },
  preset,
})
for (;;) {
  const { rows } = await pool.query('select exists (select from graphile_worker._private_jobs) as left')
  if (!rows[0].left) break
  await new Promise((resolve) => setTimeout(resolve, 5))
}
const drainPerSecond = jobs / ((performance.now() - began) / 1000)
process.stdout.write(
  `${JSON.stringify({ enqueuePerSecond, drainPerSecond, rss: process.memoryUsage().rss })}\n`,
)
await runner.stop()
await pool.end()
