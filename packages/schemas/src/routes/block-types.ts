import { z } from 'zod'
import { BlockDocument } from '../block-document.ts'
import { BlockType, BlockTypeCreate, BlockTypeUpdate } from '../block-type.ts'
import { embedded } from '../embedded.ts'
import { BlockSchemaFilter, BlockTypeFilter } from '../filters/block-filters.ts'
import { Limit, Offset } from '../pagination.ts'
import { route } from '../route.ts'
import { IncludeSecrets, idParams } from './params.ts'

const tag = 'block-types'
const slugParams = z.object({ slug: z.string() })

export const createBlockType = route({
  id: 'createBlockType',
  method: 'POST',
  path: '/block_types/',
  tag,
  summary: 'Register a block type',
  body: BlockTypeCreate,
  responses: { 201: BlockType },
})

export const readBlockType = route({
  id: 'readBlockType',
  method: 'GET',
  path: '/block_types/:id',
  tag,
  summary: 'Read a block type',
  params: idParams,
  responses: { 200: BlockType },
})

export const readBlockTypeBySlug = route({
  id: 'readBlockTypeBySlug',
  method: 'GET',
  path: '/block_types/slug/:slug',
  tag,
  summary: 'Read a block type by its slug',
  params: slugParams,
  responses: { 200: BlockType },
})

export const filterBlockTypes = route({
  id: 'filterBlockTypes',
  method: 'POST',
  path: '/block_types/filter',
  tag,
  summary: 'List block types by name',
  body: embedded({
    block_types: BlockTypeFilter.optional(),
    block_schemas: BlockSchemaFilter.optional(),
    limit: Limit,
    offset: Offset,
  }),
  bodyOptional: true,
  responses: { 200: z.array(BlockType) },
})

export const updateBlockType = route({
  id: 'updateBlockType',
  method: 'PATCH',
  path: '/block_types/:id',
  tag,
  summary: 'Change the texts of a block type',
  params: idParams,
  body: BlockTypeUpdate,
  responses: { 204: null },
})

export const deleteBlockType = route({
  id: 'deleteBlockType',
  method: 'DELETE',
  path: '/block_types/:id',
  tag,
  summary: 'Delete a block type with its schemas and blocks',
  params: idParams,
  responses: { 204: null },
})

export const readBlockDocumentsForBlockType = route({
  id: 'readBlockDocumentsForBlockType',
  method: 'GET',
  path: '/block_types/slug/:slug/block_documents',
  tag,
  summary: 'List the blocks of a type',
  params: slugParams,
  query: IncludeSecrets,
  responses: { 200: z.array(BlockDocument) },
})

export const readBlockDocumentByName = route({
  id: 'readBlockDocumentByName',
  method: 'GET',
  path: '/block_types/slug/:slug/block_documents/name/:block_document_name',
  tag,
  summary: 'Read a block by its type and name',
  params: slugParams.extend({ block_document_name: z.string() }),
  query: IncludeSecrets,
  responses: { 200: BlockDocument },
})

export const installSystemBlockTypes = route({
  id: 'installSystemBlockTypes',
  method: 'POST',
  path: '/block_types/install_system_block_types',
  tag,
  summary: 'Register the block types that come with the server',
  responses: { 200: z.null() },
})
