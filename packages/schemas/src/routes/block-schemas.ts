import { z } from 'zod'
import { BlockSchema, BlockSchemaCreate } from '../block-schema.ts'
import { embedded } from '../embedded.ts'
import { BlockSchemaFilter } from '../filters/block-filters.ts'
import { Limit, Offset } from '../pagination.ts'
import { route } from '../route.ts'
import { idParams } from './params.ts'

const tag = 'block-schemas'

export const createBlockSchema = route({
  id: 'createBlockSchema',
  method: 'POST',
  path: '/block_schemas/',
  tag,
  summary: 'Register a block schema, or read the one with this checksum',
  body: BlockSchemaCreate,
  responses: { 200: BlockSchema, 201: BlockSchema },
})

export const readBlockSchema = route({
  id: 'readBlockSchema',
  method: 'GET',
  path: '/block_schemas/:id',
  tag,
  summary: 'Read a block schema',
  params: idParams,
  responses: { 200: BlockSchema },
})

export const readBlockSchemaByChecksum = route({
  id: 'readBlockSchemaByChecksum',
  method: 'GET',
  path: '/block_schemas/checksum/:checksum',
  tag,
  summary: 'Read the newest block schema of a checksum',
  params: z.object({ checksum: z.string() }),
  query: z.object({ version: z.string().optional() }),
  responses: { 200: BlockSchema },
})

export const filterBlockSchemas = route({
  id: 'filterBlockSchemas',
  method: 'POST',
  path: '/block_schemas/filter',
  tag,
  summary: 'List block schemas, newest first',
  body: embedded({ block_schemas: BlockSchemaFilter.optional(), limit: Limit, offset: Offset }),
  bodyOptional: true,
  responses: { 200: z.array(BlockSchema) },
})

export const deleteBlockSchema = route({
  id: 'deleteBlockSchema',
  method: 'DELETE',
  path: '/block_schemas/:id',
  tag,
  summary: 'Delete a block schema',
  params: idParams,
  responses: { 204: null },
})

export const readBlockCapabilities = route({
  id: 'readBlockCapabilities',
  method: 'GET',
  path: '/block_capabilities/',
  tag: 'block-capabilities',
  summary: 'List the capabilities that block schemas claim',
  responses: { 200: z.array(z.string()) },
})
