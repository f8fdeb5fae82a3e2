import { styleText } from 'node:util'

const LABELS: { [level: number]: string } = {
  5: 'TRACE',
  10: 'DEBUG',
  20: 'INFO',
  30: 'WARN',
  40: 'ERROR',
  50: 'CRIT',
}
const COLORS = { 10: 'dim', 20: 'cyan', 30: 'yellow', 40: 'red', 50: 'red' } as const

/** One line for people on standard error: time, level, run, message. */
export function writeLine(level: number, timestamp: string, run: string | undefined, message: string): void {
  const label = (LABELS[level] ?? String(level)).padEnd(5)
  const color = COLORS[level as keyof typeof COLORS] ?? 'cyan'
  const options = { stream: process.stderr }
  const who = run ? styleText('bold', run, options) + ' ' : ''
  process.stderr.write(`${timestamp.slice(11, 23)} ${styleText(color, label, options)} ${who}${message}\n`)
}

type Print = 'log' | 'info' | 'debug' | 'warn' | 'error'
type Handler = (method: Print, args: unknown[]) => boolean

let installed = false

/** Offers each use of `console` to the handler first; when it answers true, nothing is printed. Installed once. */
export function captureConsole(handler: Handler): void {
  if (installed) return
  installed = true
  for (const method of ['log', 'info', 'debug', 'warn', 'error'] as const) {
    const original = console[method]
    console[method] = (...args: unknown[]) => {
      if (!handler(method, args)) original.apply(console, args)
    }
  }
}
