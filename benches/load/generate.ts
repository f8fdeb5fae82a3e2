import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { EventJob, EventLoad } from './event-load.ts'
import type { Job } from './generator.ts'
import type { TaskRunJob, TaskRunLoad } from './task-run-load.ts'

/** A process that makes load, one job at a time. */
export class Generator {
  readonly #child = fork(join(import.meta.dirname, 'generator.ts'))

  taskRuns(job: TaskRunJob): Promise<TaskRunLoad> {
    return this.#run({ kind: 'task runs', ...job })
  }

  events(job: EventJob): Promise<EventLoad> {
    return this.#run({ kind: 'events', ...job })
  }

  stop(): void {
    if (this.#child.connected) this.#child.disconnect()
  }

  #run<Load>(job: Job): Promise<Load> {
    return new Promise((resolve, reject) => {
      const died = (code: number | null) => reject(new Error(`The load generator ended with ${code}`))
      this.#child.once('exit', died)
      this.#child.once('message', (load) => {
        this.#child.off('exit', died)
        resolve(load as Load)
      })
      this.#child.send(job)
    })
  }
}
