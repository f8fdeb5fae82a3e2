import { isTerminal } from '@reeve/schemas/state-type'
import type { StateType } from '@reeve/schemas/state-type'
import type { Session } from '../../src/database/session.ts'
import {
  derivedFieldFaults,
  idleHolderFaults,
  newestStateFaults,
  readHistories,
  slotFaults,
} from '../helpers/run-invariants.ts'
import type { RunHistory, StateRow } from '../helpers/run-invariants.ts'
import type { Outcome } from './operations.ts'

type Written = NonNullable<Outcome['written']>

interface Known {
  states: readonly StateRow[]
  run_count: number
  /** A client of the older rules, or the server itself, wrote to it: the times follow other rules. */
  foreign: boolean
}

/** Compares the database after each step with what it held before and with what the clients were told. */
export class Checker {
  #known = new Map<string, Known>()

  get stateTypes(): Map<string, StateType | null> {
    return new Map(
      [...this.#known].map(([id, { states }]) => [
        id,
        (states.at(-1)?.type as StateType | undefined) ?? null,
      ]),
    )
  }

  /** Everything that is wrong now, in words. */
  async faultsAfter(session: Session, outcomes: readonly Outcome[]): Promise<string[]> {
    const stored = new Map([
      ...(await readHistories(session, 'task_run')),
      ...(await readHistories(session, 'flow_run')),
    ])
    const told = toldStates(outcomes)
    const known = new Map<string, Known>()
    const faults = [...(await slotFaults(session)), ...(await idleHolderFaults(session))]
    for (const [id, history] of stored) {
      const before = this.#known.get(id)
      const { entry, found } = checkRun(history, before, told)
      known.set(id, entry)
      faults.push(...found.map((fault) => `run ${id}: ${fault}`))
    }
    faults.push(...lostStates(outcomes, stored))
    this.#known = known
    return faults
  }
}

function toldStates(outcomes: readonly Outcome[]): Map<string, Written | null> {
  const told = new Map<string, Written | null>()
  for (const { created, written } of outcomes) {
    if (created?.stateId) told.set(created.stateId, null)
    if (written) told.set(written.state.id, written)
  }
  return told
}

/** A state that a client was told of is stored, unless the run was deleted in the same step. */
function lostStates(outcomes: readonly Outcome[], stored: ReadonlyMap<string, RunHistory>): string[] {
  return outcomes.flatMap(({ created, written }) => {
    const runId = written?.runId ?? created?.id
    const stateId = written?.state.id ?? created?.stateId
    const history = runId === undefined ? undefined : stored.get(runId)
    if (!history || !stateId) return []
    return history.states.some(({ id }) => id === stateId) ? [] : [`run ${runId}: state ${stateId} is lost`]
  })
}

function checkRun(
  history: RunHistory,
  before: Known | undefined,
  told: ReadonlyMap<string, Written | null>,
): { entry: Known; found: string[] } {
  const { run, states } = history
  const old = before?.states ?? []
  const found = newestStateFaults(history)
  const kept = old.every(
    (state, index) => states[index]?.id === state.id && states[index]?.type === state.type,
  )
  if (!kept) found.push('its history was changed')
  const entry = { states, run_count: before?.run_count ?? 0, foreign: before?.foreign ?? false }
  for (const [offset, state] of states.slice(old.length).entries()) {
    const written = told.get(state.id)
    const previous = states[old.length + offset - 1]
    if (written === undefined || written?.client.generation === '2.20') entry.foreign = true
    if (written && previous) found.push(...terminalFaults(previous, written))
    entry.run_count = countAfter(entry.run_count, previous, state, written)
  }
  if (entry.foreign) entry.run_count = run.run_count
  else {
    found.push(...derivedFieldFaults(history))
    if ('task_key' in run && run.run_count !== entry.run_count) {
      found.push(`run_count ${run.run_count}, not ${entry.run_count}`)
    }
  }
  return { entry, found }
}

/** What has ended stays ended, or starts over; it is never paused, cancelled slowly or crashed. */
function terminalFaults(previous: StateRow, { asked, forced, accepted }: Written): string[] {
  if (forced || !accepted || !isTerminal(previous.type as StateType)) return []
  const forbidden = ['CANCELLING', 'PAUSED', 'CRASHED'].includes(asked.type)
  return forbidden ? [`${previous.type} was followed by ${asked.type}`] : []
}

function countAfter(
  count: number,
  previous: StateRow | undefined,
  state: StateRow,
  written: Written | null | undefined,
): number {
  const startsOver = written?.accepted && !written.forced && previous && ends(previous) && !ends(state)
  return (startsOver ? 0 : count) + (state.type === 'RUNNING' ? 1 : 0)
}

const ends = ({ type }: StateRow) => isTerminal(type as StateType)
