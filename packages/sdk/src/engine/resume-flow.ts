import { connect } from './connect.ts'
import type { FlowDefinition } from './flow-options.ts'
import { currentScope, runInScope } from './scope.ts'
import { executeKnownRun } from './start-flow.ts'
import type { State } from './state.ts'

/** Carries out a flow run that exists on the server; it is never a subflow of the caller. */
export async function resumeFlow<R>(
  flow: FlowDefinition<any[], R>,
  flowRunId: string,
  argumentsFrom: (parameters: { readonly [name: string]: unknown }) => unknown[],
): Promise<State<R>> {
  const { tags, runtime: own } = currentScope() ?? {}
  const runtime = own ?? (await connect())
  const scope = { runtime, ...(tags && { tags }) }
  const release = runtime.lease()
  try {
    const run = await runtime.api.readFlowRun({ params: { id: flowRunId } })
    return await runInScope(scope, () =>
      executeKnownRun({ flow, run, args: argumentsFrom(run.parameters), scope, runtime }),
    )
  } finally {
    await release()
  }
}
