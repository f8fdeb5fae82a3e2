import { PIPELINE_HEADER, PIPELINE_VERSION } from '@reeve/schemas/pipeline'
import { readAdminVersion as route } from '@reeve/schemas/routes/admin'
import { endpoint } from '../endpoint.ts'

/** The versions that this server stands in for: a client refuses a server of another major version. */
const VERSIONS = { '2.20': '2.20.25', '3.8': '3.8.8' } as const

export const readAdminVersion = endpoint(route, async ({ client }) => ({
  status: 200,
  body: VERSIONS[client.generation],
  headers: { [PIPELINE_HEADER]: PIPELINE_VERSION },
}))
