import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Generation } from './generation.ts'
import { freePort, startServer } from './server-process.ts'
import type { RunningServer } from './server-process.ts'
import { ensureVenv } from './venv.ts'

// A background service that turns a run Late or Failed between two requests would make a recording of chance; those
// that only follow events cost the time of the one process that answers.
const SERVICES = [
  'LATE_RUNS',
  'PAUSE_EXPIRATIONS',
  'CANCELLATION_CLEANUP',
  'SCHEDULER',
  'REPOSSESSOR',
  'FOREMAN',
  'TRIGGERS',
  'EVENT_PERSISTER',
  'EVENT_LOGGER',
  'TASK_RUN_RECORDER',
  'FLOW_RUN_NOTIFICATIONS',
]
const WITHOUT_SERVICES = Object.fromEntries(
  ['API', 'SERVER'].flatMap((prefix) => [
    ...SERVICES.map((service) => [`PREFECT_${prefix}_SERVICES_${service}_ENABLED`, 'false']),
    // On a busy machine its writers wait for each other longer than they have patience for.
    [`PREFECT_${prefix}_DATABASE_TIMEOUT`, '120'],
    [`PREFECT_${prefix}_DATABASE_CONNECTION_TIMEOUT`, '120'],
  ]),
)

/**
 * Starts the real server of a generation, on the PostgreSQL database at `database` or else on SQLite in a temporary
 * folder; resolves when it is healthy.
 */
export async function startReferenceServer(
  generation: Generation,
  { services = true, database }: { services?: boolean; database?: string } = {},
): Promise<RunningServer> {
  const python = await ensureVenv(generation)
  const port = await freePort()
  const home = mkdtempSync(join(tmpdir(), 'reeve-compat-reference-'))
  const server = await startServer({
    name: `reference server ${generation.version}`,
    command: join(dirname(python), 'prefect'),
    args: ['server', 'start', '--host', '127.0.0.1', '--port', String(port)],
    port,
    env: {
      PREFECT_HOME: home,
      PREFECT_API_URL: `http://127.0.0.1:${port}/api`,
      PREFECT_SERVER_ANALYTICS_ENABLED: 'false',
      PREFECT_LOGGING_SERVER_LEVEL: 'WARNING',
      DO_NOT_TRACK: '1',
      ...(services ? {} : WITHOUT_SERVICES),
      ...(database ? onPostgres(database) : {}),
    },
  })
  return {
    ...server,
    async stop() {
      await server.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

function onPostgres(database: string): Record<string, string> {
  const url = database.replace(/^postgres(ql)?:/, 'postgresql+asyncpg:')
  return { PREFECT_API_DATABASE_CONNECTION_URL: url, PREFECT_SERVER_DATABASE_CONNECTION_URL: url }
}
