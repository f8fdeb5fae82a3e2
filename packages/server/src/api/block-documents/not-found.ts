import { refuse } from '../answer.ts'

export const blockDocumentNotFound = () => refuse(404, 'Block document not found')
