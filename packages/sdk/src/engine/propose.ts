import type { OrchestrationResult, State as WireState } from '@reeve/schemas/state'

/** What the server decided; a WAIT has been waited for. `state` is the run's state after the decision. */
export type Verdict =
  | { kind: 'accept'; state: WireState }
  | { kind: 'reject'; state: WireState; reason: string }
  | { kind: 'abort'; state: WireState | null; reason: string }

/** Proposes a state until the server decides. `sleep` takes seconds and rejects when the run is to stop waiting. */
export async function propose(
  send: () => Promise<OrchestrationResult>,
  sleep: (seconds: number) => Promise<void>,
): Promise<Verdict> {
  for (;;) {
    const result = await send()
    const verdict = verdictOf(result)
    if (verdict) return verdict
    const { details } = result
    const seconds = details.type === 'wait_details' ? details.delay_seconds : 0
    await sleep(Math.max(seconds, MIN_WAIT_SECONDS))
  }
}

/** Undefined when the server says to wait and ask again. */
export function verdictOf({ status, state, details }: OrchestrationResult): Verdict | undefined {
  if (details.type === 'wait_details') return undefined
  const reason = ('reason' in details && details.reason) || ''
  if (status === 'ACCEPT' && state) return { kind: 'accept', state }
  if (status === 'REJECT' && state) return { kind: 'reject', state, reason }
  return { kind: 'abort', state, reason }
}

/** The server may say "wait 0 seconds"; asking again at once would only load it. */
const MIN_WAIT_SECONDS = 0.25
