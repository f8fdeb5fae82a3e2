import type { Row } from './database/tables.ts'

export interface Topics {
  /** An event that is durably stored. */
  event: Row<'event'>
  /** A stored event that tells of a task run whose flow run is not in the database. */
  orphanedEvent: Row<'event'>
  /** One that is told to who listens and never stored, under each name that it may be asked for by. */
  passingEvent: readonly Row<'event'>[]
  /** A task run that the rules have brought to its end. */
  finishedTaskRun: string
  /** A flow run that was handed an input. */
  flowRunInput: string
  /** The name of a limit under which slots may have become free. */
  freedSlots: string
  /** From now on somebody is told of ends and inputs. */
  watchBegun: null
  /** A log line that is durably stored. */
  log: Row<'log'>
  /** A background task run that waits for a worker. */
  scheduledTaskRun: { task_key: string; task_run_id: string; queue: 'scheduled' | 'retry' }
  /** The same from other servers of the database: for those who watch, not for those who act. */
  eventElsewhere: Row<'event'>
  logElsewhere: Row<'log'>
  scheduledElsewhere: { task_key: string }
  finishedElsewhere: string
  inputElsewhere: string
  freedElsewhere: string
  /** Some of what happened elsewhere was missed. */
  missedElsewhere: null
}

export type Topic = keyof Topics
type Listener<T extends Topic> = (message: Topics[T]) => void

/** Tells the parts of one process what was committed. Listeners must be quick and must not throw. */
export interface Bus {
  publish<T extends Topic>(topic: T, message: Topics[T]): void
  /** Returns what ends the subscription. */
  subscribe<T extends Topic>(topic: T, listener: Listener<T>): () => void
  hasListeners(topic: Topic): boolean
}

export function createBus(): Bus {
  const listeners = new Map<Topic, Set<Listener<never>>>()
  return {
    publish(topic, message) {
      for (const listener of listeners.get(topic) ?? []) (listener as Listener<typeof topic>)(message)
    },
    subscribe(topic, listener) {
      const set = listeners.get(topic) ?? new Set()
      listeners.set(topic, set)
      set.add(listener as Listener<never>)
      return () => set.delete(listener as Listener<never>)
    },
    hasListeners: (topic) => (listeners.get(topic)?.size ?? 0) > 0,
  }
}
