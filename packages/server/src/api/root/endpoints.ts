import type { Endpoint } from '../endpoint.ts'
import { readCsrfToken } from './csrf-token.ts'
import { readHealth } from './health.ts'
import { readHello } from './hello.ts'
import { readReady } from './ready.ts'
import { readApiVersion } from './version.ts'

export const ROOT_ENDPOINTS: readonly Endpoint[] = [
  readHealth,
  readReady,
  readHello,
  readApiVersion,
  readCsrfToken,
]
