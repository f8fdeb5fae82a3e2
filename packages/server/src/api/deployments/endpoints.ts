import type { Endpoint } from '../endpoint.ts'
import { createFlowRunFromDeployment } from './create-flow-run.ts'
import { createDeployment } from './create.ts'
import { deleteDeployment } from './delete.ts'
import { countDeployments, filterDeployments, paginateDeployments } from './list.ts'
import { pauseDeployment, resumeDeployment } from './pause.ts'
import { readDeployment, readDeploymentByName } from './read.ts'

export const DEPLOYMENT_ENDPOINTS: readonly Endpoint[] = [
  createDeployment,
  readDeployment,
  readDeploymentByName,
  filterDeployments,
  paginateDeployments,
  countDeployments,
  deleteDeployment,
  pauseDeployment,
  resumeDeployment,
  createFlowRunFromDeployment,
]
