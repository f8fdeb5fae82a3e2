import { describe, expect, it } from 'vitest'
import { judgeFlow } from '../../tests/judge.ts'
import { CLIENT_2_20, CLIENT_3_4_10, CLIENT_3_8, makeCurrent, makeFlowFacts } from '../../tests/make.ts'
import { makeState } from '../../tests/make.ts'
import type { Client } from '../types.ts'
import { keepLeaseOfOldClients } from './keep-lease-of-old-clients.ts'

const current = makeCurrent('PENDING', { state_details: { deployment_concurrency_lease_id: 'lease' } })
const version = (...version: [number, number, number, string]): Client => ({ ...CLIENT_3_8, version })

describe('the lease of a run whose client', () => {
  it.each<[string, Client, boolean]>([
    ['is 3.8', CLIENT_3_8, false],
    ['is 3.4.11', version(3, 4, 11, ''), false],
    ['is a build after 3.4.11', version(3, 4, 11, '+3.gabcdef'), false],
    ['is a pre-release of 3.4.11', version(3, 4, 11, '.dev1'), true],
    ['is 3.4.10', CLIENT_3_4_10, true],
    ['is 2.20', CLIENT_2_20, true],
    ['is unknown', { ...CLIENT_3_8, version: undefined }, true],
  ])('%s is made unending: %s', (_, client, unending) => {
    const facts = makeFlowFacts({ client, current })
    const { effects } = judgeFlow(keepLeaseOfOldClients, facts, makeState('RUNNING'))
    const renewal = { type: 'renew-lease', lease_id: 'lease', ttl_seconds: 3_153_600_000 }
    expect(effects).toEqual(unending ? [renewal] : [])
  })
})
