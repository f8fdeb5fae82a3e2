import type { State } from '@reeve/orchestration/types'
import type { Json, JsonObject } from '@reeve/schemas/json'
import { resumeFlowRun as route } from '@reeve/schemas/routes/flow-runs'
import type { Context } from '../../context.ts'
import type { Session } from '../../database/session.ts'
import { createFlowRunInput, readFlowRunInput } from '../../models/flow-run-inputs.ts'
import { transitionFlowRun } from '../../models/flow-run-transitions.ts'
import { readFlowRun } from '../../models/flow-runs.ts'
import { serverState } from '../../models/server-state.ts'
import { readVariable } from '../../models/variables.ts'
import { hydrate } from '../../run-input/hydrate.ts'
import { CIRCULAR, complaintAbout } from '../../run-input/check-value.ts'
import { ok, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { orchestrationAnswer } from '../wire/orchestration-result.ts'
import { wireState } from '../wire/state.ts'

export const resumeFlowRun = endpoint(route, async ({ context, client, params, body }) => {
  const paused = await context.database.read((session) => readFlowRun(session, params.id))
  if (!paused) return refuse(404, 'Flow run not found')
  const { state } = paused
  if (state?.type !== 'PAUSED') {
    return refusal('ABORT', null, 'Cannot resume a flow run that is not paused.')
  }
  const checked = await checkInput(context, params.id, state, body.run_input ?? null)
  if ('complaint' in checked) return refusal('REJECT', state, checked.complaint)
  const next = state.state_details.pause_reschedule
    ? serverState('SCHEDULED', context, { name: 'Resuming' })
    : serverState('RUNNING', context)
  const result = await context.database.write(async (session) => {
    const proposal = { flow_run_id: params.id, state: next, policy: 'core' as const, client }
    const transitioned = await transitionFlowRun(session, proposal, context)
    if (transitioned?.status === 'ACCEPT')
      await keepResponse(session, params.id, state, checked.input, context)
    return transitioned
  })
  return result ? orchestrationAnswer(result) : refuse(404, 'Flow run not found')
})

function refusal(status: 'ABORT' | 'REJECT', state: State | null, reason: string) {
  return ok({ state: wireState(state), status, details: { type: 'abort_details', reason } })
}

type Checked = { input: JsonObject | null } | { complaint: string }

/** Input is asked for when the pause named where its schema lies. */
async function checkInput(
  { database }: Context,
  flowRunId: string,
  state: State,
  given: JsonObject | null,
): Promise<Checked> {
  const keyset = state.state_details.run_input_keyset
  if (!keyset) return { input: null }
  const hydrated = await database.read((session) =>
    hydrate(given ?? {}, async (name) => (await readVariable(session, { name }))?.value),
  )
  if ('error' in hydrated) return { complaint: `Error hydrating run input: ${hydrated.error}` }
  const input = ('value' in hydrated ? hydrated.value : {}) as JsonObject
  const stored = await database.read((session) =>
    readFlowRunInput(session, flowRunId, keyset['schema'] ?? ''),
  )
  if (!stored) return { complaint: 'Run input schema not found.' }
  const schema = parsed(stored.value)
  if (schema === undefined) return { complaint: 'Run input schema is not valid JSON.' }
  const complaint = await complaintAbout(schema as JsonObject, input)
  if (!complaint) return { input }
  return { complaint: 'circular' in complaint ? CIRCULAR : `Reason: ${complaint.complaint}` }
}

function parsed(value: Json): Json | undefined {
  try {
    return JSON.parse(value as string) as Json
  } catch {
    return undefined
  }
}

async function keepResponse(
  session: Session,
  flowRunId: string,
  state: State,
  input: JsonObject | null,
  context: Context,
): Promise<void> {
  const key = state.state_details.run_input_keyset?.['response']
  if (key === undefined || input === null || Object.keys(input).length === 0) return
  const row = { flow_run_id: flowRunId, key, value: JSON.stringify(input), sender: null }
  await createFlowRunInput(session, row, context)
}
