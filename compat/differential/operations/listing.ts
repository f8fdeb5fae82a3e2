import type { Operation } from '../operation.ts'
import { post } from '../world.ts'
import type { World } from '../world.ts'
import type { Criteria } from './filters.ts'

/** The sorts of a noun, each with the fields that order by it; an empty list where order is chance. */
export type Sorts = { [sort: string]: string[] }

/** A request to a `/filter` route. A page is only cut where the order tells what is on it. */
export function listing(
  world: World,
  path: string,
  filters: Criteria,
  sorts: Sorts,
  normal: string,
): Operation {
  const { chance } = world
  const sort = chance.in(0.7) ? chance.pick(Object.keys(sorts)) : undefined
  const order = sorts[sort ?? normal] ?? []
  const body: Criteria = { ...filters, ...(sort ? { sort } : {}) }
  if (total(order) && chance.in(0.4)) body['limit'] = chance.below(4)
  if (total(order) && chance.in(0.3)) body['offset'] = chance.below(3)
  if (chance.in(0.05)) body['limit'] = chance.pick([null, 200])
  return post(path, body, order.length > 0 ? { order } : {})
}

/** A request to a `/paginate` route. */
export function paging(
  world: World,
  path: string,
  filters: Criteria,
  sorts: Sorts,
  normal: string,
): Operation {
  const { offset, ...body } = listing(world, path, filters, sorts, normal).body as Criteria
  const order = sorts[(body['sort'] as string | undefined) ?? normal] ?? []
  if (total(order) && offset !== undefined) body['page'] = 1 + world.chance.below(3)
  return post(path, body, order.length > 0 ? { order } : {})
}

// Rows with equal names or without a time have no order between them.
const total = (order: string[]) => order[0] === 'id' || order[0] === 'created' || order[0] === 'key'
