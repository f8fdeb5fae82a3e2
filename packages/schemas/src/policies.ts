import { z } from 'zod'
import { hookedObject } from './hooked-object.ts'
import { readFloat } from './lax.ts'
import { Refusal, orNull, scalar } from './scalar.ts'
import { Bool, Float, Int, Text, float } from './scalars.ts'

interface LegacyRetries {
  max_retries: number
  retry_delay_seconds: number
  retries: number | null
  retry_delay: unknown
}

/** The two deprecated keys count when the present ones are absent or zero. */
function adoptLegacyRetries({ value, issues }: z.core.ParsePayload): void {
  if (issues.length > 0) return
  const policy = value as LegacyRetries
  if (policy.max_retries !== 0 && !policy.retries) policy.retries = policy.max_retries
  if (policy.retry_delay_seconds !== 0 && !policy.retry_delay) policy.retry_delay = policy.retry_delay_seconds
}

/** How a flow run is retried and resumed; delays in whole seconds. */
export const FlowRunPolicy = hookedObject(
  {
    max_retries: Int.default(0),
    retry_delay_seconds: Float.default(0),
    retries: orNull(Int),
    retry_delay: orNull(Int),
    pause_keys: z
      .array(Text)
      .nullable()
      .default(() => []),
    resuming: Bool.nullable().default(false),
    retry_type: z.enum(['in_process', 'reschedule']).nullable().default(null),
  },
  {
    after(payload) {
      if (payload.issues.length > 0) return
      adoptLegacyRetries(payload)
      const { retry_delay: delay } = payload.value as LegacyRetries
      if (delay !== null && !Number.isInteger(delay))
        payload.issues.push({
          code: 'custom',
          path: ['retry_delay'],
          input: delay,
          message: 'Input should be a valid integer, got a number with a fractional part',
          params: { type: 'int_from_float' },
        })
    },
  },
).meta({ id: 'FlowRunPolicy' })
export interface FlowRunPolicy extends z.infer<typeof FlowRunPolicy> {}

const MAX_RETRY_DELAYS = 50

/** Seconds before a retry: one number, or one for each retry in turn. */
const RetryDelay = scalar<number | number[]>(
  (value) => {
    if (!Array.isArray(value)) return readFloat(value)
    if (value.length > MAX_RETRY_DELAYS)
      return new Refusal(
        'value_error',
        `Value error, Can not configure more than ${MAX_RETRY_DELAYS} retry delays per task.`,
      )
    const delays = value.map(readFloat)
    return (delays.find((delay) => delay instanceof Refusal) as Refusal | undefined) ?? (delays as number[])
  },
  {
    anyOf: [
      { type: 'integer' },
      { type: 'number' },
      { type: 'array', items: { type: 'integer' } },
      { type: 'array', items: { type: 'number' } },
    ],
  },
)

/** How a task run is retried; delays in seconds. */
export const TaskRunPolicy = hookedObject(
  {
    max_retries: Int.default(0),
    retry_delay_seconds: Float.default(0),
    retries: orNull(Int),
    retry_delay: orNull(RetryDelay),
    retry_jitter_factor: orNull(float({ ge: 0 })),
  },
  { after: adoptLegacyRetries },
).meta({ id: 'TaskRunPolicy' })
export interface TaskRunPolicy extends z.infer<typeof TaskRunPolicy> {}
