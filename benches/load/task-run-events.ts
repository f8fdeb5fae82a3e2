const STEPS = [
  ['PENDING', 'Pending'],
  ['RUNNING', 'Running'],
  ['COMPLETED', 'Completed'],
] as const

const state = (type: string, name: string) => ({ type, name, message: '', state_details: {}, data: null })

/** The events by which a Prefect 3 client tells of one task run from its first state to its last. */
export function taskRunEvents(flowRunId: string, number: number): string[] {
  const resourceId = `prefect.task-run.${crypto.randomUUID()}`
  const name = `my_task-${number}`
  let follows: string | null = null
  return STEPS.map(([type, stateName], step) => {
    const before = STEPS[step - 1]
    const id = crypto.randomUUID()
    const occurred = timeAfter(step)
    const event = {
      occurred,
      event: `prefect.task-run.${stateName}`,
      resource: {
        'prefect.resource.id': resourceId,
        'prefect.resource.name': name,
        'prefect.run-count': step === 0 ? '0' : '1',
        'prefect.state-message': '',
        'prefect.state-name': stateName,
        'prefect.state-timestamp': occurred,
        'prefect.state-type': type,
        'prefect.orchestration': 'client',
      },
      related: [
        {
          'prefect.resource.id': `prefect.flow-run.${flowRunId}`,
          'prefect.resource.role': 'flow-run',
          'prefect.resource.name': 'brave-otter',
        },
      ],
      payload: {
        intended: { from: before?.[0] ?? null, to: type },
        initial_state: before ? state(before[0], before[1]) : null,
        validated_state: state(type, stateName),
        task_run: {
          name,
          task_key: 'my_task-abc123',
          dynamic_key: String(number),
          empirical_policy: { retries: 0, retry_delay: 0 },
          tags: [],
          task_inputs: {},
          run_count: step === 0 ? 0 : 1,
          total_run_time: 0,
        },
      },
      id,
      follows,
    }
    follows = id
    return JSON.stringify(event)
  })
}

const begun = Date.now() * 1000
let microseconds = 0

/** Later with every call; RFC 3339 with microseconds. */
function timeAfter(step: number): string {
  const time = begun + ++microseconds + step
  const text = new Date(Math.floor(time / 1000)).toISOString()
  return text.replace('Z', `${String(time % 1000).padStart(3, '0')}Z`)
}
