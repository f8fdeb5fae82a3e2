import { inspect } from 'node:util'
import { currentClock } from '../engine/current-clock.ts'
import { currentScope } from '../engine/scope.ts'
import { writeLine } from './console.ts'
import { nextTimestamp } from './timestamp.ts'

/** Fields that are written after the message. */
export type LogFields = { readonly [name: string]: unknown }

type Write = (message: unknown, fields?: LogFields) => void

/** A logger; inside of a run its records carry the run's ids and go to the server too. */
export interface Logger {
  readonly debug: Write
  readonly info: Write
  readonly warn: Write
  readonly error: Write
  readonly critical: Write
}

const LEVELS = { debug: 10, info: 20, warn: 30, error: 40, critical: 50 } as const

/** Works anywhere: `log.info('loaded', { rows: 3 })`. */
export const log: Logger = makeLogger()

/** A logger with a name of its own; without one it is `reeve.flow_runs` or `reeve.task_runs`. */
export function makeLogger(name?: string): Logger {
  const at =
    (level: number): Write =>
    (message, fields) =>
      record(level, format(message, fields), name)
  return {
    debug: at(LEVELS.debug),
    info: at(LEVELS.info),
    warn: at(LEVELS.warn),
    error: at(LEVELS.error),
    critical: at(LEVELS.critical),
  }
}

function record(level: number, message: string, name: string | undefined): void {
  const scope = currentScope()
  const runtime = scope?.runtime
  if (level < (runtime?.settings.logLevel ?? LEVELS.info)) return
  const { flow, task } = scope ?? {}
  const logger = name ?? (task ? 'reeve.task_runs' : 'reeve.flow_runs')
  const timestamp = nextTimestamp(currentClock())
  if (runtime?.settings.logsToApi && (flow || task)) {
    const ids = { flow_run_id: flow?.id ?? null, task_run_id: task?.id ?? null }
    runtime.logs.add({ name: logger, level, message: cut(message), timestamp, ...ids })
  }
  if (runtime?.settings.logsToConsole ?? true) writeLine(level, timestamp, task?.name ?? flow?.name, message)
}

/** Characters of a message that are shipped. */
const MAX_SHIPPED = 200_000

function cut(message: string): string {
  return message.length > MAX_SHIPPED ? `${message.slice(0, MAX_SHIPPED)}…` : message
}

function format(message: unknown, fields: LogFields | undefined): string {
  const text =
    typeof message === 'string'
      ? message
      : message instanceof Error
        ? (message.stack ?? String(message))
        : inspect(message)
  if (!fields) return text
  return `${text} ${Object.entries(fields)
    .map(([name, value]) => `${name}=${show(value)}`)
    .join(' ')}`
}

function show(value: unknown): string {
  return typeof value === 'string' && !/\s/.test(value)
    ? value
    : inspect(value, { breakLength: Infinity, depth: 4 })
}
