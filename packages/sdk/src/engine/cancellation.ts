import { every } from '../client/clock.ts'
import { CancelledRun } from './errors.ts'
import { noteGoingOn } from './exit-notice.ts'
import { onInterrupt } from './interrupts.ts'
import type { Runtime } from './runtime.ts'
import { Stop } from './stop.ts'
import { fromWire } from './wire-state.ts'

/** Tells when the flow run is to stop. */
export interface CancellationWatch {
  readonly stop: Stop
  end(): void
}

const STOPPING: ReadonlySet<string> = new Set(['CANCELLING', 'CANCELLED'])

/**
 * Looks at the run from time to time, and listens to the run around it or, for a run with none around it, to
 * the process's signals. Errors of the server are left to the calls that matter.
 */
export function watchForCancellation(
  runtime: Runtime,
  flowRunId: string,
  outer: Stop | undefined,
): CancellationWatch {
  const { stop, letGo } = (outer ?? new Stop()).inner()
  const forgetInterrupts = outer ? undefined : onInterrupt((reason) => stop.stop(reason))
  const forgetRun = outer ? undefined : noteGoingOn(flowRunId)
  let isLooking = false
  const look = async () => {
    const run = await runtime.api.readFlowRun({ params: { id: flowRunId } })
    if (run.state && STOPPING.has(run.state.type)) {
      stop.stop(new CancelledRun(fromWire(run.state), `Flow run '${run.name}' was cancelled`))
    }
  }
  // While the server is away a look takes long, and one is enough.
  const lookUnlessLooking = () => {
    if (isLooking) return
    isLooking = true
    look()
      .catch(() => {})
      .finally(() => (isLooking = false))
  }
  const milliseconds = runtime.settings.cancelPollSeconds * 1000
  const endLooking = every(runtime.clock, milliseconds, lookUnlessLooking, 'poll')
  return {
    stop,
    end() {
      endLooking()
      letGo()
      forgetInterrupts?.()
      forgetRun?.()
    },
  }
}
