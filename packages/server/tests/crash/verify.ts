import {
  derivedFieldFaults,
  idleHolderFaults,
  newestStateFaults,
  readHistories,
  slotFaults,
} from '../helpers/run-invariants.ts'
import type { RunHistory } from '../helpers/run-invariants.ts'
import type { Session } from '../../src/database/session.ts'
import type { Ledger } from './ledger.ts'

/** Everything that is wrong with what is stored, in words. */
export async function storedFaults(session: Session, ledger: Ledger): Promise<string[]> {
  const taskRuns = await readHistories(session, 'task_run')
  const flowRuns = await readHistories(session, 'flow_run')
  const faults = [
    ...ledger.faults(taskRuns),
    ...(await slotFaults(session)),
    ...(await idleHolderFaults(session)),
  ]
  for (const history of [...taskRuns.values(), ...flowRuns.values()]) {
    const found = [...newestStateFaults(history), ...derivedFieldFaults(history), ...startFaults(history)]
    faults.push(...found.map((fault) => `run ${history.run.id}: ${fault}`))
  }
  return faults
}

/** No client of this load goes on after an end, so that every start counts. */
function startFaults({ run, states }: RunHistory): string[] {
  const starts = states.filter(({ type }) => type === 'RUNNING').length
  return run.run_count === starts ? [] : [`run_count ${run.run_count} after ${starts} starts`]
}
