/** A number as it was spelled. */
interface RawNumber {
  readonly rawJSON: string
}

/** JSON in which `1.0` and `1` differ. `JSON.stringify` writes its numbers as they were spelled. */
export type ExactJson = null | boolean | string | RawNumber | ExactJson[] | ExactObject
export type ExactObject = { [key: string]: ExactJson }

const { rawJSON, isRawJSON } = JSON as unknown as {
  rawJSON(text: string): RawNumber
  isRawJSON(value: unknown): value is RawNumber
}

type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown

const keepNumbers: Reviver = (_key, value, { source }) =>
  typeof value === 'number' && source !== undefined ? rawJSON(source) : value

export { isRawJSON as isRawNumber }

/** Reads JSON text without losing how its numbers are spelled. Throws a SyntaxError for anything else. */
export function parseExact(text: string): ExactJson {
  return (JSON.parse as (text: string, reviver: Reviver) => unknown)(text, keepNumbers) as ExactJson
}

/** The same with plain numbers. */
export function toPlain<Plain>(value: ExactJson): Plain {
  return JSON.parse(JSON.stringify(value)) as Plain
}

/** Numbers that are whole become integers. */
export function toExact(value: unknown): ExactJson {
  return parseExact(JSON.stringify(value))
}

export function isObject(value: ExactJson | undefined): value is ExactObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJSON(value)
}
