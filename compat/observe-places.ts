import { pick, sorted } from './json.ts'
import type { Names } from './names.ts'
import type { Rest } from './rest.ts'

const DEPLOYMENT_FIELDS = [
  'name',
  'status',
  'paused',
  'parameters',
  'tags',
  'work_pool_name',
  'work_queue_name',
  'entrypoint',
  'path',
  'version',
  'enforce_parameter_schema',
  'parameter_openapi_schema',
]

/** Where runs were to be executed: deployments and work pools with the unique text in their name, and their workers. */
export async function observePlaces(rest: Rest, names: Names, unique: string) {
  const deployments = await rest.all('/deployments/filter', { deployments: { name: { like_: unique } } })
  const pools = await rest.all('/work_pools/filter', { work_pools: { name: { any_: [`pool-${unique}`] } } })
  const workers = await Promise.all(
    pools.map((pool) => rest.must('POST', `/work_pools/${pool.name}/workers/filter`, {})),
  )
  return {
    deployments: sorted(deployments.map((each) => names.plain(pick(each, DEPLOYMENT_FIELDS)))),
    work_pools: sorted(pools.map((each) => names.plain(pick(each, ['name', 'type', 'status', 'is_paused'])))),
    workers: workers.flat().map((each) => pick(each, ['name', 'status'])),
  }
}
