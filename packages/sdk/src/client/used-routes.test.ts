import type { Route } from '@reeve/schemas/route'
import { expect, test } from 'vitest'
import { allRoutes } from './routes.ts'
import * as used from './used-routes.ts'

test.each(Object.entries(used))('%s is the route of that name', (name, light) => {
  const { id, method, path, produces } = allRoutes[name as keyof typeof allRoutes] as Route
  expect({ ...light, responses: undefined }).toEqual({ id, method, path, ...(produces && { produces }) })
})
