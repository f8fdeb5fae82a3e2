/**
 * A run that waits for a person. Shows: pauseFlowRun() with a typed form, which the server validates, and
 * resuming it from elsewhere, as any client of the API can.
 */
import { flow, pauseFlowRun, resumeFlowRun, task } from 'reeve'
import { z } from 'zod'

const Decision = z.object({ approved: z.boolean(), reason: z.string().default('none given') })

const deploy = task((version: string) => `${version} is live`, { name: 'deploy' })

const release = flow(
  async (version: string) => {
    const decision = await pauseFlowRun({
      input: Decision,
      description: `Shall **${version}** go live?`,
      timeoutSeconds: 24 * 3600,
      pollSeconds: 0.1,
    })
    return decision.approved ? await deploy(version) : `${version} was refused: ${decision.reason}`
  },
  { name: 'release' },
)

/** Stands for people: answers as soon as the run waits. */
async function answer(flowRunId: string, decision: z.input<typeof Decision>): Promise<void> {
  for (;;) {
    try {
      return await resumeFlowRun(flowRunId, decision)
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

for (const decision of [{ approved: true }, { approved: false, reason: 'it is Friday' }]) {
  const run = release.submit('v1.2')
  await answer(await run.runId, decision)
  console.log(await run)
}
