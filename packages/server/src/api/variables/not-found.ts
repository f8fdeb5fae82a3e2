import { refuse } from '../answer.ts'

export const variableNotFound = () => refuse(404, 'Variable not found.')
