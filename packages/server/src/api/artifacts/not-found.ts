import { refuse } from '../answer.ts'

export const artifactNotFound = () => refuse(404, 'Artifact not found.')
