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
    const { status, state, details } = await send()
    if (details.type === 'wait_details') {
      await sleep(Math.max(details.delay_seconds, MIN_WAIT_SECONDS))
      continue
    }
    const reason = ('reason' in details && details.reason) || ''
    if (status === 'ACCEPT' && state) return { kind: 'accept', state }
    if (status === 'REJECT' && state) return { kind: 'reject', state, reason }
    return { kind: 'abort', state, reason }
  }
}

/** The server may say "wait 0 seconds"; asking again at once would only load it. */
const MIN_WAIT_SECONDS = 0.25
