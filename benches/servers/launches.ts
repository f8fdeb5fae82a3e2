import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Launch } from '../../packages/server/tests/helpers/server-process.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Parses and answers the same bodies and does nothing else: the ceiling for any server on Fastify. */
export const bareFastify: Launch = {
  command: process.execPath,
  args: (port) => [join(import.meta.dirname, 'bare-fastify.ts'), String(port)],
}

/** The reference server on SQLite in `home`, or undefined when no virtual environment has it. */
export function reference(version: string, home: string): Launch | undefined {
  const python = referencePython(version)
  if (python === undefined) return undefined
  return {
    command: join(dirname(python), 'prefect'),
    args: (port) => ['server', 'start', '--host', '127.0.0.1', '--port', String(port)],
    env: (port) => ({
      PREFECT_HOME: home,
      PREFECT_API_URL: `http://127.0.0.1:${port}/api`,
      PREFECT_SERVER_ANALYTICS_ENABLED: 'false',
      PREFECT_LOGGING_SERVER_LEVEL: 'WARNING',
      DO_NOT_TRACK: '1',
    }),
  }
}

function referencePython(version: string): string | undefined {
  const places = [
    process.env['REEVE_REFERENCE_PYTHON'],
    join(ROOT, 'compat/.venvs', version, 'bin/python'),
    join(homedir(), '.cache/reference', version, 'bin/python'),
  ]
  return places.find((place) => place !== undefined && existsSync(join(dirname(place), 'prefect')))
}
