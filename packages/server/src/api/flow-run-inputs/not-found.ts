import { refuse } from '../answer.ts'

export const flowRunInputNotFound = () => refuse(404, 'Flow run input not found')
