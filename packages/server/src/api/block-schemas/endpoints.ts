import type { Endpoint } from '../endpoint.ts'
import { readBlockCapabilities } from './capabilities.ts'
import { createBlockSchema } from './create.ts'
import { deleteBlockSchema } from './delete.ts'
import { filterBlockSchemas } from './filter.ts'
import { readBlockSchemaByChecksum } from './read-by-checksum.ts'
import { readBlockSchema } from './read.ts'

export const BLOCK_SCHEMA_ENDPOINTS: readonly Endpoint[] = [
  createBlockSchema,
  readBlockSchema,
  readBlockSchemaByChecksum,
  filterBlockSchemas,
  deleteBlockSchema,
  readBlockCapabilities,
]
