import { refuse } from '../answer.ts'

export const flowNotFound = () => refuse(404, 'Flow not found')
