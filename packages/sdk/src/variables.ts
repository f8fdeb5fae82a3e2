import type { Json } from '@reeve/schemas/json'
import {
  createVariable,
  deleteVariableByName,
  readVariableByName,
  updateVariableByName,
} from './client/used-routes.ts'
import { isNotFound } from './client/api-error.ts'
import { describeIssues, type SchemaOutput, type StandardSchema, validate } from './engine/standard-schema.ts'
import { usingRuntime } from './engine/using-runtime.ts'
import { checkJson } from './json-value.ts'

export interface SetVariableOptions {
  tags?: readonly string[]
  /** Replaces the value of a variable that exists; without it, that is an error. */
  overwrite?: boolean
}

export interface GetVariableOptions {
  /** The answer when there is no such variable. */
  default?: Json
}

/**
 * Named values that live on the server, up to 5000 characters of JSON each. Not for secrets.
 * @example const region = await variable.get('region', z.enum(['eu', 'us']), { default: 'eu' })
 */
export const variable = { get, set, unset }

/** The value, checked by a schema when one is given; undefined or the default when there is none. */
function get<S extends StandardSchema<any, any>>(
  name: string,
  schema: S,
): Promise<SchemaOutput<S> | undefined>
function get<S extends StandardSchema<any, any>>(
  name: string,
  schema: S,
  options: { default: SchemaOutput<S> },
): Promise<SchemaOutput<S>>
function get(name: string, options?: GetVariableOptions): Promise<Json | undefined>
async function get(name: string, ...rest: unknown[]): Promise<unknown> {
  const schema = rest.find((one) => typeof one === 'object' && one !== null && '~standard' in one)
  const options = rest.find((one) => one !== schema) as { default?: unknown } | undefined
  const value = await read(name)
  if (value === undefined) return options?.default
  if (!schema) return value
  const result = await validate(schema as StandardSchema, value)
  if ('value' in result) return result.value
  throw new TypeError(`The variable '${name}' does not fit its schema: ${describeIssues(result.issues)}`)
}

function read(name: string): Promise<Json | undefined> {
  return usingRuntime(async ({ api }) => {
    try {
      return (await api.call(readVariableByName, { params: { name } })).value
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  })
}

async function set(
  name: string,
  value: Json,
  { tags = [], overwrite = false }: SetVariableOptions = {},
): Promise<void> {
  checkJson(`The value of variable '${name}'`, value)
  await usingRuntime(async ({ api }) => {
    const body = { value, tags: [...tags] }
    if (overwrite) {
      try {
        await api.call(updateVariableByName, { params: { name }, body })
        return
      } catch (error) {
        if (!isNotFound(error)) throw error
      }
    }
    await api.call(createVariable, { body: { name, ...body } })
  })
}

/** True if there was one. */
function unset(name: string): Promise<boolean> {
  return usingRuntime(async ({ api }) => {
    try {
      await api.call(deleteVariableByName, { params: { name } })
      return true
    } catch (error) {
      if (isNotFound(error)) return false
      throw error
    }
  })
}
