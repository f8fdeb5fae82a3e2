import { z } from 'zod'
import { route } from '../route.ts'
import { Uuid } from '../scalars.ts'
import { State } from '../state.ts'
import { idParams } from './params.ts'

export const readFlowRunState = route({
  id: 'readFlowRunState',
  method: 'GET',
  path: '/flow_run_states/:id',
  tag: 'flow-run-states',
  summary: 'Read a state of a flow run',
  params: idParams,
  responses: { 200: State },
})

export const readFlowRunStates = route({
  id: 'readFlowRunStates',
  method: 'GET',
  path: '/flow_run_states/',
  tag: 'flow-run-states',
  summary: 'List the states of a flow run, oldest first',
  query: z.object({ flow_run_id: Uuid }),
  responses: { 200: z.array(State) },
})

export const readTaskRunState = route({
  id: 'readTaskRunState',
  method: 'GET',
  path: '/task_run_states/:id',
  tag: 'task-run-states',
  summary: 'Read a state of a task run',
  params: idParams,
  responses: { 200: State },
})

export const readTaskRunStates = route({
  id: 'readTaskRunStates',
  method: 'GET',
  path: '/task_run_states/',
  tag: 'task-run-states',
  summary: 'List the states of a task run, oldest first',
  query: z.object({ task_run_id: Uuid }),
  responses: { 200: z.array(State) },
})
