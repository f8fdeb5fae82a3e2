import type { Endpoint } from '../endpoint.ts'
import { createBlockType } from './create.ts'
import { deleteBlockType } from './delete.ts'
import { filterBlockTypes } from './filter.ts'
import { installSystemBlockTypes } from './install-system.ts'
import { readBlockDocumentByName } from './read-document-by-name.ts'
import { readBlockDocumentsForBlockType } from './read-documents.ts'
import { readBlockType, readBlockTypeBySlug } from './read.ts'
import { updateBlockType } from './update.ts'

export const BLOCK_TYPE_ENDPOINTS: readonly Endpoint[] = [
  createBlockType,
  readBlockType,
  readBlockTypeBySlug,
  filterBlockTypes,
  updateBlockType,
  deleteBlockType,
  readBlockDocumentsForBlockType,
  readBlockDocumentByName,
  installSystemBlockTypes,
]
