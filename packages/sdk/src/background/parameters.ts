import { namedArguments, parameterNames } from '../engine/parameter-names.ts'
import { decodeJson, encodeJson, jsonSerializer } from '../results/json-serializer.ts'
import { decodeRecord, encodeRecord } from '../results/record.ts'
import { MOST_INLINE } from '../results/reference.ts'
import type { ResultPolicy } from '../results/result-policy.ts'
import type { ResultStorage } from '../results/storage.ts'

/** Named as Prefect's client names them, so that workers of either kind find them. */
const keyOf = (id: string) => `parameters/${id}`

/** Where the server keeps arguments that are few, beside the run. */
const LABEL = 'reeve.parameters'

/** Where the arguments of a background run are. */
export interface KeptParameters {
  /** Of the record in the storage, or null. */
  id: string | null
  labels: { [label: string]: string }
}

/**
 * Keeps the arguments of a background run for its worker: on the server when they are few and nobody has named
 * a storage, otherwise in the storage. Throws UnserializableError.
 */
export async function keepParameters(
  { storage, inline }: ResultPolicy,
  fn: Function,
  args: readonly unknown[],
): Promise<KeptParameters> {
  if (args.length === 0) return { id: null, labels: {} }
  const parameters = Object.fromEntries(
    // An argument that is left out has no JSON form; the function's default stands in on the other side.
    Object.entries(namedArguments(fn, args)).filter(([, value]) => value !== undefined),
  )
  if (inline) {
    const text = JSON.stringify(encodeJson(parameters))
    if (text.length <= MOST_INLINE) return { id: null, labels: { [LABEL]: text } }
  }
  const id = crypto.randomUUID()
  const bytes = await jsonSerializer.serialize({ parameters })
  await storage.put(keyOf(id), encodeRecord(bytes, { key: id }))
  return { id, labels: {} }
}

/** The arguments that are kept beside the run, if they are. */
export function inlineArguments(
  labels: { readonly [label: string]: unknown } | null,
  fn: Function,
): unknown[] | undefined {
  const text = labels?.[LABEL]
  if (typeof text !== 'string') return undefined
  return inOrder(fn, decodeJson(JSON.parse(text)) as { [name: string]: unknown })
}

/** The arguments for `fn`; undefined when they are gone. Throws for those that only Python can read. */
export async function readParameters(
  storage: ResultStorage,
  id: string,
  fn: Function,
): Promise<unknown[] | undefined> {
  const bytes = await storage.get(keyOf(id))
  if (!bytes) return undefined
  const { parameters = {} } = decodeRecord(bytes).value as { parameters?: { [name: string]: unknown } }
  return inOrder(fn, parameters)
}

function inOrder(fn: Function, parameters: { readonly [name: string]: unknown }): unknown[] {
  const { names, rest } = parameterNames(fn)
  const known = new Set([...names, ...(rest === undefined ? [] : [rest])])
  // A minified function has other names than the one that was called; the order is the same.
  if (Object.keys(parameters).some((name) => !known.has(name))) return Object.values(parameters)
  const more = rest === undefined ? [] : ((parameters[rest] as unknown[] | undefined) ?? [])
  return [...names.map((name) => parameters[name]), ...more]
}
