import { z } from 'zod'
import { Deployment, DeploymentCreate, DeploymentFlowRunCreate, DeploymentPage } from '../deployment.ts'
import { embedded } from '../embedded.ts'
import { flowRunFilters } from '../filters/run-filters.ts'
import { FlowRun } from '../flow-run.ts'
import { Limit, Offset, PageNumber } from '../pagination.ts'
import { route } from '../route.ts'
import { DeploymentSort } from '../sorts.ts'
import { idParams } from './params.ts'

const tag = 'deployments'
const sort = DeploymentSort.default('NAME_ASC')

export const createDeployment = route({
  id: 'createDeployment',
  method: 'POST',
  path: '/deployments/',
  tag,
  summary: 'Create a deployment, or replace the one of this flow and name',
  body: DeploymentCreate,
  responses: { 200: Deployment, 201: Deployment },
})

export const readDeployment = route({
  id: 'readDeployment',
  method: 'GET',
  path: '/deployments/:id',
  tag,
  summary: 'Read a deployment',
  params: idParams,
  responses: { 200: Deployment },
})

export const readDeploymentByName = route({
  id: 'readDeploymentByName',
  method: 'GET',
  path: '/deployments/name/:flow_name/:deployment_name',
  tag,
  summary: 'Read a deployment by the names of its flow and itself',
  params: z.object({ flow_name: z.string(), deployment_name: z.string() }),
  responses: { 200: Deployment },
})

export const filterDeployments = route({
  id: 'filterDeployments',
  method: 'POST',
  path: '/deployments/filter',
  tag,
  summary: 'List deployments',
  body: embedded({ ...flowRunFilters, sort, limit: Limit, offset: Offset }),
  bodyOptional: true,
  responses: { 200: z.array(Deployment) },
})

export const paginateDeployments = route({
  id: 'paginateDeployments',
  method: 'POST',
  path: '/deployments/paginate',
  tag,
  summary: 'List deployments, a page at a time',
  body: embedded({ ...flowRunFilters, sort, limit: Limit, page: PageNumber }),
  bodyOptional: true,
  responses: { 200: DeploymentPage },
})

export const countDeployments = route({
  id: 'countDeployments',
  method: 'POST',
  path: '/deployments/count',
  tag,
  summary: 'Count deployments',
  body: embedded(flowRunFilters),
  bodyOptional: true,
  responses: { 200: z.int() },
})

export const deleteDeployment = route({
  id: 'deleteDeployment',
  method: 'DELETE',
  path: '/deployments/:id',
  tag,
  summary: 'Delete a deployment, and its runs that have not started',
  params: idParams,
  responses: { 204: null },
})

export const pauseDeployment = route({
  id: 'pauseDeployment',
  method: 'POST',
  path: '/deployments/:id/pause_deployment',
  tag,
  summary: 'Start no runs of the deployment by schedule',
  params: idParams,
  responses: { 200: z.null() },
})

export const resumeDeployment = route({
  id: 'resumeDeployment',
  method: 'POST',
  path: '/deployments/:id/resume_deployment',
  tag,
  summary: 'Start runs of the deployment by schedule again',
  params: idParams,
  responses: { 200: z.null() },
})

export const createFlowRunFromDeployment = route({
  id: 'createFlowRunFromDeployment',
  method: 'POST',
  path: '/deployments/:id/create_flow_run',
  tag,
  summary: 'Create a flow run of a deployment',
  params: idParams,
  body: DeploymentFlowRunCreate,
  responses: { 200: FlowRun, 201: FlowRun },
})
