import type { WorkPoolFilter } from '@reeve/schemas/filters/work-pool-filter'
import { column } from './column.ts'
import { filter } from './filter.ts'

/** Which rows of `work_pool`. */
export const workPoolFilter = filter<WorkPoolFilter>({
  id: column('work_pool.id'),
  name: column('work_pool.name'),
  type: column('work_pool.type'),
})
