import { refuse } from '../answer.ts'

export const policyNotFound = () => refuse(404, 'flow run notification policy not found')
