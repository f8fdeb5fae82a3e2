import { readCsrfToken as route } from '@reeve/schemas/routes/root'
import { refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

/** Browsers are kept out by CORS and by the Authorization header. Clients look for exactly this text. */
export const readCsrfToken = endpoint(route, async () => refuse(422, 'CSRF protection is disabled.'))
