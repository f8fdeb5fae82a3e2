import type { z } from 'zod'
import { hookedObject } from './hooked-object.ts'

type Embedded<Shape extends z.ZodRawShape> = z.ZodType<
  z.output<z.ZodObject<Shape>>,
  OptionalOrNull<z.input<z.ZodObject<Shape>>>
>

type OptionalOrNull<Body> = {
  [Key in keyof Body]: undefined extends Body[Key] ? Body[Key] | null : Body[Key]
}

/**
 * The body of an operation that takes several named values. Here null means "not given": optional keys
 * take their defaults, required ones are missing. Keys that the operation does not know are ignored.
 */
export function embedded<Shape extends z.ZodRawShape>(shape: Shape): Embedded<Shape> {
  const object = hookedObject(shape, { before: withoutNulls, after: markMissing, document: admitNulls })
  return object as unknown as Embedded<Shape>
}

function withoutNulls(body: unknown): unknown {
  if (body === undefined || body === null) return {}
  if (typeof body !== 'object' || Array.isArray(body)) return body
  const given: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(body))
    if (value !== null && key !== '__proto__') given[key] = value
  return given
}

/** A null that counts as not given must not be told as a null of the wrong type. */
function markMissing(payload: z.core.ParsePayload, given: unknown): void {
  if (payload.issues.length === 0) return
  payload.issues = payload.issues.map((issue) => {
    const [key, ...rest] = issue.path ?? []
    if (key === undefined || rest.length > 0 || (given as Record<PropertyKey, unknown>)[key] !== undefined)
      return issue
    return {
      code: 'custom',
      path: [key],
      input: null,
      params: { type: 'missing_argument' },
      message: 'Field required',
    }
  })
}

function admitNulls({ properties = {}, required = [] }: z.core.JSONSchema.ObjectSchema): void {
  for (const [key, schema] of Object.entries(properties)) {
    if (required.includes(key)) continue
    const { default: value } = schema as z.core.JSONSchema.JSONSchema
    const nullable = { anyOf: [schema, { type: 'null' }], ...(value !== undefined && { default: value }) }
    properties[key] = nullable as typeof schema
  }
}
