import type { Json, JsonObject } from '@reeve/schemas/json'
import { Uuid } from '@reeve/schemas/scalars'

export interface SplitData {
  /** What the block holds itself. */
  own: JsonObject
  /** The blocks that stand for a value: key to id. */
  references: { [key: string]: string }
  /** Keys whose reference names no block. */
  broken: string[]
}

/** Takes the values of the form `{"$ref": {"block_document_id": …}}` out of a block's data. */
export function splitReferences(data: JsonObject): SplitData {
  const split: SplitData = { own: {}, references: {}, broken: [] }
  for (const [key, value] of Object.entries(data)) {
    const reference = referenceIn(value)
    if (reference === undefined) split.own[key] = value
    else if (typeof reference === 'string') split.references[key] = reference
    else split.broken.push(key)
  }
  return split
}

/** The id that a value refers to; null when it refers to none; undefined when it is not a reference. */
function referenceIn(value: Json): string | null | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const { $ref: reference } = value
  if (typeof reference !== 'object' || reference === null || Array.isArray(reference)) return undefined
  const id = Uuid.safeParse(reference['block_document_id'])
  return id.success ? id.data : null
}
