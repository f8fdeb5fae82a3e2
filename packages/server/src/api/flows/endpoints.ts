import type { Endpoint } from '../endpoint.ts'
import { bulkDeleteFlows } from './bulk-delete.ts'
import { countFlows } from './count.ts'
import { createFlow } from './create.ts'
import { deleteFlow } from './delete.ts'
import { filterFlows } from './filter.ts'
import { paginateFlows } from './paginate.ts'
import { readFlowByName } from './read-by-name.ts'
import { readFlow } from './read.ts'
import { updateFlow } from './update.ts'

export const FLOW_ENDPOINTS: readonly Endpoint[] = [
  createFlow,
  readFlow,
  readFlowByName,
  filterFlows,
  paginateFlows,
  countFlows,
  updateFlow,
  deleteFlow,
  bulkDeleteFlows,
]
