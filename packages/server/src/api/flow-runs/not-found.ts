import { refuse } from '../answer.ts'

export const flowRunNotFound = () => refuse(404, 'Flow run not found')
