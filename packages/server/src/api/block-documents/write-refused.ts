import type { WriteProblem } from '../../models/block-document-writing.ts'
import { refuse } from '../answer.ts'
import type { Answer } from '../answer.ts'
import { blockDocumentNotFound } from './not-found.ts'

/** Why a block was not stored. */
export function writeRefused(problem: WriteProblem): Answer {
  switch (problem.outcome) {
    case 'taken':
      return refuse(409, 'Block already exists')
    case 'unknown':
      return blockDocumentNotFound()
    case 'broken reference':
      return refuse(400, `Received block reference without a block_document_id in key ${problem.key}`)
    case 'lost reference':
      return refuse(409, `The block that the key ${problem.key} refers to does not exist.`)
    case 'circular':
      return refuse(400, 'A block cannot refer to itself, be it through others.')
    case 'other type':
      return refuse(400, 'Must migrate block document to a block schema of the same block type.')
  }
}
