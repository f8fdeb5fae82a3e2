import { formatTimestamp } from '@reeve/schemas/time'
import type { BlockDocumentRecord, BlockReference } from '../../models/block-document-reading.ts'
import type { BlockSchemaRecord } from '../../models/block-schemas.ts'
import type { BlockTypeRow } from '../../models/block-types.ts'

export function wireBlockType(type: BlockTypeRow) {
  return {
    id: type.id,
    created: formatTimestamp(type.created),
    updated: formatTimestamp(type.updated),
    name: type.name,
    slug: type.slug,
    logo_url: type.logo_url,
    documentation_url: type.documentation_url,
    description: type.description,
    code_example: type.code_example,
    is_protected: type.is_protected,
  }
}

export function wireBlockSchema(schema: BlockSchemaRecord) {
  return {
    id: schema.id,
    created: formatTimestamp(schema.created),
    updated: formatTimestamp(schema.updated),
    checksum: schema.checksum,
    fields: schema.fields,
    block_type_id: schema.block_type_id,
    block_type: wireBlockType(schema.block_type),
    capabilities: schema.capabilities,
    version: schema.version,
  }
}

export function wireBlockDocument(document: BlockDocumentRecord) {
  return {
    id: document.id,
    created: formatTimestamp(document.created),
    updated: formatTimestamp(document.updated),
    name: document.name,
    data: document.data,
    block_schema_id: document.block_schema_id,
    block_schema: wireBlockSchema(document.block_schema),
    block_type_id: document.block_type_id,
    block_type_name: document.block_type.name,
    block_type: wireBlockType(document.block_type),
    block_document_references: wireReferences(document.references),
    is_anonymous: document.is_anonymous,
  }
}

type WireReferences = { [key: string]: { block_document: object } }

function wireReferences(references: { [key: string]: BlockReference }): WireReferences {
  const entries = Object.entries(references).map(
    ([key, { id, name, is_anonymous, block_type, references }]) => {
      const nested = { block_document_references: wireReferences(references) }
      const block_document = { id, name, block_type: wireBlockType(block_type), is_anonymous, ...nested }
      return [key, { block_document }] as const
    },
  )
  return Object.fromEntries(entries)
}
