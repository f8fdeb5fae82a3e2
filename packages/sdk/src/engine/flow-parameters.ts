import type { JsonObject } from '@reeve/schemas/json'
import { decodeJson, encodeJson } from '../results/json-serializer.ts'
import { UnserializableError } from '../results/serializer.ts'
import type { FlowDefinition } from './flow-options.ts'
import { objectSchema } from './json-schema.ts'
import { namedArguments, parameterNames } from './parameter-names.ts'

/** True when the flow's one parameter is an object whose keys are the flow run's parameters. */
function takesObject(flow: FlowDefinition): boolean {
  return flow.options.parameters !== undefined || parameterNames(flow.fn).destructured
}

/** The call's arguments under the names by which the server keeps them. */
export function namedParameters(flow: FlowDefinition, args: readonly unknown[]): { [name: string]: unknown } {
  const [first] = args
  if (!takesObject(flow)) return namedArguments(flow.fn, args)
  return typeof first === 'object' && first !== null
    ? { ...first }
    : first === undefined
      ? {}
      : { value: first }
}

/** The arguments for a run whose parameters the server has: the reverse of `namedParameters`. */
export function argumentsFrom(
  flow: FlowDefinition,
  parameters: { readonly [name: string]: unknown },
): unknown[] {
  const values = decodeJson(parameters) as { [name: string]: unknown }
  if (takesObject(flow)) return [values]
  const { names, rest } = parameterNames(flow.fn)
  const more = rest === undefined ? [] : ((values[rest] as unknown[] | undefined) ?? [])
  return [...names.map((name) => values[name]), ...more]
}

/** JSON Schema of the flow run's parameters, for forms and checks; as open as what is known of the function. */
export function parametersSchema(flow: FlowDefinition): JsonObject {
  const { parameters } = flow.options
  if (parameters) return objectSchema(parameters).schema
  const { names, rest, destructured } = parameterNames(flow.fn)
  const known = destructured ? [] : [...names, ...(rest === undefined ? [] : [rest])]
  const properties = Object.fromEntries(known.map((name, position) => [name, { title: name, position }]))
  return { type: 'object', title: 'Parameters', properties }
}

/** As JSON; what has no JSON form is named instead, since it must not keep the flow from running. */
export function encodeParameters(parameters: { readonly [name: string]: unknown }): JsonObject {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, encodeOne(value)]),
  ) as JsonObject
}

function encodeOne(value: unknown): unknown {
  try {
    return encodeJson(value)
  } catch (error) {
    if (error instanceof UnserializableError) return `<${error.message.split(',')[0]}>`
    throw error
  }
}
