import type { World } from '../world.ts'

const TYPES = [
  'SCHEDULED',
  'PENDING',
  'RUNNING',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'FAILED',
  'CANCELLED',
  'CRASHED',
  'PAUSED',
  'PAUSED',
  'CANCELLING',
]
const NAMES: { [type: string]: string[] } = {
  SCHEDULED: ['Late', 'AwaitingRetry', 'Resuming', 'Scheduled'],
  PENDING: ['Submitting', 'InfrastructurePending', 'Pending'],
  RUNNING: ['Retrying', 'Rerunning'],
  COMPLETED: ['Cached', 'RolledBack'],
  FAILED: ['TimedOut'],
  PAUSED: ['Suspended', 'NotReady'],
}
const PERSISTED = {
  storage_key: 'k',
  expiration: null,
  serializer: { type: 'pickle' },
  storage_block_id: null,
}

/** A proposal of any kind, most of them such as clients send. */
export function stateOf(world: World, options: { data?: boolean } = {}): { [key: string]: unknown } {
  const { chance } = world
  const type = chance.pick(TYPES)
  const state: { [key: string]: unknown } = { type }
  if (chance.in(0.3)) state['name'] = chance.pick([...(NAMES[type] ?? []), 'Custom', ''])
  if (chance.in(0.2)) state['message'] = 'm: why'
  if (options.data !== false && chance.in(0.3)) state['data'] = dataOf(world)
  const details = detailsOf(world, type)
  if (Object.keys(details).length > 0 || chance.in(0.1)) state['state_details'] = details
  return state
}

function dataOf(world: World): unknown {
  return world.chance.pick([
    null,
    PERSISTED,
    PERSISTED,
    { type: 'unpersisted' },
    { type: 'reference', storage_key: 'k' },
    { type: 'literal', value: 1 },
    { artifact_key: 'key-@scope', artifact_type: 'result', artifact_description: 'd', value: [1, 2] },
    {},
  ])
}

function detailsOf(world: World, type: string): { [key: string]: unknown } {
  const { chance } = world
  const details: { [key: string]: unknown } = {}
  if (type === 'SCHEDULED' ? chance.in(0.6) : chance.in(0.05)) details['scheduled_time'] = world.moment()
  if (type === 'PAUSED') {
    if (chance.in(0.6)) details['pause_timeout'] = world.moment()
    if (chance.in(0.4)) details['pause_reschedule'] = chance.in(0.7)
    if (chance.in(0.5)) details['pause_key'] = chance.pick(['p1', 'p2'])
    if (chance.in(0.2)) details['run_input_keyset'] = { schema: 'in-schema', response: 'in-response' }
  }
  if (type === 'FAILED' && chance.in(0.3)) details['retriable'] = chance.pick([true, false, null])
  if (chance.in(0.2)) details['transition_id'] = world.someUuid()
  if (chance.in(0.2)) {
    details['cache_key'] = chance.pick(['ck1-@scope', 'ck2-@scope'])
    if (chance.in(0.4)) details['cache_expiration'] = world.moment()
    if (chance.in(0.2)) details['refresh_cache'] = chance.in(0.5)
  }
  if (chance.in(0.05)) details['untrackable_result'] = true
  if (chance.in(0.05)) details['unknown_detail'] = 1
  if (world.modern && chance.in(0.04)) details['deferred'] = chance.in(0.6)
  if (chance.in(0.04)) details['flow_run_id'] = world.id('run')
  return details
}
