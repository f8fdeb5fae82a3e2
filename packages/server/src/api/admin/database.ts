import { clearDatabase as clearRoute } from '@reeve/schemas/routes/admin'
import { createDatabase as createRoute, dropDatabase as dropRoute } from '@reeve/schemas/routes/admin'
import { clearDatabase as clear } from '../../models/clear-database.ts'
import { noContent, refuse } from '../answer.ts'
import type { Answer } from '../answer.ts'
import type { Call } from '../endpoint.ts'
import { endpoint } from '../endpoint.ts'

const UNCONFIRMED: Answer = { status: 400, body: undefined }

export const clearDatabase = endpoint(clearRoute, (call) => confirmed(call, emptied))

/** A server never runs without its tables, so they are emptied: none of what they held is left. */
export const dropDatabase = endpoint(dropRoute, (call) => confirmed(call, emptied))

/** The tables are there since the server started. */
export const createDatabase = endpoint(createRoute, (call) => confirmed(call, async () => {}))

type DatabaseCall = Call<typeof clearRoute | typeof dropRoute | typeof createRoute>

async function emptied({ context }: DatabaseCall): Promise<void> {
  await context.database.write(clear)
}

/** Prefect 3 has no such routes any more. */
async function confirmed(call: DatabaseCall, work: (call: DatabaseCall) => Promise<void>): Promise<Answer> {
  if (call.client.generation !== '2.20') return refuse(404, 'Not Found')
  if (!call.body.confirm) return UNCONFIRMED
  await work(call)
  return noContent()
}
