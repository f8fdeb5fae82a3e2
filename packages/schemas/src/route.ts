import type { ZodType } from 'zod'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * One HTTP operation as data: the server registers it, the client calls it, OpenAPI is printed from it.
 * `path` is relative to the API mount, with parameters in colon form (`/flow_runs/:id`) and the trailing
 * slash exactly as the contract has it.
 */
export interface Route {
  /** The name by which handlers and clients know it: `createTaskRun`. */
  id: string
  method: Method
  path: string
  /** Heading in the OpenAPI document, and the folder of its handler: `task-runs`. */
  tag: string
  summary: string
  params?: ZodType
  query?: ZodType
  body?: ZodType
  /** True when the whole body may be left out. */
  bodyOptional?: boolean
  /** Status to schema; null is an answer without a body (204). Text answers name their media type. */
  responses: { [status: number]: ZodType | null }
  /** Media type of the success answer; `application/json` when absent. */
  produces?: string
  /** Ours, not the reference's: left out of the contract comparison. */
  extension?: boolean
}

export function route<const R extends Route>(definition: R): R {
  return definition
}
