import { insertRows } from '../../src/database/bulk.ts'
import type { Database } from '../../src/database/database.ts'
import type { Row } from '../../src/database/tables.ts'
import { VOCABULARY } from './filter-world.ts'
import type { World } from './filter-world.ts'
import { filledRow } from './run-rows.ts'
import { seededRandom } from './test-context.ts'

/** What runs leave behind and what they are configured with: the nouns beside runs that have filters. */
export interface StoreWorld {
  log: Row<'log'>[]
  artifact: Row<'artifact'>[]
  artifact_collection: Row<'artifact_collection'>[]
  variable: Row<'variable'>[]
  block_type: Row<'block_type'>[]
  block_schema: Row<'block_schema'>[]
  block_document: Row<'block_document'>[]
}

export const LEVELS = [10, 20, 40]
export const VERSIONS = ['1.0', '2.0', 'non-versioned']
export const ARTIFACT_TYPES = ['table', 'result', 'markdown']
const MESSAGES = ['alpha beta', 'ALPHA gamma', 'a % b', 'beta "quoted" one', '-alpha', 'nothing']

/** The same rows each time, about the runs of `world` and about runs that are gone. */
export function makeStoreWorld({ flow_run, task_run }: World): StoreWorld {
  const random = seededRandom(11)
  const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)] as T
  const maybe = <T>(items: readonly T[]) => (random() < 0.3 ? null : pick(items))
  const tags = () => (random() < 0.3 ? [] : [pick(VOCABULARY.tags), pick(VOCABULARY.tags)])
  const many = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => make(index))
  const runIds = () => ({
    flow_run_id: random() < 0.1 ? VOCABULARY.unknownId : (maybe(flow_run.slice(0, 12))?.id ?? null),
    task_run_id: random() < 0.1 ? VOCABULARY.unknownId : (maybe(task_run.slice(0, 12))?.id ?? null),
  })

  const log = many(60, () =>
    filledRow('log', {
      name: pick(VOCABULARY.names),
      message: pick(MESSAGES),
      level: pick(LEVELS),
      timestamp: pick(VOCABULARY.instants),
      ...runIds(),
    }),
  )
  const made = () => ({ type: maybe(ARTIFACT_TYPES), ...runIds() })
  const artifact = many(50, () => filledRow('artifact', { key: maybe(VOCABULARY.names), ...made() }))
  const artifact_collection = VOCABULARY.names.map((key, index) =>
    filledRow('artifact_collection', { key, latest_id: artifact[index]?.id as string, ...made() }),
  )
  const variable = VOCABULARY.names.map((name) =>
    filledRow('variable', { name, value: pick([...VOCABULARY.names, 5, true, null, 'alp']), tags: tags() }),
  )
  const block_type = VOCABULARY.names
    .slice(0, 4)
    .map((name, index) => filledRow('block_type', { name, slug: VOCABULARY.names[index + 1] as string }))
  const block_schema = many(9, (index) =>
    filledRow('block_schema', {
      checksum: `sha256:${index}`,
      version: pick(VERSIONS),
      capabilities: tags(),
      block_type_id: pick(block_type.slice(0, 3)).id,
    }),
  )
  const names = block_schema.flatMap((schema) =>
    VOCABULARY.names.slice(0, 3).map((name) => ({ schema, name })),
  )
  const block_document = names.map(({ schema, name }, index) =>
    filledRow('block_document', {
      name: `${name}${index}`,
      is_anonymous: random() < 0.4,
      block_type_id: schema.block_type_id,
      block_schema_id: schema.id,
    }),
  )
  return { log, artifact, artifact_collection, variable, block_type, block_schema, block_document }
}

export async function storeStoreWorld(database: Database, world: StoreWorld): Promise<void> {
  await database.write(async (session) => {
    for (const [table, rows] of Object.entries(world)) {
      await insertRows(session, table as keyof StoreWorld, rows)
    }
  })
}
