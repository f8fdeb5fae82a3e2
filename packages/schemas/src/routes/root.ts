import { z } from 'zod'
import { CsrfToken } from '../csrf.ts'
import { route } from '../route.ts'
import { JsonRecord } from '../scalars.ts'

const tag = 'root'
const ReadyMessage = z.object({ message: z.string() })

export const readHealth = route({
  id: 'readHealth',
  method: 'GET',
  path: '/health',
  tag,
  summary: 'Tell that the server is up',
  responses: { 200: z.boolean() },
})

export const readReady = route({
  id: 'readReady',
  method: 'GET',
  path: '/ready',
  tag,
  summary: 'Tell whether the database answers',
  responses: { 200: ReadyMessage, 503: ReadyMessage },
})

export const readHello = route({
  id: 'readHello',
  method: 'GET',
  path: '/hello',
  tag,
  summary: 'Greet',
  responses: { 200: z.string() },
})

export const readApiVersion = route({
  id: 'readApiVersion',
  method: 'GET',
  path: '/version',
  tag,
  summary: 'Read the version of the API',
  responses: { 200: z.string() },
})

export const readCsrfToken = route({
  id: 'readCsrfToken',
  method: 'GET',
  path: '/csrf-token',
  tag,
  summary: 'Read a token for changing requests; 422 while the protection is off',
  query: z.object({ client: z.string() }),
  responses: { 200: CsrfToken },
})

export const readCollectionView = route({
  id: 'readCollectionView',
  method: 'GET',
  path: '/collections/views/:view',
  tag: 'collections',
  summary: 'Read a catalogue of known workers, blocks or flows',
  params: z.object({ view: z.string() }),
  responses: { 200: JsonRecord },
})
