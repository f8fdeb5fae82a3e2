import type { Json, JsonObject } from '@reeve/schemas/json'

/** Stands for every secret, whatever its length. */
export const OBFUSCATED = '********'

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * The data with its secrets hidden. A path `a.b` names that value and all under it, null excepted; `a.*`
 * names all values under `a`, and `a` itself when it holds none.
 */
export function withoutSecrets(data: JsonObject, paths: readonly string[]): JsonObject {
  return mapLeaves(data, '', (value, path) => (isSecret(value, path, paths) ? OBFUSCATED : value))
}

/** The data with what is hidden in it as it is stored: nobody means to set a secret to asterisks. */
export function withStoredSecrets(
  data: JsonObject,
  paths: readonly string[],
  stored: JsonObject,
): JsonObject {
  return mapLeaves(data, '', (value, path) => {
    if (value !== OBFUSCATED || !isSecret(value, path, paths)) return value
    const known = valueAt(stored, path)
    return known === undefined ? value : known
  })
}

/** The texts of the data itself that are no secrets. */
export function openTexts(data: JsonObject, paths: readonly string[]): JsonObject {
  const open = Object.entries(data).filter(
    ([key, value]) => typeof value === 'string' && !isSecret(value, key, paths),
  )
  return Object.fromEntries(open)
}

function isSecret(value: Json, path: string, secrets: readonly string[]): boolean {
  return secrets.some((secret) => {
    const star = secret.indexOf('*')
    if (star >= 0) return `${path}.`.startsWith(secret.slice(0, star))
    return value !== null && `${path}.`.startsWith(`${secret}.`)
  })
}

function mapLeaves(object: JsonObject, prefix: string, map: (value: Json, path: string) => Json): JsonObject {
  const mapped = Object.entries(object).map(([key, value]): [string, Json] => {
    const path = prefix + key
    const hasLeaves = isObject(value) && Object.keys(value).length > 0
    return [key, hasLeaves ? mapLeaves(value, `${path}.`, map) : map(value, path)]
  })
  return Object.fromEntries(mapped)
}

function valueAt(data: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = data
  for (const key of path.split('.')) value = isObject(value) ? value[key] : undefined
  return value
}
