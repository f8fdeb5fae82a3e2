import { refuse } from '../answer.ts'

export const limitNotFound = () => refuse(404, 'Concurrency Limit not found')
