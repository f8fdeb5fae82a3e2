import { refuse } from '../answer.ts'

export const savedSearchNotFound = () => refuse(404, 'Saved search not found')
