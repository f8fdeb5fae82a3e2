import { readFlowRunGraphV1 as route } from '@reeve/schemas/routes/flow-runs'
import { readTaskRunDependencies } from '../../models/dependencies.ts'
import { readFlowRun } from '../../models/flow-runs.ts'
import { exception, ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { wireDependency } from '../wire/graph.ts'

export const readFlowRunGraphV1 = endpoint(route, async ({ context, now, params: { id } }) =>
  context.database.scan(async (session) => {
    if (!(await readFlowRun(session, id))) return exception(404, `Flow run with id ${id} not found`)
    const dependencies = await readTaskRunDependencies(session, id)
    return ok(dependencies.map((dependency) => wireDependency(dependency, now)))
  }),
)
