import { openApiPath } from '@reeve/schemas/openapi'
import type { OpenApiDocument } from '@reeve/schemas/openapi'
import type { Route } from '@reeve/schemas/route'
import type { Chance } from '../helpers/chance.ts'
import { mutate } from './mutations.ts'
import type { Schema, Values } from './values.ts'

export interface FuzzRequest {
  route: Route
  method: string
  url: string
  headers: { [name: string]: string }
  payload: string | undefined
  /** False: nothing was spoilt, so that the answer may only complain of what the rows do not allow. */
  spoilt: boolean
}

interface Parameter {
  name: string
  in: 'path' | 'query'
  required: boolean
  schema: Schema
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']
const ODD_SEGMENTS = [
  '',
  '0',
  'not-a-uuid',
  '%00',
  '%',
  '%ff',
  'a%2Fb',
  'a b',
  '..',
  'x'.repeat(4000),
  '%ed%a0%80',
]
const TYPES = [
  'text/plain',
  'application/json; charset=utf-16',
  'multipart/form-data',
  'application/xml',
  '',
  'x',
]
const SPOILT = 0.6

/** Makes requests from the data of the routes. */
export class Requests {
  readonly #random: Chance
  readonly #values: Values
  readonly #routes: readonly Route[]
  readonly #document: OpenApiDocument

  constructor(random: Chance, values: Values, routes: readonly Route[], document: OpenApiDocument) {
    this.#random = random
    this.#values = values
    this.#routes = routes
    this.#document = document
  }

  next(): FuzzRequest {
    const random = this.#random
    const route = random.pick(this.#routes)
    const operation = this.#document.paths[openApiPath(route.path)]?.[route.method.toLowerCase()]
    const parameters = (operation?.parameters ?? []) as Parameter[]
    const schema = operation?.requestBody?.content['application/json']?.schema as Schema | undefined
    const spoilt = random.in(SPOILT)
    const body = schema && this.#values.of(schema)
    const payload =
      schema === undefined
        ? undefined
        : spoilt && random.in(0.8)
          ? mutate(body, random, this.#values)
          : JSON.stringify(body)
    return {
      route,
      method: spoilt && random.in(0.05) ? random.pick(METHODS) : route.method,
      url: this.#url(route, parameters, spoilt),
      headers: this.#headers(payload, spoilt),
      payload,
      spoilt,
    }
  }

  #url(route: Route, parameters: readonly Parameter[], spoilt: boolean): string {
    const random = this.#random
    const given = (place: Parameter['in']) => parameters.filter((parameter) => parameter.in === place)
    let path = `/api${route.path}`
    for (const { name, schema } of given('path')) {
      const value =
        spoilt && random.in(0.15) ? random.pick(ODD_SEGMENTS) : encoded(this.#values.of(schema, 0, route.tag))
      path = path.replace(`:${name}`, value)
    }
    const query = given('query')
      .filter(({ required }) => required || random.in(0.5))
      .map(
        ({ name, schema }) =>
          `${name}=${encoded(spoilt && random.in(0.3) ? this.#values.anything() : this.#values.of(schema))}`,
      )
    if (spoilt && random.in(0.05))
      query.push(random.pick(['=', '&&', 'a', '%', 'limit=1&limit=2', '__proto__=1']))
    if (spoilt && random.in(0.03))
      path = random.pick([`${path}/`, path.slice(0, -1), `${path}/x`, '/api', '/', '/api//'])
    return query.length > 0 ? `${path}?${query.join('&')}` : path
  }

  #headers(payload: string | undefined, spoilt: boolean): { [name: string]: string } {
    const random = this.#random
    const headers: { [name: string]: string } = {}
    if (payload !== undefined) headers['content-type'] = 'application/json'
    if (!spoilt) return headers
    if (random.in(0.05)) headers['content-type'] = random.pick(TYPES)
    if (random.in(0.05))
      headers['x-prefect-api-version'] = random.pick(['0.8.4', '0.7.0', 'x', '', '999.9.9'])
    if (random.in(0.1))
      headers['user-agent'] = random.pick(['prefect/2.20.25 (API 0.8.4)', 'prefect/', '\u00ff'])
    return headers
  }
}

function encoded(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return encodeURIComponent(text.toWellFormed())
}
