import { z } from 'zod'
import { ValidationProblem } from './problems.ts'
import type { Route } from './route.ts'

type Schema = z.core.JSONSchema.BaseSchema

export interface OpenApiDocument {
  openapi: '3.1.0'
  info: { title: string; version: string }
  paths: { [path: string]: { [method: string]: Operation } }
  components: { schemas: { [name: string]: Schema } }
}

interface Operation {
  operationId: string
  summary: string
  tags: string[]
  parameters?: Parameter[]
  requestBody?: { required: boolean; content: Content }
  responses: { [status: string]: { description: string; content?: Content } }
}

interface Parameter {
  name: string
  in: 'path' | 'query'
  required: boolean
  schema: Schema
}

type Content = { [mediaType: string]: { schema: Schema } }

const JSON_TYPE = 'application/json'

/** The OpenAPI 3.1 document of a list of routes. Schemas that carry an id become components. */
export function openApiDocument(
  routes: readonly Route[],
  info: { title: string; version: string },
): OpenApiDocument {
  const { jsonOf, components } = convert([...new Set(routes.flatMap(schemasOf)), ValidationProblem])
  const paths: OpenApiDocument['paths'] = {}
  for (const route of routes) {
    const operations = (paths[openApiPath(route.path)] ??= {})
    operations[route.method.toLowerCase()] = operation(route, jsonOf)
  }
  return { openapi: '3.1.0', info, paths, components: { schemas: components } }
}

/** `/flows/:id` becomes `/flows/{id}`. */
export function openApiPath(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}')
}

function schemasOf({ params, query, body, responses }: Route): z.ZodType[] {
  return [params, query, body, ...Object.values(responses)].filter(
    (schema) => schema !== undefined && schema !== null,
  )
}

/** One pass over all schemas, as members of one tuple, so that the components are shared. */
function convert(schemas: readonly z.ZodType[]) {
  const tuple = z.toJSONSchema(z.tuple(schemas as [z.ZodType]), {
    // Requests: what may be sent. Answers carry no conversions, so their two sides differ in nothing that shows.
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
      delete jsonSchema.id
    },
  })
  const { prefixItems, $defs } = JSON.parse(
    JSON.stringify(tuple).replaceAll('"#/$defs/', '"#/components/schemas/'),
  ) as { prefixItems: Schema[]; $defs: { [name: string]: Schema } }
  const converted = new Map(schemas.map((schema, index) => [schema, prefixItems[index]!]))
  return { jsonOf: (schema: z.ZodType) => converted.get(schema)!, components: $defs }
}

function operation(route: Route, jsonOf: (schema: z.ZodType) => Schema): Operation {
  const { id, summary, tag, params, query, body } = route
  const parameters = [...parametersOf('path', params, jsonOf), ...parametersOf('query', query, jsonOf)]
  const takesInput = parameters.length > 0 || body !== undefined
  const responses: Operation['responses'] = {}
  for (const [status, schema] of Object.entries(route.responses)) {
    const content = schema && { [route.produces ?? JSON_TYPE]: { schema: jsonOf(schema) } }
    responses[status] = {
      description: Number(status) < 400 ? 'Done' : 'Not done',
      ...(content && { content }),
    }
  }
  if (takesInput)
    responses['422'] = {
      description: 'The request does not fit its schema',
      content: { [JSON_TYPE]: { schema: jsonOf(ValidationProblem) } },
    }
  return {
    operationId: id,
    summary,
    tags: [tag],
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { required: !route.bodyOptional, content: { [JSON_TYPE]: { schema: jsonOf(body) } } },
    }),
    responses,
  }
}

function parametersOf(
  where: Parameter['in'],
  schema: z.ZodType | undefined,
  jsonOf: (schema: z.ZodType) => Schema,
): Parameter[] {
  if (!schema) return []
  const { properties = {}, required = [] } = jsonOf(schema)
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: property as Schema,
  }))
}
