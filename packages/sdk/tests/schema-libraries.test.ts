import { type } from 'arktype'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { ParameterError } from '../src/engine/errors.ts'
import type { StandardSchema } from '../src/engine/standard-schema.ts'
import { flow } from '../src/flow.ts'
import { withFakeApi } from './helpers/fake-api.ts'

const SCHEMAS: { [library: string]: StandardSchema<any, { table: string; limit: number }> } = {
  zod: z.object({ table: z.string(), limit: z.number().default(10) }),
  valibot: v.object({ table: v.string(), limit: v.optional(v.number(), 10) }),
  arktype: type({ table: 'string', limit: 'number = 10' }) as never,
}

test.each(Object.keys(SCHEMAS))('a schema of %s checks and completes the parameters', (library) =>
  withFakeApi(async () => {
    const etl = flow(({ table, limit }) => `${table} ${limit}`, {
      name: 'etl',
      parameters: SCHEMAS[library]!,
    })
    expect(await etl({ table: 'orders' })).toBe('orders 10')
    const refused = etl({ table: 5 })
    await expect(refused).rejects.toThrow(ParameterError)
    await expect(refused).rejects.toThrow(/^Parameters of flow 'etl' are not valid: table: /)
  }),
)
