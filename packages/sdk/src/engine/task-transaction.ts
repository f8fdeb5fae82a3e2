import { isReference } from '../results/reference.ts'
import type { TaskExecution } from './execute-task.ts'
import { identified } from './identified.ts'
import type { State } from './state.ts'
import { guarded, type TransactionHook } from './transaction.ts'

/** Makes a completed task run part of the transaction around it. */
export function joinTransaction<R>(execution: TaskExecution<R>, state: State<R>): void {
  const { task, scope } = execution
  const { transaction } = scope
  if (!transaction) return
  const { onCommit, onRollback } = task.options
  transaction.stage({
    commit: async () => {
      for (const hook of list(onCommit)) await hook(transaction)
    },
    rollback: async () => {
      for (const hook of list(onRollback)) await guarded('onRollback hook', () => hook(transaction))
      await guarded('rollback', () => forget(execution, state))
    },
  })
}

/** Says RolledBack on the server and drops the result, so that neither a resumed run nor a cache uses it. */
async function forget<R>({ runtime, run, results }: TaskExecution<R>, state: State<R>): Promise<void> {
  const { stored } = state
  // A cached result belongs to the run that made it.
  if (isReference(stored) && state.name !== 'Cached') await results.storage.delete(stored.storage_key)
  await runtime.api.setTaskRunState({
    params: { id: run.id },
    body: {
      state: identified({
        type: 'COMPLETED',
        name: 'RolledBack',
        message: 'Its transaction was rolled back',
      }),
      force: true,
    },
  })
}

function list(hooks: TransactionHook | readonly TransactionHook[] | undefined): readonly TransactionHook[] {
  return typeof hooks === 'function' ? [hooks] : (hooks ?? [])
}
