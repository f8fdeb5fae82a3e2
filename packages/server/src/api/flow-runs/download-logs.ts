import type { LogFilter } from '@reeve/schemas/filters/log-filter'
import { downloadFlowRunLogs as route } from '@reeve/schemas/routes/flow-runs'
import { formatTimestamp } from '@reeve/schemas/time'
import { Readable } from 'node:stream'
import type { Context } from '../../context.ts'
import { readFlowRun } from '../../models/flow-runs.ts'
import { readLogs } from '../../models/logs.ts'
import type { LogRow } from '../../models/logs.ts'
import { endpoint } from '../endpoint.ts'
import { flowRunNotFound } from './not-found.ts'

const LINES_AT_ONCE = 1000

export const downloadFlowRunLogs = endpoint(route, async ({ context, params: { id } }) => {
  const run = await context.database.read((session) => readFlowRun(session, id))
  if (!run) return flowRunNotFound()
  const filename = encodeURIComponent(`${run.name}-logs.csv`)
  return {
    status: 200,
    body: Readable.from(csv(context, id), { objectMode: false }),
    raw: true,
    headers: {
      'content-disposition': `attachment; filename="flow-run-logs.csv"; filename*=UTF-8''${filename}`,
    },
  }
})

async function* csv({ database }: Context, flowRunId: string): AsyncGenerator<string> {
  yield line(['timestamp', 'level', 'flow_run_id', 'task_run_id', 'message'])
  const logFilter: LogFilter = { operator: 'and_', flow_run_id: { any_: [flowRunId] } }
  let after: LogRow | undefined
  do {
    const query = { logFilter, limit: LINES_AT_ONCE, after }
    const logs = await database.scan((session) => readLogs(session, query))
    if (logs.length > 0) yield logs.map(logLine).join('')
    after = logs.length === LINES_AT_ONCE ? logs.at(-1) : undefined
  } while (after)
}

function logLine({ timestamp, level, flow_run_id, task_run_id, message }: LogRow): string {
  const time = formatTimestamp(timestamp).replace('T', ' ').replace('Z', '+00:00')
  return line([time, String(level), flow_run_id ?? '', task_run_id ?? '', message])
}

function line(cells: string[]): string {
  const quoted = cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
  return `${quoted.join(',')}\r\n`
}
