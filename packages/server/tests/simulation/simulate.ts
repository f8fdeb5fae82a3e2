import { createHash } from 'node:crypto'
import type { Session } from '../../src/database/session.ts'
import { readHistories } from '../helpers/run-invariants.ts'
import { Checker } from './checker.ts'
import { nextOperation } from './operations.ts'
import type { Outcome } from './operations.ts'
import { createWorld } from './world.ts'
import type { World } from './world.ts'

export interface Simulation {
  operations: number
  states: number
  /** Of the first step that went wrong; empty when none did. */
  faults: string[]
  /** The operations of that step and of the few before it. */
  trace: string[]
  /** The same for the same seed. */
  fingerprint: string
}

export interface Size {
  clients: number
  steps: number
}

const MOST_AT_ONCE = 12
const TRACE_LENGTH = 60

/**
 * Lets clients act on a server in memory, as many at once as the seed says, and checks the whole database
 * after every step. Time and chance are the seed's.
 */
export async function simulate(seed: number, { clients, steps }: Size): Promise<Simulation> {
  const world = await createWorld(seed, clients)
  const { context, random } = world
  const checker = new Checker()
  const hash = createHash('sha256')
  const trace: string[] = []
  let operations = 0
  let faults: string[] = []
  for (let step = 0; step < steps && faults.length === 0; step++) {
    if (random.in(0.3)) world.clock.advance(random.below(8))
    const states = checker.stateTypes
    const batch = Array.from({ length: 1 + random.below(MOST_AT_ONCE) }, () =>
      nextOperation(world, random.pick(world.clients), states),
    )
    const outcomes = await Promise.all(batch.map((operation) => operation()))
    operations += outcomes.length
    for (const { text } of outcomes) {
      hash.update(`${text}\n`)
      trace.push(`${step} ${text}`)
    }
    trace.splice(0, trace.length - TRACE_LENGTH)
    faults = await context.database.read((session) => checker.faultsAfter(session, outcomes))
    remember(world, outcomes, checker)
  }
  const states = await context.database.read(async (session) => hashHistories(session, hash))
  await world.close()
  return { operations, states, faults, trace, fingerprint: hash.digest('hex') }
}

function remember(world: World, outcomes: readonly Outcome[], checker: Checker): void {
  for (const { created } of outcomes) {
    if (created?.kind === 'task_run') world.taskRuns.push(created.id)
    if (created?.kind === 'flow_run') world.flowRuns.push(created.id)
  }
  const present = checker.stateTypes
  world.taskRuns = world.taskRuns.filter((id) => present.has(id))
  world.flowRuns = world.flowRuns.filter((id) => present.has(id))
}

async function hashHistories(session: Session, hash: ReturnType<typeof createHash>): Promise<number> {
  let count = 0
  for (const kind of ['task_run', 'flow_run'] as const) {
    for (const history of (await readHistories(session, kind)).values()) {
      hash.update(JSON.stringify(history))
      count += history.states.length
    }
  }
  return count
}
