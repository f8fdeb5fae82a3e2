import { refuse } from '../answer.ts'

export const blockSchemaNotFound = () => refuse(404, 'Block schema not found')
