import { hostname } from 'node:os'
import type { WaitingTaskRun } from '@reeve/schemas/task-run'
import { connect } from '../engine/connect.ts'
import { InterruptedRun } from '../engine/errors.ts'
import { onInterrupt } from '../engine/interrupts.ts'
import { Limiter } from '../engine/limiter.ts'
import type { Runtime } from '../engine/runtime.ts'
import { currentScope, runInScope } from '../engine/scope.ts'
import { Stop } from '../engine/stop.ts'
import type { TaskDefinition } from '../engine/task-options.ts'
import { log } from '../logs/logger.ts'
import { capturePrints } from '../logs/prints.ts'
import { executeBackgroundRun, proposePending } from './execute-background-run.ts'
import { Subscription } from './subscription.ts'

/** Any task. */
export interface ServedTask {
  readonly name: string
  readonly fn: (...args: any[]) => unknown
  readonly options: object
}

/** How a worker for background runs works. */
export interface ServeTasksOptions {
  /** Runs at the same time; 10 when left out. */
  concurrency?: number | undefined
  /** Stops the worker, as SIGINT and SIGTERM do. */
  signal?: AbortSignal | undefined
  /** Seconds that runs get to finish once the worker is to stop; 30 when left out. */
  graceSeconds?: number | undefined
  /** Shown in lists of workers; host name and process id when left out. */
  name?: string | undefined
  /** Called each time that the server takes the worker's subscription. */
  onReady?: (() => void) | undefined
}

/**
 * Carries out the background runs of these tasks (`task.delay(…)`), from any process, until it is told to stop.
 * Then it takes no more runs and waits for those that it has; runs that wait to be tried again go to another
 * worker, and runs that do not finish in time end as Crashed.
 * @example await serveTasks([sendMail, resize], { concurrency: 20 })
 */
export async function serveTasks(
  tasks: readonly ServedTask[],
  options: ServeTasksOptions = {},
): Promise<void> {
  const served = new Map<string, TaskDefinition>()
  for (const each of tasks) {
    const { name } = each
    if (served.has(name)) throw new TypeError(`Two of the tasks to serve are called '${name}'`)
    const definition = { name, fn: each.fn, options: each.options } as TaskDefinition
    served.set(name, definition)
    if (definition.options.logPrints) capturePrints()
  }
  if (served.size === 0) throw new TypeError('serveTasks needs at least one task')
  const runtime = currentScope()?.runtime ?? (await connect())
  const release = runtime.lease()
  try {
    await runInScope({ runtime }, () => new TaskWorker(served, runtime, options).work())
  } finally {
    await release()
  }
}

class TaskWorker {
  readonly #tasks: ReadonlyMap<string, TaskDefinition>
  readonly #runtime: Runtime
  readonly #options: ServeTasksOptions
  readonly #limiter: Limiter
  readonly #subscription: Subscription
  /** Ends the runs. */
  readonly #stop = new Stop()
  /** Takes no more runs. */
  readonly #leave: Stop
  readonly #active = new Set<Promise<void>>()

  constructor(tasks: ReadonlyMap<string, TaskDefinition>, runtime: Runtime, options: ServeTasksOptions) {
    this.#tasks = tasks
    this.#runtime = runtime
    this.#options = options
    this.#leave = this.#stop.inner().stop
    this.#limiter = new Limiter(options.concurrency ?? 10, () => this.#subscription.tell())
    this.#subscription = new Subscription({
      connection: runtime.connection,
      taskKeys: [...tasks.keys()],
      clientId: options.name ?? `${hostname()}-${process.pid}`,
      onRun: (run) => this.#begin(run),
      room: () => this.#limiter.free,
      propose: (run, ids) => proposePending(runtime.api, run.id, ids),
      ...(options.onReady && { onSubscribed: options.onReady }),
    })
  }

  async work(): Promise<void> {
    const { signal } = this.#options
    const leave = (reason: unknown) => this.#leave.stop(reason)
    const abort = () => leave(signal?.reason)
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort, { once: true })
    const forgetInterrupts = onInterrupt(leave)
    log.info(`Serving ${[...this.#tasks.keys()].map((name) => `'${name}'`).join(', ')}`)
    try {
      await this.#subscription.stay(this.#leave.signal)
    } finally {
      // Also when the server refuses: what is going on is finished first.
      leave(new Error('The worker ended'))
      await this.#finish()
      signal?.removeEventListener('abort', abort)
      forgetInterrupts()
    }
  }

  #begin(run: WaitingTaskRun): void {
    const running = this.#carryOut(run).finally(() => this.#active.delete(running))
    this.#active.add(running)
  }

  async #carryOut(run: WaitingTaskRun): Promise<void> {
    const task = this.#tasks.get(run.task_key)
    const slot = await this.#limiter.acquire()
    try {
      // Not taken, so it goes to another worker.
      if (!task || this.#leave.stopped) return
      const { stop } = this.#stop.inner()
      await executeBackgroundRun({
        task,
        run,
        runtime: this.#runtime,
        slot,
        stop,
        leave: this.#leave,
        take: (options) => this.#subscription.take(run, options),
      })
    } finally {
      slot.release()
    }
  }

  async #finish(): Promise<void> {
    const { graceSeconds = 30 } = this.#options
    if (this.#active.size > 0) log.info(`Finishing ${this.#active.size} runs before the worker stops`)
    const late = () => this.#stop.stop(new InterruptedRun('the order to stop'))
    const patience = this.#runtime.clock.after(graceSeconds * 1000, late, 'timeout')
    while (this.#active.size > 0) await Promise.all(this.#active)
    patience.cancel()
  }
}
