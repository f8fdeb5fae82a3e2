import { readFlowRunGraphV2 as route } from '@reeve/schemas/routes/flow-runs'
import { readRunGraph } from '../../models/graph.ts'
import { exception, ok, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireGraph } from '../wire/graph.ts'

export const readFlowRunGraphV2 = endpoint(route, async ({ context, params: { id }, query }) => {
  const since = query.since ?? Number.MIN_SAFE_INTEGER
  const graph = await context.database.scan((session) => readRunGraph(session, id, since))
  if (!graph) return exception(404, `Flow run ${id} not found`)
  return 'most' in graph
    ? refuse(400, `The graph of flow run ${id} has more than ${graph.most} nodes`)
    : ok(wireGraph(graph))
})
