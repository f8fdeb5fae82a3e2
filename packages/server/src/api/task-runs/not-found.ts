import { refuse } from '../answer.ts'

export const taskRunNotFound = () => refuse(404, 'Task not found')
