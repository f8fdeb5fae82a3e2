import type { Runtime } from './runtime.ts'

/** Where people can look at the run: its page or, on a server without pages, what the API says of it. */
export async function runLink(
  { settings, connection, pipeline }: Runtime,
  flowRunId: string,
): Promise<string> {
  const { uiUrl, uiUrlIsGiven } = settings
  const hasPages = uiUrl !== undefined && (uiUrlIsGiven || !(await pipeline?.isThere()))
  return hasPages ? `${uiUrl}/runs/flow-run/${flowRunId}` : `${connection.url}/flow_runs/${flowRunId}`
}
