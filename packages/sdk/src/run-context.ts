import { MissingContextError } from './engine/errors.ts'
import type { FlowScope } from './engine/flow-scope.ts'
import { currentScope } from './engine/scope.ts'
import type { TaskScope } from './engine/task-scope.ts'
import { type Logger, log } from './logs/logger.ts'

/** What a flow run shows of itself to the code in it. */
export type FlowRunContext = Pick<
  FlowScope,
  'id' | 'name' | 'flowName' | 'parameters' | 'tags' | 'deploymentId' | 'scheduledStartTime' | 'runCount'
>

/** What a task run shows of itself to the code in it. */
export type TaskRunContext = Pick<TaskScope, 'id' | 'name' | 'taskName' | 'tags' | 'inputs' | 'runCount'>

/** What code can know about the run that it is part of. */
export interface RunContext {
  readonly flowRun: FlowRunContext | undefined
  readonly taskRun: TaskRunContext | undefined
  /** Aborts when the run is cancelled or its time is over; pass it to `fetch`, timers and processes. */
  readonly signal: AbortSignal
  readonly log: Logger
}

/**
 * The run that the calling code belongs to. Throws MissingContextError outside of runs.
 * @example const response = await fetch(url, { signal: runContext().signal })
 */
export function runContext(): RunContext {
  const context = tryRunContext()
  if (!context) throw new MissingContextError('runContext()')
  return context
}

/** The run that the calling code belongs to, or undefined outside of runs. */
export function tryRunContext(): RunContext | undefined {
  const { flow, task } = currentScope() ?? {}
  const innermost = task ?? flow
  if (!innermost) return undefined
  return { flowRun: flow, taskRun: task, signal: innermost.stop.signal, log }
}
