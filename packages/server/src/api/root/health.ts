import { readHealth as route } from '@reeve/schemas/routes/root'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const readHealth = endpoint(route, async () => ok(true))
