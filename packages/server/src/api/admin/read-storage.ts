import { readDefaultResultStorage as route } from '@reeve/schemas/routes/admin'
import { readDefaultStorage } from '../../models/default-storage.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const readDefaultResultStorage = endpoint(route, async ({ context }) =>
  ok({ default_result_storage_block_id: await context.database.read(readDefaultStorage) }),
)
