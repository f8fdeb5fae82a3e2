import { z } from 'zod'
import { BlockDocument, BlockDocumentCreate, BlockDocumentUpdate } from '../block-document.ts'
import { embedded } from '../embedded.ts'
import { BlockDocumentFilter, BlockSchemaFilter, BlockTypeFilter } from '../filters/block-filters.ts'
import { Limit, Offset } from '../pagination.ts'
import { route } from '../route.ts'
import { Bool } from '../scalars.ts'
import { BlockDocumentSort } from '../sorts.ts'
import { IncludeSecrets, idParams } from './params.ts'

const tag = 'block-documents'
const filters = {
  block_documents: BlockDocumentFilter.optional(),
  block_types: BlockTypeFilter.optional(),
  block_schemas: BlockSchemaFilter.optional(),
}

export const createBlockDocument = route({
  id: 'createBlockDocument',
  method: 'POST',
  path: '/block_documents/',
  tag,
  summary: 'Store a block',
  body: BlockDocumentCreate,
  responses: { 201: BlockDocument },
})

export const readBlockDocument = route({
  id: 'readBlockDocument',
  method: 'GET',
  path: '/block_documents/:id',
  tag,
  summary: 'Read a block',
  params: idParams,
  query: IncludeSecrets,
  responses: { 200: BlockDocument },
})

export const filterBlockDocuments = route({
  id: 'filterBlockDocuments',
  method: 'POST',
  path: '/block_documents/filter',
  tag,
  summary: 'List blocks',
  body: embedded({
    ...filters,
    include_secrets: Bool.default(false),
    sort: BlockDocumentSort.default('NAME_ASC'),
    limit: Limit,
    offset: Offset,
  }),
  bodyOptional: true,
  responses: { 200: z.array(BlockDocument) },
})

export const countBlockDocuments = route({
  id: 'countBlockDocuments',
  method: 'POST',
  path: '/block_documents/count',
  tag,
  summary: 'Count blocks',
  body: embedded(filters),
  bodyOptional: true,
  responses: { 200: z.int() },
})

export const updateBlockDocument = route({
  id: 'updateBlockDocument',
  method: 'PATCH',
  path: '/block_documents/:id',
  tag,
  summary: 'Change a block',
  params: idParams,
  body: BlockDocumentUpdate,
  responses: { 204: null },
})

export const deleteBlockDocument = route({
  id: 'deleteBlockDocument',
  method: 'DELETE',
  path: '/block_documents/:id',
  tag,
  summary: 'Delete a block',
  params: idParams,
  responses: { 204: null },
})
