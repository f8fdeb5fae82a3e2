import { flowRunsThatMatch, taskRunsThatMatch } from './filter-oracle.ts'
import type { GivenFilters } from './filter-oracle.ts'
import {
  absent,
  contains,
  isNull,
  join,
  list,
  name,
  oneOf,
  tagged,
  whole,
  within,
} from './filter-verdicts.ts'
import type { Criteria, Verdict } from './filter-verdicts.ts'
import type { World } from './filter-world.ts'
import type { StoreWorld } from './store-world.ts'

/** Searches, read by hand. */
export const SEARCHES: { [query: string]: { include?: string[]; exclude?: string[]; required?: string[] } } =
  {
    '': {},
    '  ': {},
    'alpha gone': { include: ['alpha', 'gone'] },
    '-alpha': { exclude: ['alpha'] },
    'beta !gamma': { include: ['beta'], exclude: ['gamma'] },
    '+alpha +beta one': { include: ['one'], required: ['alpha', 'beta'] },
    '"a % b" %': { include: ['a % b', '%'] },
    '--alpha': { exclude: ['-alpha'] },
    'BETA"one': { include: ['beta', 'one'] },
  }

/** The three groups of a search: each is a criterion of its own in a filter that joins by `or_`. */
function found(query: string, text: string): Verdict[] {
  const has = (word: string) => text.toLowerCase().includes(word)
  const { include, exclude, required } = SEARCHES[query] ?? {}
  return [include?.some(has), exclude && !exclude.some(has), required?.every(has)]
}

const ids = (rows: { id: string }[]) => rows.map(({ id }) => id).sort()

export interface GivenStoreFilters extends GivenFilters {
  own?: Criteria
  types?: Criteria
  schemas?: Criteria
}

export function logsThatMatch({ log }: StoreWorld, { own = {} }: GivenStoreFilters): string[] {
  return ids(
    log.filter((row) => {
      const { text, ...rest } = own
      const searched = text ? found(text.query, `${row.message} ${row.name}`) : []
      const members: { [key: string]: (criterion: Criteria) => Verdict } = {
        level: ({ ge_, le_ }) =>
          join({}, [absent(ge_) ? undefined : row.level >= ge_, absent(le_) ? undefined : row.level <= le_]),
        timestamp: (c) => within(c, row.timestamp),
        flow_run_id: list(row.flow_run_id),
        task_run_id: (c) =>
          join(c, [oneOf(c['any_'], row.task_run_id), isNull(c['is_null_'], row.task_run_id)]),
      }
      searched.forEach((verdict, index) => {
        if (verdict !== undefined) members[`search ${index}`] = () => verdict
      })
      const given = { ...rest, ...Object.fromEntries(searched.map((_, index) => [`search ${index}`, {}])) }
      return whole(given, members)
    }),
  )
}

type ArtifactLike = StoreWorld['artifact'][number] | StoreWorld['artifact_collection'][number]

function artifactsAmong(runs: World, rows: ArtifactLike[], given: GivenStoreFilters): string[] {
  const { own, taskRunFilter, ...rest } = given
  const flowRuns = Object.values(rest).some(Boolean) ? flowRunsThatMatch(runs, rest) : undefined
  const taskRuns = taskRunFilter && taskRunsThatMatch(runs, { taskRunFilter })
  return ids(
    rows.filter(
      (row) =>
        whole(own ?? {}, {
          id: list(row.id),
          latest_id: list('latest_id' in row ? row.latest_id : null),
          key: (c) =>
            join(c, [
              oneOf(c['any_'], row.key),
              c['like_'] ? row.key !== null && contains(c['like_'], row.key) === true : undefined,
              absent(c['exists_']) ? undefined : (row.key !== null) === c['exists_'],
            ]),
          flow_run_id: list(row.flow_run_id),
          task_run_id: list(row.task_run_id),
          type: list(row.type),
        }) &&
        (!flowRuns || flowRuns.includes(row.flow_run_id ?? '')) &&
        (!taskRuns || taskRuns.includes(row.task_run_id ?? '')),
    ),
  )
}

export function artifactsThatMatch(store: StoreWorld, given: GivenStoreFilters, runs: World): string[] {
  return artifactsAmong(runs, store.artifact, given)
}

export function collectionsThatMatch(store: StoreWorld, given: GivenStoreFilters, runs: World): string[] {
  return artifactsAmong(runs, store.artifact_collection, given)
}

/** A value that is no text is searched as its JSON; null has no text. */
const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

export function variablesThatMatch({ variable }: StoreWorld, { own = {} }: GivenStoreFilters): string[] {
  return ids(
    variable.filter((row) =>
      whole(own, {
        id: list(row.id),
        name: name(row.name),
        value: (c) =>
          row.value === null
            ? join(c, [absent(c['any_']) ? undefined : false, c['like_'] ? false : undefined])
            : name(textOf(row.value))(c),
        tags: tagged(row.tags),
      }),
    ),
  )
}

const typeMeets = (row: StoreWorld['block_type'][number], filter: Criteria) =>
  whole(filter, { name: ({ like_ }) => contains(like_, row.name), slug: list(row.slug) })

const schemaMeets = (row: StoreWorld['block_schema'][number], filter: Criteria) =>
  whole(filter, {
    id: list(row.id),
    block_type_id: list(row.block_type_id),
    version: list(row.version),
    block_capabilities: ({ all_ }) => tagged(row.capabilities)({ all_ }),
  })

export function blockTypesThatMatch(store: StoreWorld, { own, schemas }: GivenStoreFilters): string[] {
  const met = store.block_type.filter(
    (row) =>
      typeMeets(row, own ?? {}) &&
      (!schemas ||
        store.block_schema.some((schema) => schema.block_type_id === row.id && schemaMeets(schema, schemas))),
  )
  return ids(met)
}

export function blockSchemasThatMatch({ block_schema }: StoreWorld, { own }: GivenStoreFilters): string[] {
  return ids(block_schema.filter((row) => schemaMeets(row, own ?? {})))
}

export function blockDocumentsThatMatch(store: StoreWorld, given: GivenStoreFilters): string[] {
  const { own = {}, types, schemas } = given
  // Absent, it asks for those that are not anonymous; null asks nothing.
  const criteria = { is_anonymous: { eq_: false }, ...own }
  const met = store.block_document.filter((row) => {
    const type = store.block_type.find(({ id }) => id === row.block_type_id)
    const schema = store.block_schema.find(({ id }) => id === row.block_schema_id)
    return (
      whole(criteria, {
        id: list(row.id),
        is_anonymous: ({ eq_ }) => (absent(eq_) ? undefined : row.is_anonymous === eq_),
        block_type_id: list(row.block_type_id),
        name: name(row.name),
      }) &&
      (!types || (type !== undefined && typeMeets(type, types))) &&
      (!schemas || (schema !== undefined && schemaMeets(schema, schemas)))
    )
  })
  return ids(met)
}
