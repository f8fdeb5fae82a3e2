import { ArtifactCollectionFilter, ArtifactFilter } from '@reeve/schemas/filters/artifact-filter'
import { BlockDocumentFilter, BlockSchemaFilter, BlockTypeFilter } from '@reeve/schemas/filters/block-filters'
import { DeploymentFilter } from '@reeve/schemas/filters/deployment-filter'
import { FlowFilter } from '@reeve/schemas/filters/flow-filter'
import { FlowRunFilter } from '@reeve/schemas/filters/flow-run-filter'
import { LogFilter } from '@reeve/schemas/filters/log-filter'
import { TaskRunFilter } from '@reeve/schemas/filters/task-run-filter'
import { VariableFilter } from '@reeve/schemas/filters/variable-filter'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { DIALECTS, openTestDatabase } from '../../../tests/helpers/databases.ts'
import {
  anyId,
  criteria,
  flag,
  idsOf,
  like,
  nameAnyOrLike,
  operator,
  some,
  span,
  spanOrNull,
  tags,
} from '../../../tests/helpers/filter-arbitraries.ts'
import { makeWorld, storeWorld, VOCABULARY as V } from '../../../tests/helpers/filter-world.ts'
import * as oracle from '../../../tests/helpers/store-oracle.ts'
import type { GivenStoreFilters } from '../../../tests/helpers/store-oracle.ts'
import {
  ARTIFACT_TYPES,
  LEVELS,
  makeStoreWorld,
  storeStoreWorld,
  VERSIONS,
} from '../../../tests/helpers/store-world.ts'
import type { StoreWorld } from '../../../tests/helpers/store-world.ts'
import type { Database } from '../../database/database.ts'
import type { Session } from '../../database/session.ts'
import { artifactMatches, collectionMatches } from './artifact-filter.ts'
import { blockDocumentMatches, blockSchemaMatches, blockTypeMatches } from './block-filters.ts'
import type { Condition } from './condition.ts'
import { logFilter } from './log-filter.ts'
import { variableFilter } from './variable-filter.ts'

const runs = makeWorld()
const store = makeStoreWorld(runs)

type Keys = { [key: string]: fc.Arbitrary<unknown> }

const texts = some(...V.names)
const level = fc.constantFrom(...LEVELS)
const log = {
  operator,
  level: criteria({ ge_: level, le_: level }),
  timestamp: span,
  flow_run_id: anyId(runs.flow_run),
  task_run_id: criteria({ any_: idsOf(runs.task_run), is_null_: flag }),
  text: fc.record({ query: fc.constantFrom(...Object.keys(oracle.SEARCHES)) }),
}
const artifactKeys = {
  operator,
  key: criteria({ any_: texts, like_: like, exists_: flag }),
  flow_run_id: anyId(runs.flow_run),
  task_run_id: anyId(runs.task_run),
  type: criteria({ any_: some(...ARTIFACT_TYPES), not_any_: some(...ARTIFACT_TYPES) }),
}
const artifact = { ...artifactKeys, id: anyId(store.artifact) }
const collection = { ...artifactKeys, latest_id: anyId(store.artifact) }
const variable = {
  operator,
  id: anyId(store.variable),
  name: nameAnyOrLike,
  value: criteria({ any_: some(...V.names, '5', 'true'), like_: like }),
  tags: criteria({ operator, all_: tags, is_null_: flag }),
}
const blockType = { name: criteria({ like_: like }), slug: criteria({ any_: texts }) }
const blockSchema = {
  operator,
  id: anyId(store.block_schema),
  block_type_id: anyId(store.block_type),
  block_capabilities: criteria({ all_: tags }),
  version: criteria({ any_: some(...VERSIONS) }),
}
const blockDocument = {
  operator,
  id: anyId(store.block_document),
  is_anonymous: criteria({ eq_: flag }),
  block_type_id: anyId(store.block_type),
  name: criteria({ any_: some(...store.block_document.slice(0, 6).map(({ name }) => name)), like_: like }),
}
const joins = {
  flowRunFilter: {
    state: criteria({ type: criteria({ any_: some(...V.stateTypes) }) }),
    start_time: spanOrNull,
  },
  taskRunFilter: { name: nameAnyOrLike, subflow_runs: criteria({ exists_: flag }) },
  flowFilter: { name: nameAnyOrLike },
  deploymentFilter: { paused: criteria({ eq_: flag }) },
}

interface Noun {
  table: keyof StoreWorld
  keys: { [filter: string]: Keys }
  schemas: { [filter: string]: z.ZodType }
  condition: (session: Session, given: any) => Condition
  oracle: (store: StoreWorld, given: GivenStoreFilters, world: typeof runs) => string[]
}

const RUN_SCHEMAS = {
  flowRunFilter: FlowRunFilter,
  taskRunFilter: TaskRunFilter,
  flowFilter: FlowFilter,
  deploymentFilter: DeploymentFilter,
}
const NOUNS: Noun[] = [
  {
    table: 'log',
    keys: { own: log },
    schemas: { own: LogFilter },
    condition: (session, { own }) => logFilter(session, own ?? { operator: 'and_' }),
    oracle: oracle.logsThatMatch,
  },
  {
    table: 'artifact',
    keys: { own: artifact, ...joins },
    schemas: { own: ArtifactFilter, ...RUN_SCHEMAS },
    condition: artifactMatches,
    oracle: oracle.artifactsThatMatch,
  },
  {
    table: 'artifact_collection',
    keys: { own: collection, ...joins },
    schemas: { own: ArtifactCollectionFilter, ...RUN_SCHEMAS },
    condition: collectionMatches,
    oracle: oracle.collectionsThatMatch,
  },
  {
    table: 'variable',
    keys: { own: variable },
    schemas: { own: VariableFilter },
    condition: (session, { own }) => variableFilter(session, own ?? { operator: 'and_' }),
    oracle: oracle.variablesThatMatch,
  },
  {
    table: 'block_type',
    keys: { own: blockType, schemas: blockSchema },
    schemas: { own: BlockTypeFilter, schemas: BlockSchemaFilter },
    condition: (session, { own, ...rest }) => blockTypeMatches(session, { types: own, ...rest }),
    oracle: oracle.blockTypesThatMatch,
  },
  {
    table: 'block_schema',
    keys: { own: blockSchema },
    schemas: { own: BlockSchemaFilter },
    condition: (session, { own }) => blockSchemaMatches(session, { schemas: own }),
    oracle: oracle.blockSchemasThatMatch,
  },
  {
    table: 'block_document',
    keys: { own: blockDocument, types: blockType, schemas: blockSchema },
    schemas: { own: BlockDocumentFilter, types: BlockTypeFilter, schemas: BlockSchemaFilter },
    condition: (session, { own, ...rest }) => blockDocumentMatches(session, { documents: own, ...rest }),
    oracle: oracle.blockDocumentsThatMatch,
  },
]

/** One key of one filter, or several filters with several keys. */
function filtersOf({ keys }: Noun) {
  const single = Object.entries(keys).flatMap(([filter, members]) =>
    Object.entries(members).map(([key, value]) =>
      fc.record({ [filter]: fc.record({ [key]: value }) as fc.Arbitrary<object> }),
    ),
  )
  const whole = Object.fromEntries(
    Object.entries(keys).map(([filter, members]) => [filter, criteria(members)]),
  )
  return fc.oneof(fc.oneof(...single), fc.record(whole, { requiredKeys: [] }))
}

describe.each(DIALECTS)('filters on %s', (dialect) => {
  let database: Database
  beforeAll(async () => {
    database = await openTestDatabase(dialect)
    await storeWorld(database, runs)
    await storeStoreWorld(database, store)
  })
  afterAll(() => database.close())

  test.each(NOUNS)('any filter of $table finds exactly the rows that meet it', async (noun) => {
    await fc.assert(
      fc.asyncProperty(filtersOf(noun), async (given) => {
        const parsed = Object.fromEntries(
          Object.entries(given).map(([key, filter]) => [key, noun.schemas[key]?.parse(filter)]),
        )
        const rows = await database.read((session) =>
          session.all<{ id: string }>(
            session.build
              .selectFrom(noun.table as 'log')
              .select('id')
              .where(noun.condition(session, parsed)),
          ),
        )
        expect(rows.map(({ id }) => id).sort()).toEqual(noun.oracle(store, given, runs))
      }),
      { numRuns: 400 },
    )
  })

  test.each(NOUNS)('every field that the schemas of $table have is tried', ({ keys, schemas }) => {
    for (const [filter, schema] of Object.entries(schemas)) {
      if (filter.endsWith('Filter')) continue
      const fields = Object.keys((schema as z.ZodObject).shape)
      expect(Object.keys(keys[filter] ?? {}).toSorted()).toEqual(fields.toSorted())
    }
  })
})
