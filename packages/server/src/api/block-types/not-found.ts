import { refuse } from '../answer.ts'

export const blockTypeNotFound = () => refuse(404, 'Block type not found')
