import { route } from '../route.ts'
import { Waiting } from '../waiting.ts'
import { idParams } from './params.ts'

export const readFlowRunWaiting = route({
  id: 'readFlowRunWaiting',
  method: 'GET',
  path: '/flow_runs/:id/waiting',
  tag: 'flow-runs',
  summary: 'Tell why a flow run is not running',
  params: idParams,
  responses: { 200: Waiting },
  extension: true,
})

export const readTaskRunWaiting = route({
  id: 'readTaskRunWaiting',
  method: 'GET',
  path: '/task_runs/:id/waiting',
  tag: 'task-runs',
  summary: 'Tell why a task run is not running',
  params: idParams,
  responses: { 200: Waiting },
  extension: true,
})
