import { log } from '../logs/logger.ts'
import { describeError } from './errors.ts'
import type { TaskExecution } from './execute-task.ts'
import type { Ending } from './run-body.ts'
import { State } from './state.ts'
import { stoppedProposal } from './stopped-proposal.ts'
import { type CachePlan, keepResult } from './task-results.ts'
import type { Proposal } from './wire-state.ts'

/** A state to propose, and what only this process knows about it. */
export interface LocalProposal<R> {
  wire: Proposal
  local: { data?: R; error?: unknown }
  /** The state that the run has already and keeps, so that none is proposed. */
  settled?: State<R>
}

/** The state that follows from how the task's function ended. Keeps the result where it is to be kept. */
export async function proposalAfter<R>(
  ending: Ending<unknown>,
  execution: TaskExecution<R>,
  cache: CachePlan,
): Promise<LocalProposal<R>> {
  switch (ending.kind) {
    case 'returned': {
      const { value } = ending
      if (value instanceof State) return ofState(value as State<R>, execution, cache)
      return ofState(new State<R>('COMPLETED', { data: value as R }), execution, cache)
    }
    case 'stopped':
      return { wire: stoppedProposal(ending.reason), local: { error: ending.reason } }
    case 'timed-out':
      return ofFailure(ending.error, execution, { name: 'TimedOut' })
    case 'threw':
      return ofFailure(ending.error, execution)
  }
}

async function ofState<R>(
  state: State<R>,
  execution: TaskExecution<R>,
  cache: CachePlan,
): Promise<LocalProposal<R>> {
  const { type, name, message } = state
  const wire: Proposal = { type, name, message: message ?? null, state_details: state.details }
  if (type === 'FAILED') {
    const error = state.error ?? new Error(message ?? `returned ${state}`)
    return ofFailure(error, execution, { name, ...(message !== undefined && { message }) })
  }
  if (state.isCompleted) {
    const nothing = execution.background && state.data === undefined && cache.key === undefined
    const kept = nothing ? null : await keepResult(execution, cache, state.data)
    if (kept instanceof Error) return ofFailure(kept, execution)
    // Whoever waits for a background run is told that there was something.
    wire.data = kept ?? (execution.background && !nothing ? { type: 'not-kept' } : null)
    wire.state_details = cache.completed
  }
  return { wire, local: { error: state.error, ...(state.data !== undefined && { data: state.data }) } }
}

async function ofFailure<R>(
  error: unknown,
  { task }: TaskExecution<R>,
  { name = 'Failed', message = describeError(error) } = {},
): Promise<LocalProposal<R>> {
  const { retryCondition } = task.options
  const retriable = retryCondition
    ? await ask(() => retryCondition(error, new State('FAILED', { name, message, error })))
    : true
  return {
    wire: { type: 'FAILED', name, message, state_details: retriable ? {} : { retriable: false } },
    local: { error },
  }
}

async function ask(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await condition()
  } catch (cause) {
    log.error(`retryCondition failed, so there is no retry: ${describeError(cause)}`)
    return false
  }
}
