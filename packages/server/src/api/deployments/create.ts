import { createDeployment as route } from '@reeve/schemas/routes/deployments'
import { readConcurrencyLimit } from '../../models/concurrency-limits.ts'
import { saveDeployment } from '../../models/deployments.ts'
import { refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { invalidValue } from '../errors.ts'
import { parametersTooLarge } from '../parameters-size.ts'
import { wireDeployment } from '../wire/deployment.ts'

const NAME = /^[^/%&><]*$/

export const createDeployment = endpoint(route, async ({ context, client, body: given }) => {
  const body = client.generation === '2.20' ? asOfPrefect2(given) : withWholeSchema(given)
  const complaint = complaintAbout(body, context.settings.max_parameter_bytes)
  if (complaint) return complaint
  return context.database.write(async (session) => {
    const shared = body.global_concurrency_limit_id
    if (shared && !(await readConcurrencyLimit(session, { id: shared }, context))) {
      return refuse(404, 'Concurrency limit not found')
    }
    const { deployment, created } = await saveDeployment(session, body, context)
    return { status: created ? 201 : 200, body: wireDeployment(deployment) }
  })
})

type Body = Parameters<typeof saveDeployment>[1]

/** A Prefect 2 server enforces no schema unless told to. */
function asOfPrefect2(given: Body): Body {
  return { enforce_parameter_schema: false, ...given }
}

/** An empty schema that is given is printed as that of no parameters; one that is left out stays empty. */
function withWholeSchema(given: Body): Body {
  const { parameter_openapi_schema: schema } = given
  if (!schema || Object.keys(schema).length > 0) return given
  return { ...given, parameter_openapi_schema: { type: 'object', properties: {} } }
}

function complaintAbout(body: Body, mostBytes: number) {
  if (!NAME.test(body.name)) {
    return invalidValue(['body', 'name'], 'A name contains none of / % & > <.', body)
  }
  if (body.concurrency_limit && body.global_concurrency_limit_id) {
    return invalidValue(
      ['body'],
      'A deployment cannot have both a concurrency limit and a global concurrency limit.',
      body,
    )
  }
  // Refused rather than dropped: whoever deploys with them would wait for runs that never come.
  if (body.schedule || (body.schedules ?? []).length > 0) {
    return invalidValue(['body', 'schedules'], 'This server does not run schedules yet.', body)
  }
  if (body.work_pool_name) return refuse(404, `Work pool "${body.work_pool_name}" not found.`)
  if (body.work_queue_name) {
    return invalidValue(['body', 'work_queue_name'], 'This server has no work queues yet.', body)
  }
  return parametersTooLarge(body.parameters, mostBytes, body)
}
