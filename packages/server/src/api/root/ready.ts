import { readReady as route } from '@reeve/schemas/routes/root'
import { databaseAnswers } from '../../models/database-answers.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

export const readReady = endpoint(route, async ({ context }) => {
  const answers = await context.database.read(databaseAnswers).catch(() => false)
  return answers ? ok({ message: 'OK' }) : { status: 503, body: { message: 'Database is not available' } }
})
