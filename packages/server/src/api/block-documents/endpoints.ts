import type { Endpoint } from '../endpoint.ts'
import { countBlockDocuments } from './count.ts'
import { createBlockDocument } from './create.ts'
import { deleteBlockDocument } from './delete.ts'
import { filterBlockDocuments } from './filter.ts'
import { readBlockDocument } from './read.ts'
import { updateBlockDocument } from './update.ts'

export const BLOCK_DOCUMENT_ENDPOINTS: readonly Endpoint[] = [
  createBlockDocument,
  readBlockDocument,
  filterBlockDocuments,
  countBlockDocuments,
  updateBlockDocument,
  deleteBlockDocument,
]
