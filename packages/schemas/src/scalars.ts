import { z } from 'zod'
import type { Json, JsonObject } from './json.ts'
import { bounded, readBool, readDuration, readFloat, readInt, readTimestamp, readUuid } from './lax.ts'
import type { Bounds } from './lax.ts'
import { Refusal, scalar } from './scalar.ts'
import { formatTimestamp, type Timestamp } from './time.ts'

const UUID_JSON = { type: 'string', format: 'uuid' } as const
const TIME_JSON = { type: 'string', format: 'date-time' } as const

/** A UUID in any spelling; parsed to lower-case hyphenated. */
export const Uuid = scalar<string>(readUuid, UUID_JSON)

/** An instant as ISO text (no offset means UTC) or epoch number; parsed to microseconds. */
export const TimestampInput = scalar<Timestamp, string | number>(readTimestamp, TIME_JSON)

/** A duration: seconds, or ISO 8601 text; parsed to seconds. */
export const DurationInput = scalar<number, number | string>(readDuration, {
  anyOf: [{ type: 'number' }, { type: 'string', format: 'duration' }],
})

/** A whole number, read leniently (`"5"`, `true`). */
export const Int = int()
/** A finite number, read leniently (`"1.5"`, `true`). */
export const Float = float()
/** A boolean, read leniently (`1`, `"yes"`). */
export const Bool = scalar<boolean, boolean | 0 | 1 | string>(readBool, { type: 'boolean' })

/** A whole number within bounds. */
export function int(bounds: Bounds = {}): z.ZodType<number, number | string> {
  return scalar(bounded(readInt, bounds), { type: 'integer', ...boundsJson(bounds) })
}

/** A finite number within bounds. */
export function float(bounds: Bounds = {}): z.ZodType<number, number | string> {
  return scalar(bounded(readFloat, bounds), { type: 'number', ...boundsJson(bounds) })
}

function boundsJson({ ge, gt, le }: Bounds): z.core.JSONSchema.BaseSchema {
  return {
    ...(ge !== undefined && { minimum: ge }),
    ...(gt !== undefined && { exclusiveMinimum: gt }),
    ...(le !== undefined && { maximum: le }),
  }
}

/** A text; nothing is converted. */
export const Text = scalar<string>(
  (value) =>
    typeof value === 'string' ? value : new Refusal('string_type', 'Input should be a valid string'),
  { type: 'string' },
)

/** A name that may stand in a URL path: not empty, none of `/ % & > <`. */
export const Name = z.string().regex(/^[^/%&><]+$/)

/** A list of texts, order and repetitions kept. */
export const Tags = z.array(Text)

const LABEL_TYPES: ReadonlySet<string> = new Set(['boolean', 'number', 'string'])

/** One label's value: a boolean, a finite number or a text; nothing is converted. */
export const LabelValue = scalar<boolean | number | string>(
  (value) =>
    LABEL_TYPES.has(typeof value)
      ? (value as boolean | number | string)
      : new Refusal('label_type', 'Input should be a valid boolean, number or string'),
  { anyOf: [{ type: 'boolean' }, { type: 'integer' }, { type: 'number' }, { type: 'string' }] },
)

/** Labels of a flow, run or deployment. */
export const Labels = z.record(z.string(), LabelValue)

/**
 * Any JSON. Kept by reference: numbers that are not finite become null where the value is written as
 * JSON text, which is everywhere it goes.
 */
export const JsonValue = scalar<Json>((value) => value as Json, {})

/** A JSON object with any content. */
export const JsonRecord = scalar<JsonObject>(
  (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : new Refusal('dict_type', 'Input should be a valid dictionary'),
  { type: 'object', additionalProperties: true },
)

const AS_WRITTEN = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-](?!00:00)\d\d:\d\d)$/
const CLOCK = /^(.{10}).(\d\d):(\d\d)(?::(\d\d))?(?:[.,](\d+))?(Z|z|[+-]\d\d(?::?\d\d)?)?$/

/** An instant inside stored JSON: checked and put into one form, but the sender's own offset is kept. */
export const TimestampKept = scalar<string, string | number>((value) => {
  const timestamp = readTimestamp(value)
  if (timestamp instanceof Refusal) return timestamp
  if (typeof value !== 'string' || AS_WRITTEN.test(value)) {
    return typeof value === 'string' ? value : formatTimestamp(timestamp)
  }
  const [, day, hours, minutes, seconds = '00', digits = '', zone] = CLOCK.exec(value.trim()) ?? []
  const offset = zone?.slice(1).replace(':', '').padEnd(4, '0') ?? '0000'
  if (day === undefined || offset === '0000') return formatTimestamp(timestamp)
  const micros = digits.slice(0, 6).padEnd(6, '0')
  const fraction = Number(micros) === 0 ? '' : `.${micros}`
  return `${day}T${hours}:${minutes}:${seconds}${fraction}${zone?.[0]}${offset.slice(0, 2)}:${offset.slice(2)}`
}, TIME_JSON)

/** A UUID on the wire. */
export const UuidText = z.string().meta({ format: 'uuid' })
/** An instant on the wire: UTC, `Z`, six digits of fraction when there is one. */
export const TimestampText = z.string().meta({ format: 'date-time' })
/** Seconds on the wire. */
export const Seconds = z.number()
