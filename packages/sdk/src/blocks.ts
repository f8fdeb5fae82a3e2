import type { BlockDocument } from '@reeve/schemas/block-document'
import type { Json, JsonObject } from '@reeve/schemas/json'
import {
  createBlockDocument,
  createBlockSchema,
  createBlockType,
  deleteBlockDocument,
  filterBlockSchemas,
  readBlockDocumentByName,
  readBlockTypeBySlug,
  updateBlockDocument,
} from './client/used-routes.ts'
import { isNotFound } from './client/api-error.ts'
import { objectSchema } from './engine/json-schema.ts'
import type { Runtime } from './engine/runtime.ts'
import {
  describeIssues,
  type SchemaInput,
  type SchemaOutput,
  type StandardSchema,
  validate,
} from './engine/standard-schema.ts'
import { usingRuntime } from './engine/using-runtime.ts'
import { checkJson } from './json-value.ts'

/** Options of `save` of a type of block. */
export interface SaveBlockOptions {
  /** Replaces a block of this name; without it, that is an error. */
  overwrite?: boolean
}

/** Blocks of one type, as kept on the server. */
export interface BlockType<Input, Output> {
  /** Keeps the values under a name of lower-case letters, digits and dashes. */
  save(name: string, value: Input, options?: SaveBlockOptions): Promise<void>
  /** The values, secret ones too. Throws MissingBlockError, or TypeError when they do not fit the schema. */
  load(name: string): Promise<Output>
  /** True if there was one. */
  delete(name: string): Promise<boolean>
}

/** There is no block of this name. */
export class MissingBlockError extends Error {
  override readonly name = 'MissingBlockError'

  constructor(slug: string, name: string) {
    super(`There is no block '${slug}/${name}' on the server`)
  }
}

/** Says what a type of block holds. */
export interface BlockOptions<S extends StandardSchema<any, any>> {
  /** Shown to people; its slug, `Data Warehouse` → `data-warehouse`, is its identity on the server. */
  type: string
  /** Of an object, from a library that can tell its JSON Schema. */
  schema: S
  /** Fields that are kept sealed and shown as asterisks. */
  secrets?: readonly (keyof SchemaInput<S> & string)[]
  description?: string
}

/**
 * A type of block of your own, which the server knows once the first block is saved.
 * @example
 * const Warehouse = block({ type: 'Warehouse', schema: z.object({ url: z.url(), password: z.string() }), secrets: ['password'] })
 * const { url, password } = await Warehouse.load('main')
 */
export function block<S extends StandardSchema<any, any>>(
  options: BlockOptions<S>,
): BlockType<SchemaInput<S>, SchemaOutput<S>> {
  const slug = options.type
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  const fitting = async (value: unknown, name: string) => {
    const result = await validate(options.schema, value)
    if ('value' in result) return result.value as SchemaOutput<S>
    throw new TypeError(
      `The block '${slug}/${name}' does not fit its schema: ${describeIssues(result.issues)}`,
    )
  }
  return {
    save: async (name, value, { overwrite = false } = {}) => {
      await fitting(value, name)
      checkJson(`The block '${slug}/${name}'`, value)
      await usingRuntime(async (runtime) => {
        const schemaIds = await register(runtime, slug, options)
        await write(runtime, { slug, name, overwrite, schemaIds }, value as JsonObject)
      })
    },
    load: async (name) => fitting(await loadBlock(slug, name), name),
    delete: (name) => deleteBlock(slug, name),
  }
}

/**
 * The values of a block of any type, such as one that Python saved. Throws MissingBlockError.
 * @example const { url } = await loadBlock('slack-webhook', 'team')
 */
export function loadBlock(slug: string, name: string): Promise<JsonObject> {
  return usingRuntime(async (runtime) => {
    const found = await read(runtime, slug, name)
    if (!found) throw new MissingBlockError(slug, name)
    return found.data as JsonObject
  })
}

/**
 * Secrets that live sealed on the server, as blocks of the type `secret`, which Python calls Secret.
 * @example const token = await secret.get('token')
 */
export const secret = {
  /** The value. Throws MissingBlockError. */
  async get(name: string): Promise<Json> {
    return (await loadBlock('secret', name)).value as Json
  },
  set(name: string, value: Json, { overwrite = false }: SaveBlockOptions = {}): Promise<void> {
    return usingRuntime(async (runtime) => {
      const schemaIds = await newestSchema(runtime, 'secret')
      await write(runtime, { slug: 'secret', name, overwrite, schemaIds }, { value })
    })
  },
  /** True if there was one. */
  delete(name: string): Promise<boolean> {
    return deleteBlock('secret', name)
  },
}

interface SchemaIds {
  block_type_id: string
  block_schema_id: string
}

interface Place {
  slug: string
  name: string
  overwrite: boolean
  schemaIds: SchemaIds
}

async function write(
  runtime: Runtime,
  { slug, name, overwrite, schemaIds }: Place,
  data: JsonObject,
): Promise<void> {
  const { api } = runtime
  const known = overwrite ? await read(runtime, slug, name) : undefined
  if (!known) {
    await api.call(createBlockDocument, { body: { name, data, ...schemaIds } })
    return
  }
  const { block_schema_id } = schemaIds
  const body = { data, block_schema_id, merge_existing_data: false }
  await api.call(updateBlockDocument, { params: { id: known.id }, body })
}

function read({ api }: Runtime, slug: string, name: string): Promise<BlockDocument | undefined> {
  return api
    .call(readBlockDocumentByName, {
      params: { slug, block_document_name: name },
      query: { include_secrets: true },
    })
    .catch(undefinedIfNotFound)
}

function deleteBlock(slug: string, name: string): Promise<boolean> {
  return usingRuntime(async (runtime) => {
    const found = await read(runtime, slug, name)
    if (found) await runtime.api.call(deleteBlockDocument, { params: { id: found.id } })
    return found !== undefined
  })
}

async function newestSchema({ api }: Runtime, slug: string): Promise<SchemaIds> {
  const type = await api.call(readBlockTypeBySlug, { params: { slug } })
  const [schema] = await api.call(filterBlockSchemas, {
    body: { block_schemas: { block_type_id: { any_: [type.id] } }, limit: 1 },
  })
  if (!schema) throw new Error(`The server has no schema for blocks of the type '${slug}'`)
  return { block_type_id: type.id, block_schema_id: schema.id }
}

interface Registered {
  type: string
  schema: StandardSchema
  secrets?: readonly string[]
  description?: string
}

/** Makes type and schema known; the server answers with those that it has already. */
async function register(
  { api }: Runtime,
  slug: string,
  { type: name, schema, secrets = [], description }: Registered,
): Promise<SchemaIds> {
  const known = await api.call(readBlockTypeBySlug, { params: { slug } }).catch(undefinedIfNotFound)
  const type =
    known ?? (await api.call(createBlockType, { body: { name, slug, ...(description && { description }) } }))
  const { schema: described, wrapped } = objectSchema(schema)
  if (wrapped) throw new TypeError(`The schema of block type '${name}' must describe an object`)
  const { $schema: _, ...object } = described
  const fields = {
    ...object,
    title: name,
    block_type_slug: slug,
    block_schema_references: {},
    secret_fields: [...secrets],
  }
  const { id } = await api.call(createBlockSchema, { body: { fields, block_type_id: type.id } })
  return { block_type_id: type.id, block_schema_id: id }
}

function undefinedIfNotFound(error: unknown): undefined {
  if (!isNotFound(error)) throw error
}
