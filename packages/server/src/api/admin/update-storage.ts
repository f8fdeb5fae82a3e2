import { updateDefaultResultStorage as route } from '@reeve/schemas/routes/admin'
import { chooseDefaultStorage } from '../../models/default-storage.ts'
import { ok, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const updateDefaultResultStorage = endpoint(route, async ({ context, body }) => {
  const { default_result_storage_block_id: id } = body
  const outcome = await context.database.write((session) => chooseDefaultStorage(session, id, context))
  switch (outcome) {
    case 'chosen':
      return ok({ default_result_storage_block_id: id })
    case 'unknown block':
      return refuse(404, `Block document ${id} not found.`)
    case 'cannot be written':
      return refuse(422, `Results cannot be written to the block document ${id}.`)
  }
})
