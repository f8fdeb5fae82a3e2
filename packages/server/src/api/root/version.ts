import { readApiVersion as route } from '@reeve/schemas/routes/root'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

/** Of the API, not of the product. */
const API_VERSION = '0.8.4'

export const readApiVersion = endpoint(route, async () => ok(API_VERSION))
