import { pick, sorted } from './json.ts'
import type { Names } from './names.ts'
import type { Rest } from './rest.ts'
import type { Place } from './scenarios.ts'

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

/** The deployments and work pools with the unique text in their name, and the pools' workers: those of `places`. */
export async function observePlaces(rest: Rest, names: Names, unique: string, places: Place[]) {
  return {
    ...(places.includes('deployments') ? await observeDeployments(rest, names, unique) : {}),
    ...(places.includes('work_pools') ? await observeWorkPools(rest, names, unique) : {}),
  }
}

async function observeDeployments(rest: Rest, names: Names, unique: string) {
  const deployments = await rest.all('/deployments/filter', { deployments: { name: { like_: unique } } })
  return { deployments: sorted(deployments.map((each) => names.plain(pick(each, DEPLOYMENT_FIELDS)))) }
}

async function observeWorkPools(rest: Rest, names: Names, unique: string) {
  const pools = await rest.all('/work_pools/filter', { work_pools: { name: { any_: [`pool-${unique}`] } } })
  const workers = await Promise.all(
    pools.map((pool) => rest.must('POST', `/work_pools/${pool.name}/workers/filter`, {})),
  )
  return {
    work_pools: sorted(pools.map((each) => names.plain(pick(each, ['name', 'type', 'status', 'is_paused'])))),
    workers: workers.flat().map((each) => pick(each, ['name', 'status'])),
  }
}
