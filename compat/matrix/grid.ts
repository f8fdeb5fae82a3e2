/**
 * The grid of the matrix: situations a run is put into, proposals made to it, and which proposal meets which situation.
 *
 * State templates are request bodies in which these texts are replaced when a case runs:
 * `now+N` / `now-N` (seconds) becomes a timestamp, `unique` a text of its own per case, `unique-uuid` a UUID of its own
 * per case (the same wherever it stands within one case).
 */
export interface StateTemplate {
  type: string
  name?: string
  message?: string
  data?: unknown
  state_details?: Record<string, unknown>
}

/** A step of the path into a situation: a state, by default forced on the run. */
export interface Step {
  state: StateTemplate
  force?: boolean
}

/** A run just before the proposal: the run is created and then walks `path`. */
export interface Situation {
  subject: 'flow_run' | 'task_run'
  /** With a deployment; `concurrency` gives it a limit (3.8 only). Flow runs only. */
  deployment?: { concurrency?: { limit: number; strategy: string } }
  /** A task run's flow run, or the flow run of a subflow's parent task, walked into place by forced states. */
  parent?: Step[]
  /** Task runs only: tags of the run, each with a tag limit of `tag_limit`. */
  tag_limit?: number
  empirical_policy?: Record<string, unknown>
  infrastructure_pid?: string
  /** The state in the request that creates the run and the others; without it the server makes them Pending. */
  first_state?: StateTemplate
  path: Step[]
  /** Other runs beside it (same deployment, parent and tags) that walk their own path first. */
  others?: Step[][]
  /** The proposal is the state of the request that creates the run. */
  created?: boolean
  /** The names of the proposals this situation meets. */
  proposals: string[]
  /** The same proposals again with force=true. */
  forced: boolean
  only?: '3.8.8'
}

const persisted = { type: 'result', storage_key: 'a-key', storage_block_id: null }
const proposed = 'proposed'
const held = 'held'

/** Every proposal by name. */
export const proposals: Record<string, StateTemplate> = {
  SCHEDULED: { type: 'SCHEDULED', message: proposed },
  'SCHEDULED later': { type: 'SCHEDULED', message: proposed, state_details: { scheduled_time: 'now+3600' } },
  'SCHEDULED Late': { type: 'SCHEDULED', name: 'Late', message: proposed },
  'SCHEDULED AwaitingRetry': {
    type: 'SCHEDULED',
    name: 'AwaitingRetry',
    state_details: { scheduled_time: 'now+3600' },
  },
  PENDING: { type: 'PENDING', message: proposed },
  'PENDING Submitting': { type: 'PENDING', name: 'Submitting', message: proposed },
  RUNNING: { type: 'RUNNING', message: proposed },
  'RUNNING same transition': { type: 'RUNNING', state_details: { transition_id: 'unique-uuid' } },
  'RUNNING cache key': { type: 'RUNNING', state_details: { cache_key: 'unique' } },
  'RUNNING refresh cache': { type: 'RUNNING', state_details: { cache_key: 'unique', refresh_cache: true } },
  COMPLETED: { type: 'COMPLETED', message: proposed },
  'COMPLETED persisted': { type: 'COMPLETED', message: proposed, data: persisted },
  'COMPLETED unpersisted': { type: 'COMPLETED', message: proposed, data: { type: 'unpersisted' } },
  'COMPLETED cache key': { type: 'COMPLETED', data: persisted, state_details: { cache_key: 'unique' } },
  FAILED: { type: 'FAILED', message: proposed },
  'FAILED with data': { type: 'FAILED', message: proposed, data: persisted },
  'FAILED not retriable': { type: 'FAILED', message: proposed, state_details: { retriable: false } },
  'FAILED TimedOut': { type: 'FAILED', name: 'TimedOut', message: proposed },
  CANCELLED: { type: 'CANCELLED', message: proposed },
  CRASHED: { type: 'CRASHED', message: proposed },
  PAUSED: { type: 'PAUSED', message: proposed, state_details: { pause_timeout: 'now+3600' } },
  'PAUSED key': {
    type: 'PAUSED',
    state_details: { pause_timeout: 'now+3600', pause_key: 'one' },
  },
  'PAUSED Suspended': {
    type: 'PAUSED',
    name: 'Suspended',
    state_details: { pause_timeout: 'now+3600', pause_reschedule: true },
  },
  CANCELLING: { type: 'CANCELLING', message: proposed },
}

const TYPES = 'SCHEDULED PENDING RUNNING COMPLETED FAILED CANCELLED CRASHED PAUSED CANCELLING'.split(' ')
const FLOW = [
  ...TYPES,
  'SCHEDULED later',
  'SCHEDULED Late',
  'SCHEDULED AwaitingRetry',
  'PENDING Submitting',
  'COMPLETED persisted',
  'COMPLETED unpersisted',
  'PAUSED key',
  'PAUSED Suspended',
]
const TASK = [...TYPES, 'SCHEDULED AwaitingRetry', 'COMPLETED persisted', 'FAILED not retriable']

const running: Step = { state: { type: 'RUNNING', message: held } }
const pastRunning = (state: StateTemplate): Step[] => [running, { state: { message: held, ...state } }]
const only = (state: StateTemplate): Step[] => [{ state: { message: held, ...state } }]

const flowPaths: Record<string, Step[]> = {
  'SCHEDULED due': only({ type: 'SCHEDULED', state_details: { scheduled_time: 'now-10' } }),
  'SCHEDULED later': only({ type: 'SCHEDULED', state_details: { scheduled_time: 'now+3600' } }),
  'SCHEDULED Late': only({ type: 'SCHEDULED', name: 'Late', state_details: { scheduled_time: 'now-60' } }),
  'SCHEDULED AwaitingRetry': pastRunning({
    type: 'SCHEDULED',
    name: 'AwaitingRetry',
    state_details: { scheduled_time: 'now+3600' },
  }),
  'SCHEDULED Resuming': pastRunning({
    type: 'SCHEDULED',
    name: 'Resuming',
    state_details: { scheduled_time: 'now-10' },
  }),
  'SCHEDULED AwaitingConcurrencySlot': only({
    type: 'SCHEDULED',
    name: 'AwaitingConcurrencySlot',
    state_details: { scheduled_time: 'now+3600' },
  }),
  PENDING: [],
  'PENDING later': only({ type: 'PENDING', state_details: { scheduled_time: 'now+3600' } }),
  'PENDING Submitting': only({
    type: 'PENDING',
    name: 'Submitting',
    state_details: { scheduled_time: 'now-10' },
  }),
  RUNNING: [running],
  'PAUSED waiting': pastRunning({ type: 'PAUSED', state_details: { pause_timeout: 'now+3600' } }),
  'PAUSED Suspended': pastRunning({
    type: 'PAUSED',
    name: 'Suspended',
    state_details: { pause_timeout: 'now+3600', pause_reschedule: true },
  }),
  'PAUSED overdue': pastRunning({ type: 'PAUSED', state_details: { pause_timeout: 'now-10' } }),
  'PAUSED Suspended overdue': pastRunning({
    type: 'PAUSED',
    name: 'Suspended',
    state_details: { pause_timeout: 'now-10', pause_reschedule: true },
  }),
  CANCELLING: pastRunning({ type: 'CANCELLING' }),
  COMPLETED: pastRunning({ type: 'COMPLETED' }),
  'COMPLETED persisted': pastRunning({ type: 'COMPLETED', data: persisted }),
  'COMPLETED unpersisted': pastRunning({ type: 'COMPLETED', data: { type: 'unpersisted' } }),
  FAILED: pastRunning({ type: 'FAILED' }),
  'FAILED persisted': pastRunning({ type: 'FAILED', data: { ...persisted, type: 'reference' } }),
  CANCELLED: pastRunning({ type: 'CANCELLED' }),
  'CANCELLED before start': only({ type: 'CANCELLED' }),
  CRASHED: pastRunning({ type: 'CRASHED' }),
}

const taskPaths: Record<string, Step[]> = {
  ...Object.fromEntries(
    Object.entries(flowPaths).filter(
      ([name]) => !/Late|Resuming|Slot|Suspended|overdue|before start/.test(name),
    ),
  ),
  'COMPLETED persisted without a type': pastRunning({ type: 'COMPLETED', data: { storage_key: 'a-key' } }),
}

const situations: Record<string, Situation> = {}

for (const [name, path] of Object.entries(flowPaths)) {
  const each: Situation = { subject: 'flow_run', path, proposals: FLOW, forced: true }
  situations[`flow run · ${name}`] = each
  situations[`flow run with deployment · ${name}`] = { ...each, deployment: {} }
}
for (const [name, path] of Object.entries(taskPaths)) {
  situations[`task run in a running flow run · ${name}`] = {
    subject: 'task_run',
    parent: [running],
    path,
    proposals: TASK,
    forced: true,
  }
  situations[`task run without a flow run · ${name}`] = {
    subject: 'task_run',
    path,
    proposals: TASK,
    forced: true,
  }
}

const flow = (situation: Omit<Situation, 'subject' | 'forced'>): Situation => ({
  subject: 'flow_run',
  forced: false,
  ...situation,
})
const task = (situation: Omit<Situation, 'subject' | 'forced'>): Situation => ({
  subject: 'task_run',
  forced: false,
  ...situation,
})

Object.assign(situations, {
  'flow run not yet made': flow({ path: [], created: true, proposals: TYPES }),
  'task run not yet made': task({ path: [], parent: [running], created: true, proposals: TYPES }),

  'flow run with retries left · RUNNING': {
    ...flow({ empirical_policy: { retries: 2, retry_delay: 60 }, path: [running], proposals: FLOW }),
    forced: true,
  },
  'flow run with retries left, no delay · RUNNING': flow({
    empirical_policy: { retries: 1 },
    path: [running],
    proposals: ['FAILED', 'FAILED with data', 'FAILED TimedOut', 'CRASHED', 'COMPLETED'],
  }),
  'flow run with retries spent · RUNNING': flow({
    empirical_policy: { retries: 1 },
    path: [running, running],
    proposals: ['FAILED', 'FAILED with data', 'COMPLETED', 'CRASHED'],
  }),
  'flow run with zero retries · RUNNING': flow({
    empirical_policy: { retries: 0, retry_delay: 0 },
    path: [running],
    proposals: ['FAILED'],
  }),
  'flow run after an in-process retry · AwaitingRetry due': flow({
    empirical_policy: { retries: 1, retry_delay: 0, pause_keys: ['one'] },
    path: [running, { state: { type: 'FAILED' }, force: false }],
    proposals: ['RUNNING', 'PENDING', 'CANCELLING', 'SCHEDULED', 'PAUSED'],
  }),
  'flow run with a process · SCHEDULED due': flow({
    infrastructure_pid: '1',
    path: only({ type: 'SCHEDULED', state_details: { scheduled_time: 'now-10' } }),
    proposals: ['CANCELLING', 'CANCELLED', 'RUNNING'],
  }),
  'flow run with a process · SCHEDULED Resuming': flow({
    infrastructure_pid: '1',
    path: only({ type: 'SCHEDULED', name: 'Resuming', state_details: { scheduled_time: 'now-10' } }),
    proposals: ['CANCELLING', 'RUNNING'],
  }),
  'flow run · RUNNING after transition id': flow({
    path: [running, { state: { type: 'PENDING', state_details: { transition_id: 'unique-uuid' } } }],
    proposals: ['RUNNING same transition', 'RUNNING'],
  }),
  'flow run with deployment, paused by key': flow({
    deployment: {},
    path: [
      running,
      {
        state: { type: 'PAUSED', state_details: { pause_key: 'one', pause_timeout: 'now+3600' } },
        force: false,
      },
      { state: { type: 'RUNNING' }, force: false },
    ],
    proposals: ['PAUSED key', 'PAUSED', 'PAUSED Suspended', 'RUNNING', 'COMPLETED', 'FAILED'],
  }),
  'flow run with deployment, resumed from suspension': flow({
    deployment: {},
    path: [
      running,
      { state: { type: 'PAUSED', state_details: { pause_reschedule: true } }, force: false },
      { state: { type: 'SCHEDULED', name: 'Resuming' }, force: false },
      { state: { type: 'PENDING' }, force: false },
    ],
    proposals: ['RUNNING', 'CANCELLED', 'PENDING', 'FAILED'],
  }),
  'flow run below a task run · RUNNING': flow({ parent: [running], path: [running], proposals: FLOW }),
  'flow run below a task run · PAUSED waiting': flow({
    parent: [running],
    path: pastRunning({ type: 'PAUSED', state_details: { pause_timeout: 'now+3600' } }),
    proposals: ['RUNNING', 'SCHEDULED', 'CANCELLING', 'FAILED'],
  }),
})

for (const strategy of ['ENQUEUE', 'CANCEL_NEW']) {
  // Forcing a Pending run back to Scheduled would release a slot, so these runs are made in SCHEDULED.
  const first_state = { type: 'SCHEDULED', state_details: { scheduled_time: 'now-10' } }
  const pending: Step[] = [{ state: { type: 'PENDING' }, force: false }]
  const limited = (limit: number, rest: Pick<Situation, 'path' | 'proposals' | 'others'>): Situation => ({
    ...flow({ deployment: { concurrency: { limit, strategy } }, first_state, ...rest }),
    only: '3.8.8',
  })
  const wanting = ['PENDING', 'RUNNING', 'CANCELLED', 'SCHEDULED Late']
  const holding = [...TYPES, 'PENDING Submitting', 'SCHEDULED AwaitingRetry', 'PAUSED Suspended']
  Object.assign(situations, {
    [`limited deployment (${strategy}) with a free slot · SCHEDULED due`]: limited(1, {
      path: [],
      proposals: wanting,
    }),
    [`limited deployment (${strategy}), full · SCHEDULED due`]: limited(1, {
      path: [],
      others: [pending],
      proposals: wanting,
    }),
    [`limited deployment (${strategy}) of zero · SCHEDULED due`]: limited(0, {
      path: [],
      proposals: wanting,
    }),
    [`limited deployment (${strategy}), holding · PENDING`]: limited(1, {
      path: pending,
      proposals: holding,
    }),
    [`limited deployment (${strategy}), holding · RUNNING`]: limited(1, {
      path: [...pending, { state: { type: 'RUNNING' }, force: false }],
      proposals: holding,
    }),
  })
}

const retrying = [
  'FAILED',
  'FAILED with data',
  'FAILED not retriable',
  'FAILED TimedOut',
  'COMPLETED',
  'CRASHED',
]
const attempts = (count: number): Step[] => Array.from({ length: count }, () => running)
Object.assign(situations, {
  'task run with retries left · RUNNING': {
    ...task({
      parent: [running],
      empirical_policy: { retries: 2, retry_delay: 60 },
      path: [running],
      proposals: [...new Set([...TASK, ...retrying])],
    }),
    forced: true,
  },
  'task run without a flow run, with retries left · RUNNING': task({
    empirical_policy: { retries: 2, retry_delay: 60 },
    path: [running],
    proposals: retrying,
  }),
  'task run with a list of delays, first attempt · RUNNING': task({
    parent: [running],
    empirical_policy: { retries: 3, retry_delay: [60, 7200] },
    path: attempts(1),
    proposals: ['FAILED'],
  }),
  'task run with a list of delays, second attempt · RUNNING': task({
    parent: [running],
    empirical_policy: { retries: 3, retry_delay: [60, 7200] },
    path: attempts(2),
    proposals: ['FAILED'],
  }),
  'task run with a list of delays, third attempt · RUNNING': task({
    parent: [running],
    empirical_policy: { retries: 3, retry_delay: [60, 7200] },
    path: attempts(3),
    proposals: ['FAILED'],
  }),
  'task run with retries spent · RUNNING': task({
    parent: [running],
    empirical_policy: { retries: 1, retry_delay: 0 },
    path: attempts(2),
    proposals: retrying,
  }),
  'task run with zero retries · RUNNING': task({
    parent: [running],
    empirical_policy: { retries: 0, retry_delay: 0 },
    path: attempts(1),
    proposals: ['FAILED'],
  }),
  'task run after a retry · AwaitingRetry due': task({
    parent: [running],
    empirical_policy: { retries: 1, retry_delay: 0 },
    path: [running, { state: { type: 'FAILED' }, force: false }],
    proposals: ['RUNNING', 'PENDING', 'CANCELLED'],
  }),
  'task run in a flow run that ran twice · FAILED': task({
    parent: [running, running],
    path: pastRunning({ type: 'FAILED' }),
    proposals: ['RUNNING', 'PENDING', 'SCHEDULED'],
  }),
  'task run with its key stored · PENDING': task({
    parent: [running],
    path: [],
    others: [
      [
        running,
        {
          state: { type: 'COMPLETED', data: persisted, state_details: { cache_key: 'unique' } },
          force: false,
        },
      ],
    ],
    proposals: ['RUNNING cache key', 'RUNNING refresh cache', 'RUNNING', 'PENDING'],
  }),
  'task run with its key stored without data · PENDING': task({
    parent: [running],
    path: [],
    others: [
      [running, { state: { type: 'COMPLETED', state_details: { cache_key: 'unique' } }, force: false }],
    ],
    proposals: ['RUNNING cache key'],
  }),
  'task run with its key stored by force · PENDING': task({
    parent: [running],
    path: [],
    others: [
      [running, { state: { type: 'COMPLETED', data: persisted, state_details: { cache_key: 'unique' } } }],
    ],
    proposals: ['RUNNING cache key'],
  }),
  'task run with its key expired · PENDING': task({
    parent: [running],
    path: [],
    others: [
      [
        running,
        {
          state: {
            type: 'COMPLETED',
            data: persisted,
            state_details: { cache_key: 'unique', cache_expiration: 'now-10' },
          },
          force: false,
        },
      ],
    ],
    proposals: ['RUNNING cache key'],
  }),
  'task run with its key unknown · PENDING': task({
    parent: [running],
    path: [],
    proposals: ['RUNNING cache key', 'COMPLETED cache key'],
  }),
  'tag limit with a free slot · PENDING': task({
    parent: [running],
    tag_limit: 1,
    path: [],
    proposals: ['RUNNING', 'PENDING', 'COMPLETED'],
  }),
  'tag limit, full · PENDING': task({
    parent: [running],
    tag_limit: 1,
    path: [],
    others: [[{ ...running, force: false }]],
    proposals: ['RUNNING', 'COMPLETED'],
  }),
  'tag limit of zero · PENDING': task({
    parent: [running],
    tag_limit: 0,
    path: [],
    proposals: ['RUNNING', 'COMPLETED'],
  }),
  'tag limit, holding · RUNNING': {
    ...task({
      parent: [running],
      tag_limit: 1,
      path: [{ ...running, force: false }],
      proposals: [...TYPES, 'FAILED not retriable'],
    }),
    forced: true,
  },
})

const parents: Record<string, Step[]> = {
  PENDING: [],
  SCHEDULED: only({ type: 'SCHEDULED', state_details: { scheduled_time: 'now+3600' } }),
  PAUSED: pastRunning({ type: 'PAUSED', state_details: { pause_timeout: 'now+3600' } }),
  'PAUSED Suspended': flowPaths['PAUSED Suspended'] ?? [],
  CANCELLING: pastRunning({ type: 'CANCELLING' }),
  COMPLETED: pastRunning({ type: 'COMPLETED' }),
  FAILED: pastRunning({ type: 'FAILED' }),
  CANCELLED: pastRunning({ type: 'CANCELLED' }),
  CRASHED: pastRunning({ type: 'CRASHED' }),
}
for (const [name, parent] of Object.entries(parents)) {
  situations[`task run in a flow run that is ${name} · PENDING`] = {
    ...task({ parent, path: [], proposals: ['RUNNING', 'PENDING', 'COMPLETED', 'CANCELLED'] }),
    forced: true,
  }
}

/** Every situation of a generation by name. */
export function situationsOf(version: string): Record<string, Situation> {
  return Object.fromEntries(
    Object.entries(situations).filter(([, each]) => !each.only || each.only === version),
  )
}
