import { CancelledRun } from './errors.ts'
import { onInterrupt } from './interrupts.ts'
import type { Runtime } from './runtime.ts'
import { fromWire } from './wire-state.ts'

/** A signal that aborts when the flow run is to stop. */
export interface CancellationWatch {
  readonly signal: AbortSignal
  stop(): void
}

const STOPPING: ReadonlySet<string> = new Set(['CANCELLING', 'CANCELLED'])

/**
 * Looks at the run from time to time, and listens to the run around it or, for a run with none around it, to
 * the process's signals. Errors of the server are left to the calls that matter.
 */
export function watchForCancellation(runtime: Runtime, flowRunId: string, outer: AbortSignal | undefined): CancellationWatch {
  const controller = new AbortController()
  const stopWithOuter = () => controller.abort(outer?.reason)
  outer?.addEventListener('abort', stopWithOuter, { once: true })
  if (outer?.aborted) stopWithOuter()
  const forgetInterrupts = outer ? undefined : onInterrupt((reason) => controller.abort(reason))
  const look = async () => {
    const run = await runtime.api.readFlowRun({ params: { id: flowRunId } })
    if (run.state && STOPPING.has(run.state.type)) {
      controller.abort(new CancelledRun(fromWire(run.state), `Flow run '${run.name}' was cancelled`))
    }
  }
  const timer = setInterval(() => void look().catch(() => {}), runtime.settings.cancelPollSeconds * 1000).unref()
  return {
    signal: controller.signal,
    stop() {
      clearInterval(timer)
      outer?.removeEventListener('abort', stopWithOuter)
      forgetInterrupts?.()
    },
  }
}
