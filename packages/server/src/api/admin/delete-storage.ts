import { deleteDefaultResultStorage as route } from '@reeve/schemas/routes/admin'
import { clearDefaultStorage } from '../../models/default-storage.ts'
import { noContent } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const deleteDefaultResultStorage = endpoint(route, async ({ context }) => {
  await context.database.write(clearDefaultStorage)
  return noContent()
})
