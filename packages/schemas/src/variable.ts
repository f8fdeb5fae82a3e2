import { z } from 'zod'
import type { Json } from './json.ts'
import { JsonValue, Tags, TimestampText, UuidText } from './scalars.ts'
import { Refusal, scalar } from './scalar.ts'

/** A named JSON value. */
export const Variable = z
  .object({
    id: UuidText,
    created: TimestampText,
    updated: TimestampText,
    name: z.string(),
    value: JsonValue.nullable(),
    tags: Tags,
  })
  .meta({ id: 'Variable' })
export interface Variable extends z.infer<typeof Variable> {}

const MAX_NAME_LENGTH = 255
/** Of the value as JSON text; the reference counts bytes and says characters. */
const MAX_VALUE_BYTES = 5000

const VariableName = z
  .string()
  .max(MAX_NAME_LENGTH)
  .regex(/^[a-z0-9_-]*$/, {
    message:
      'Value error, Variable name must only contain lowercase letters, numbers, and dashes or underscores.',
  })

const VariableValue = scalar<Json>((value) => {
  const { length } = new TextEncoder().encode(JSON.stringify(value))
  return length > MAX_VALUE_BYTES
    ? new Refusal(
        'value_error',
        `Value error, Variable value must be less than ${MAX_VALUE_BYTES} characters`,
      )
    : (value as Json)
}, {})

export const VariableCreate = z
  .strictObject({ name: VariableName, value: VariableValue, tags: Tags.default(() => []) })
  .meta({ id: 'VariableCreate' })
export interface VariableCreate extends z.infer<typeof VariableCreate> {}

/** Only the keys that are present are written; a null value is written. */
export const VariableUpdate = z
  .strictObject({ name: VariableName.nullish(), value: VariableValue.optional(), tags: Tags.nullish() })
  .meta({ id: 'VariableUpdate' })
export interface VariableUpdate extends z.infer<typeof VariableUpdate> {}
