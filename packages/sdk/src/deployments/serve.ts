import { pauseDeployment } from '../client/used-routes.ts'
import { connect } from '../engine/connect.ts'
import { describeError } from '../engine/errors.ts'
import { onInterrupt } from '../engine/interrupts.ts'
import { currentScope, runInScope } from '../engine/scope.ts'
import { Stop } from '../engine/stop.ts'
import type { Runtime } from '../engine/runtime.ts'
import { log } from '../logs/logger.ts'
import { type Deployment, registerDeployment } from './deployment.ts'
import { FlowServer } from './flow-server.ts'

/** How a process carries out runs of deployments. */
export interface ServeOptions {
  /** Runs at the same time; 5 when left out. */
  limit?: number | undefined
  /** Seconds between looks for runs that are due. A server that tells of events is asked at once. 5 when left out. */
  pollSeconds?: number | undefined
  /** Stops serving, as SIGINT and SIGTERM do. */
  signal?: AbortSignal | undefined
  /** Seconds that runs get to finish then, before they are reported as Crashed; 30 when left out. */
  graceSeconds?: number | undefined
  /** Whether deployments that have schedules are paused then. Yes when left out. */
  pauseOnShutdown?: boolean | undefined
  /** Called when the deployments are on the server and their runs are taken. */
  onReady?: (() => void) | undefined
}

/**
 * Puts the deployments on the server and carries out their runs, in this process, until it is told to stop. Then
 * it takes no more and waits for those that it has. Several processes may serve the same deployment: each run
 * goes to one. Runs that a process had which was killed are taken up, when it is started again on the same
 * machine, where they were. Throws when the server refuses a deployment.
 * @example
 * await serve([etl.deployment('nightly'), report.deployment('weekly', { parameters: { days: 7 } })], { limit: 10 })
 */
export async function serve(deployments: readonly Deployment[], options: ServeOptions = {}): Promise<void> {
  if (deployments.length === 0) throw new TypeError('serve needs at least one deployment')
  const names = deployments.map(({ fullName }) => fullName)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new TypeError(`Two of the deployments to serve are called '${twice}'`)
  const runtime = currentScope()?.runtime ?? (await connect())
  const release = runtime.lease()
  try {
    await runInScope({ runtime }, () => serveWith(runtime, deployments, options))
  } finally {
    await release()
  }
}

async function serveWith(
  runtime: Runtime,
  deployments: readonly Deployment[],
  options: ServeOptions,
): Promise<void> {
  const { signal, pauseOnShutdown = true } = options
  const stop = new Stop()
  const leave = stop.inner().stop
  const abort = () => leave.stop(signal?.reason)
  if (signal?.aborted) abort()
  signal?.addEventListener('abort', abort, { once: true })
  const forgetInterrupts = onInterrupt((reason) => leave.stop(reason))
  const byId = new Map<string, Deployment>()
  try {
    for (const each of deployments) byId.set(await registerDeployment(each, runtime), each)
    log.info(`Serving ${deployments.map(({ fullName }) => `'${fullName}'`).join(', ')}`)
    await new FlowServer(byId, { runtime, stop, leave, ...options }).work()
  } finally {
    for (const [id, each] of pauseOnShutdown ? byId : [])
      if (each.options.schedules?.length)
        await runtime.api
          .call(pauseDeployment, { params: { id } })
          .catch((error: unknown) =>
            log.warn(`'${each.fullName}' goes on to be scheduled: ${describeError(error)}`),
          )
    signal?.removeEventListener('abort', abort)
    forgetInterrupts()
  }
}
