import { z } from 'zod'
import { orNull, scalar } from './scalar.ts'
import { Bool, JsonValue, Text, TimestampKept, TimestampText, Uuid, UuidText } from './scalars.ts'
import { STATE_TYPES } from './state-type.ts'

export const StateType = z.enum(STATE_TYPES).meta({ id: 'StateType' })

/** The structured part of a state. Times are texts that keep the sender's offset; unknown keys are dropped. */
export const StateDetails = z
  .object({
    flow_run_id: orNull(Uuid),
    task_run_id: orNull(Uuid),
    child_flow_run_id: orNull(Uuid),
    scheduled_time: orNull(TimestampKept),
    cache_key: orNull(Text),
    cache_expiration: orNull(TimestampKept),
    deferred: Bool.nullable().default(false),
    untrackable_result: Bool.default(false),
    pause_timeout: orNull(TimestampKept),
    pause_reschedule: Bool.default(false),
    pause_key: orNull(Text),
    run_input_keyset: z.record(z.string(), z.string()).nullable().default(null),
    refresh_cache: orNull(Bool),
    retriable: orNull(Bool),
    transition_id: orNull(Uuid),
    task_parameters_id: orNull(Uuid),
    traceparent: orNull(Text),
    deployment_concurrency_lease_id: orNull(Uuid),
  })
  .meta({ id: 'StateDetails' })
export interface StateDetails extends z.infer<typeof StateDetails> {}

/** Accepted from Prefect 2 clients, who send their own; the server's counts. */
const Dropped = scalar<undefined, unknown>(() => undefined, {}).optional()

/** A state that a client proposes. A null name becomes the type's default name. */
export const StateCreate = z
  .strictObject({
    type: StateType,
    name: orNull(Text),
    message: orNull(Text),
    data: orNull(JsonValue),
    state_details: StateDetails.prefault({}),
    id: Dropped,
    timestamp: Dropped,
  })
  .meta({ id: 'StateCreate' })
export interface StateCreate extends z.infer<typeof StateCreate> {}

/** A state on the wire. */
export const State = z
  .object({
    id: UuidText,
    type: StateType,
    name: z.string(),
    timestamp: TimestampText,
    message: z.string().nullable(),
    data: JsonValue.nullable(),
    state_details: StateDetails,
  })
  .meta({ id: 'State' })
export interface State extends z.infer<typeof State> {}

export const SetStateStatus = z.enum(['ACCEPT', 'REJECT', 'ABORT', 'WAIT']).meta({ id: 'SetStateStatus' })
export type SetStateStatus = z.infer<typeof SetStateStatus>

const reason = z.string().nullable()
const StateAcceptDetails = z.object({ type: z.literal('accept_details') }).meta({ id: 'StateAcceptDetails' })
const StateRejectDetails = z
  .object({ type: z.literal('reject_details'), reason })
  .meta({ id: 'StateRejectDetails' })
const StateAbortDetails = z
  .object({ type: z.literal('abort_details'), reason })
  .meta({ id: 'StateAbortDetails' })
const StateWaitDetails = z
  .object({ type: z.literal('wait_details'), delay_seconds: z.int(), reason })
  .meta({ id: 'StateWaitDetails' })

/** Why a proposal was not taken as it came; `delay_seconds` asks the client to try again later. */
export const StateResponseDetails = z.union([
  StateAcceptDetails,
  StateWaitDetails,
  StateRejectDetails,
  StateAbortDetails,
])
export type StateResponseDetails = z.infer<typeof StateResponseDetails>

/** The answer to a proposed state: what was done, and the state the run has now. */
export const OrchestrationResult = z
  .object({ state: State.nullable(), status: SetStateStatus, details: StateResponseDetails })
  .meta({ id: 'OrchestrationResult' })
export interface OrchestrationResult extends z.infer<typeof OrchestrationResult> {}
