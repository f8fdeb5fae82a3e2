import { refuse } from '../answer.ts'

export const tagLimitNotFound = () => refuse(404, 'Concurrency limit not found')
