import type { ModelContext } from '../context.ts'
import type { Session } from '../database/session.ts'
import type { BlockDocumentRecord } from './block-document-reading.ts'
import { secretFieldsOf } from './block-schemas.ts'
import { openTexts } from './blocks/secrets.ts'
import type { Labels } from './events.ts'
import { tellLifecycle } from './lifecycle-events.ts'
import type { LifecycleAction } from './lifecycle-events.ts'

/** Tells of a block without its secrets; of anonymous ones, nothing. */
export async function tellBlockDocument(
  session: Session,
  action: LifecycleAction,
  { id, name, data, block_type: type, block_schema: schema, is_anonymous }: BlockDocumentRecord,
  context: ModelContext,
): Promise<void> {
  if (is_anonymous) return
  const payload = {
    name,
    data: openTexts(data, secretFieldsOf(schema.fields)),
    block_schema: { capabilities: schema.capabilities, block_type: { id: type.id, name: type.name } },
  }
  const related: Labels[] = [
    {
      'prefect.resource.id': `prefect.block-type.${type.id}`,
      'prefect.resource.role': 'block-type',
      'prefect.resource.name': type.name,
    },
    {
      'prefect.resource.id': `prefect.block-schema.${schema.id}`,
      'prefect.resource.role': 'block-schema',
    },
  ]
  await tellLifecycle(session, { kind: 'block-document', action, id, name, payload, related }, context)
}
