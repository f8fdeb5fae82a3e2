import { format as printf, inspect } from 'node:util'
import { currentClock } from '../engine/current-clock.ts'
import { currentScope } from '../engine/scope.ts'
import { writeLine } from './console.ts'
import { nextTimestamp } from './timestamp.ts'

/** Fields that are written after the message. */
export type LogFields = { readonly [name: string]: unknown }

/** A message and fields or, as with pino, fields and a message, each with values for `%s`, `%d`, `%o` in it. */
export interface Write {
  (message: string, ...values: unknown[]): void
  (fields: unknown, message?: string, ...values: unknown[]): void
}

/**
 * A logger; inside of a run its records carry the run's ids and go to the server too. It takes calls as pino's
 * does, so that it can stand in for one.
 */
export interface Logger {
  readonly trace: Write
  readonly debug: Write
  readonly info: Write
  readonly warn: Write
  readonly error: Write
  readonly critical: Write
  /** `critical` by pino's name. */
  readonly fatal: Write
  /** The same logger, which writes these fields with each record. */
  child(fields: LogFields): Logger
}

const LEVELS = { trace: 5, debug: 10, info: 20, warn: 30, error: 40, critical: 50, fatal: 50 } as const

/** Works anywhere: `log.info('loaded', { rows: 3 })`. */
export const log: Logger = makeLogger()

/**
 * A logger with a name of its own; without one it is `reeve.flow_runs` or `reeve.task_runs`.
 * @example makeLogger('my-library').info('loaded', { rows: 3 })
 */
export function makeLogger(name?: string): Logger {
  return loggerWith(name, {})
}

function loggerWith(name: string | undefined, bound: LogFields): Logger {
  const at =
    (level: number): Write =>
    (...args: unknown[]) =>
      record(level, () => format(args, bound), name)
  const { trace, debug, info, warn, error, critical, fatal } = LEVELS
  return {
    trace: at(trace),
    debug: at(debug),
    info: at(info),
    warn: at(warn),
    error: at(error),
    critical: at(critical),
    fatal: at(fatal),
    child: (fields) => loggerWith(name, { ...bound, ...fields }),
  }
}

function record(level: number, text: () => string, name: string | undefined): void {
  const scope = currentScope()
  const runtime = scope?.runtime
  if (level < (runtime?.settings.logLevel ?? LEVELS.info)) return
  const message = text()
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

const PLACEHOLDER = /%[sdifjoOc]/

function format([first, ...rest]: unknown[], bound: LogFields): string {
  const isPino = typeof first !== 'string' && typeof rest[0] === 'string'
  const [message, ...values] = isPino ? rest : [first, ...rest]
  const { text, left } = filledIn(message, values)
  const given = isPino ? (first instanceof Error ? { err: first } : first) : left
  const fields = { ...bound, ...(isFields(given) && given) }
  const more = isPino || isFields(left) || left === undefined ? [] : [show(left)]
  return [text, ...more, ...Object.entries(fields).map(([name, value]) => `${name}=${show(value)}`)].join(' ')
}

/** The message with its placeholders filled, and the first value that none of them took. */
function filledIn(message: unknown, values: unknown[]): { text: string; left: unknown } {
  if (typeof message !== 'string') return { text: wordsOf(message), left: values[0] }
  if (values.length === 0 || !PLACEHOLDER.test(message)) return { text: message, left: values[0] }
  return { text: printf(message, ...values), left: undefined }
}

function wordsOf(message: unknown): string {
  return message instanceof Error ? (message.stack ?? String(message)) : inspect(message)
}

function isFields(value: unknown): value is LogFields {
  return typeof value === 'object' && value !== null
}

function show(value: unknown): string {
  return typeof value === 'string' && !/\s/.test(value)
    ? value
    : inspect(value, { breakLength: Infinity, depth: 4 })
}
