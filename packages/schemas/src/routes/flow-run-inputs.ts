import { z } from 'zod'
import { embedded } from '../embedded.ts'
import { FlowRunInput, FlowRunInputKey } from '../flow-run-input.ts'
import { route } from '../route.ts'
import { Int } from '../scalars.ts'
import { idParams } from './params.ts'

const tag = 'flow-runs'
const keyParams = idParams.extend({ key: z.string() })

export const createFlowRunInput = route({
  id: 'createFlowRunInput',
  method: 'POST',
  path: '/flow_runs/:id/input',
  tag,
  summary: 'Hand a value to a flow run',
  params: idParams,
  body: embedded({ key: FlowRunInputKey, value: z.string(), sender: z.string().optional() }),
  responses: { 201: z.null() },
})

export const filterFlowRunInput = route({
  id: 'filterFlowRunInput',
  method: 'POST',
  path: '/flow_runs/:id/input/filter',
  tag,
  summary: 'List the values handed to a flow run under a key prefix, oldest first',
  params: idParams,
  body: embedded({
    prefix: z.string(),
    limit: Int.default(1),
    exclude_keys: z.array(z.string()).default(() => []),
  }),
  responses: { 200: z.array(FlowRunInput) },
})

export const readFlowRunInput = route({
  id: 'readFlowRunInput',
  method: 'GET',
  path: '/flow_runs/:id/input/:key',
  tag,
  summary: 'Read a value handed to a flow run, as it was sent',
  params: keyParams,
  responses: { 200: z.string() },
  produces: 'text/plain',
})

export const deleteFlowRunInput = route({
  id: 'deleteFlowRunInput',
  method: 'DELETE',
  path: '/flow_runs/:id/input/:key',
  tag,
  summary: 'Delete a value handed to a flow run',
  params: keyParams,
  responses: { 204: null },
})
