import { hash } from 'node:crypto'
import type { TaskDefinition } from './task-options.ts'

const codes = new WeakMap<Function, string>()

/**
 * What tells one state of a task's code from another: its `version` if it has one, else a hash of the
 * function's text without regard to white space.
 */
export function codeOf({ fn, options }: TaskDefinition): string {
  if (options.version !== undefined) return `version ${options.version}`
  let code = codes.get(fn)
  if (code === undefined) {
    code = hash('sha256', fn.toString().replace(/\s+/g, ' ')).slice(0, 16)
    codes.set(fn, code)
  }
  return code
}
