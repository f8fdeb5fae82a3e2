import { readHello as route } from '@reeve/schemas/routes/root'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const readHello = endpoint(route, async () => ok('👋'))
