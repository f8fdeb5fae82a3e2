import type {
  BlockDocumentFilter,
  BlockSchemaFilter,
  BlockTypeFilter,
} from '@reeve/schemas/filters/block-filters'
import { sql } from 'kysely'
import { containsAll } from '../../database/json-list.ts'
import type { Session } from '../../database/session.ts'
import { column } from './column.ts'
import { every } from './condition.ts'
import type { Condition } from './condition.ts'
import { filter } from './filter.ts'

const typeFilter = filter<BlockTypeFilter>({
  name: column('block_type.name'),
  slug: column('block_type.slug'),
})

const schemaFilter = filter<BlockSchemaFilter>({
  id: column('block_schema.id'),
  block_type_id: column('block_schema.block_type_id'),
  version: column('block_schema.version'),
  block_capabilities: (session, { all_ }) =>
    all_?.length ? [containsAll(session, 'block_schema.capabilities', all_)] : [],
})

const documentFilter = filter<BlockDocumentFilter>({
  id: column('block_document.id'),
  is_anonymous: column('block_document.is_anonymous'),
  block_type_id: column('block_document.block_type_id'),
  name: column('block_document.name'),
})

export interface BlockFilters {
  documents?: BlockDocumentFilter | undefined
  types?: BlockTypeFilter | undefined
  schemas?: BlockSchemaFilter | undefined
}

/** Which rows of `block_type`. */
export function blockTypeMatches(session: Session, { types, schemas }: BlockFilters): Condition {
  const conditions: Condition[] = []
  if (types) conditions.push(typeFilter(session, types))
  if (schemas) {
    const met = schemaFilter(session, schemas)
    conditions.push(
      sql`exists (select 1 from block_schema where block_schema.block_type_id = block_type.id and ${met})`,
    )
  }
  return every(conditions)
}

/** Which rows of `block_schema`. */
export function blockSchemaMatches(session: Session, { schemas }: BlockFilters): Condition {
  return every(schemas ? [schemaFilter(session, schemas)] : [])
}

/** Which rows of `block_document`: not the anonymous ones, unless the filter says so. */
export function blockDocumentMatches(
  session: Session,
  { documents = { operator: 'and_', is_anonymous: { eq_: false } }, types, schemas }: BlockFilters,
): Condition {
  const conditions: Condition[] = [documentFilter(session, documents)]
  if (types) {
    const met = typeFilter(session, types)
    conditions.push(sql`block_document.block_type_id in (select block_type.id from block_type where ${met})`)
  }
  if (schemas) {
    const met = schemaFilter(session, schemas)
    conditions.push(
      sql`block_document.block_schema_id in (select block_schema.id from block_schema where ${met})`,
    )
  }
  return every(conditions)
}
