import { sql } from 'kysely'
import type { FlowFilter } from '@reeve/schemas/filters/flow-filter'
import { column, tags } from './column.ts'
import { related } from './condition.ts'
import { filter } from './filter.ts'

const deployments = sql`select 1 from deployment as deployed where deployed.flow_id = flow.id`

/** Which rows of `flow`. */
export const flowFilter = filter<FlowFilter>({
  id: column('flow.id'),
  deployment: (_session, { is_null_ }) => related(is_null_ == null ? null : !is_null_, deployments),
  name: column('flow.name'),
  tags: tags('flow.tags'),
})
