import { log } from '../logs/logger.ts'
import { writeResult } from '../results/reference.ts'
import { UnserializableError } from '../results/serializer.ts'
import { CancelledRun, describeError, PauseTimeoutError, SuspendedRun } from './errors.ts'
import type { FlowExecution } from './execute-flow.ts'
import type { Ending } from './run-body.ts'
import type { RunError, State } from './state.ts'
import { stoppedProposal } from './stopped-proposal.ts'
import type { LocalProposal } from './task-proposal.ts'
import type { Proposal } from './wire-state.ts'

/** The state that follows from how the flow's function ended. Keeps the result where it is to be kept. */
export async function flowProposalAfter<R>(
  ending: Ending<State<R>>,
  execution: FlowExecution<R>,
): Promise<LocalProposal<R>> {
  switch (ending.kind) {
    case 'returned':
      return ofState(ending.value, execution)
    case 'timed-out':
      return ofError('FAILED', ending.error, 'TimedOut')
    case 'stopped':
      return { wire: stoppedProposal(ending.reason), local: { error: ending.reason } }
    case 'threw': {
      const { error } = ending
      const proposal = ofError<R>(error instanceof CancelledRun ? 'CANCELLED' : 'FAILED', error)
      return isSettled(error, execution.run) ? { ...proposal, settled: settled(error) } : proposal
    }
  }
}

/** Whether the server itself has put the run into the state that the error tells of. */
function isSettled(error: unknown, run: { id: string }): error is RunError {
  const isAny = error instanceof SuspendedRun || error instanceof PauseTimeoutError
  // That of a subflow is not this run's.
  return isAny && error.state.details.flow_run_id === run.id
}

function settled<R>(error: RunError): State<R> {
  return error.state.with({ error }) as State<R>
}

async function ofState<R>(state: State<R>, execution: FlowExecution<R>): Promise<LocalProposal<R>> {
  const { type, name, message, data, error } = state
  const wire: Proposal = { type, name, message: message ?? null }
  if (state.isCompleted) {
    const kept = await keep(data, execution)
    if (kept instanceof Error) return ofError('FAILED', kept)
    wire.data = kept
  }
  return { wire, local: { error, ...(data !== undefined && { data }) } }
}

function ofError<R>(type: 'FAILED' | 'CANCELLED', error: unknown, name?: string): LocalProposal<R> {
  return { wire: { type, message: describeError(error), ...(name && { name }) }, local: { error } }
}

/** Results of subflows and of runs of deployments are kept like those of tasks; others only when they are asked for. */
async function keep<R>(value: unknown, { flow, run, scope, results }: FlowExecution<R>) {
  const { persistResult, resultStorage, resultSerializer } = flow.options
  const asked = persistResult ?? (resultStorage !== undefined || resultSerializer !== undefined)
  const hasReader = scope.flow !== undefined || run.deployment_id !== null
  if (!asked && !(hasReader && results.persist)) return null
  try {
    return await writeResult(results, `runs/${run.id}/result`, value, {
      expiration: null,
      inputsHash: null,
      code: null,
      mayBeInline: results.inline,
    })
  } catch (error) {
    if (!(error instanceof UnserializableError)) throw error
    if (asked) return error
    log.warn(`The result of flow '${flow.name}' is not kept: ${error.message}`)
    return null
  }
}
