import { FLOW_RUN_INPUT_CREATED } from '@reeve/schemas/passing-events'
import type { Json } from '@reeve/schemas/json'
import { createFlowRunInput, filterFlowRunInput } from './client/used-routes.ts'
import { MissingContextError } from './engine/errors.ts'
import { Looks } from './engine/looks.ts'
import type { Runtime } from './engine/runtime.ts'
import { currentScope } from './engine/scope.ts'
import { describeIssues, type SchemaOutput, type StandardSchema, validate } from './engine/standard-schema.ts'
import { usingRuntime } from './engine/using-runtime.ts'
import { decodeJson, encodeJson } from './results/json-serializer.ts'

/** Types of Python whose values flows there send and receive by `send_input` and `receive_input`. */
type PythonType = 'str' | 'int' | 'float' | 'bool' | 'dict' | 'list'

/** Options of `sendInput()`. */
export interface InputOptions {
  /**
   * Tells this kind of message from others. To talk with a flow in Python it is the name of the RunInput class
   * there, and the message an object with its fields; or `str`, `int`, `float`, `bool`, `dict` or `list`.
   */
  kind?: PythonType | (string & {}) | undefined
}

/** Options of `receiveInput()`. */
export interface ReceiveOptions extends InputOptions {
  /** Seconds to wait for each message; 3600 when left out. */
  timeoutSeconds?: number | undefined
  /** Throws InputTimeoutError when no message comes in time, where the stream otherwise ends. */
  throwOnTimeout?: boolean | undefined
  /** Seconds between looks for messages, where the server does not tell of them by itself; 1 when left out. */
  pollSeconds?: number | undefined
  /** Whose messages; those of the flow run around the call when left out. */
  flowRunId?: string | undefined
}

/** A message that a flow run was sent. */
export interface ReceivedInput<T> {
  readonly value: T
  /** The flow run that sent it, if one did. */
  readonly senderId: string | undefined
  /** Sends a message of the same kind to the sender. Throws when it was not a flow run. */
  respond(value: unknown, options?: InputOptions): Promise<void>
}

/** No message came in time. */
export class InputTimeoutError extends Error {
  override readonly name = 'InputTimeoutError'
}

/** A message does not fit the schema that it was to be received with; the next one can still be received. */
export class InvalidInputError extends TypeError {
  override readonly name = 'InvalidInputError'
}

/**
 * Sends a message to a flow run, which takes it with `receiveInput`. It waits there until it is taken.
 * @example await sendInput(flowRunId, { approved: true }, { kind: 'Approval' })
 */
export async function sendInput(
  flowRunId: string,
  value: unknown,
  { kind }: InputOptions = {},
): Promise<void> {
  const { flow } = currentScope() ?? {}
  const encoded = encodeJson(isWrapped(kind) ? { value } : value)
  const body = {
    key: `${prefixOf(kind)}-${crypto.randomUUID()}`,
    value: JSON.stringify(encoded),
    ...(flow && { sender: `${SENDER}${flow.id}` }),
  }
  await usingRuntime(({ api }) => api.call(createFlowRunInput, { params: { id: flowRunId }, body }))
}

/**
 * The messages that a flow run is sent, oldest first, as they come. A run that starts again from the top gets
 * all of them again.
 * @example
 * for await (const { value, respond } of receiveInput(z.number(), { timeoutSeconds: 60 })) await respond(value ** 2)
 */
export function receiveInput<S extends StandardSchema<any, any>>(
  schema: S,
  options?: ReceiveOptions,
): InputStream<SchemaOutput<S>>
export function receiveInput(schema?: undefined, options?: ReceiveOptions): InputStream<Json>
export function receiveInput(
  schema: StandardSchema | undefined,
  options: ReceiveOptions = {},
): InputStream<unknown> {
  const flowRunId = options.flowRunId ?? currentScope()?.flow?.id
  if (!flowRunId) throw new MissingContextError('receiveInput() without a flowRunId', 'a flow')
  return new InputStream(flowRunId, schema, options)
}

/** Messages of one kind; to be read by one reader. */
export class InputStream<T> implements AsyncIterableIterator<ReceivedInput<T>, undefined> {
  readonly #flowRunId: string
  readonly #schema: StandardSchema<unknown, T> | undefined
  readonly #options: ReceiveOptions
  readonly #seen: string[] = []
  #ready: StoredInput[] = []

  constructor(flowRunId: string, schema: StandardSchema | undefined, options: ReceiveOptions) {
    this.#flowRunId = flowRunId
    this.#schema = schema as StandardSchema<unknown, T> | undefined
    this.#options = options
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** The next message, or the end when none comes in time. Throws InvalidInputError for one that does not fit. */
  async next(): Promise<IteratorResult<ReceivedInput<T>, undefined>> {
    const input = await this.#take()
    if (input) return { done: false, value: await this.#received(input) }
    if (this.#options.throwOnTimeout) throw this.#timeout()
    return { done: true, value: undefined }
  }

  /** The value of the next message. Throws InputTimeoutError when none comes in time. */
  async value(): Promise<T> {
    const input = await this.#take()
    if (!input) throw this.#timeout()
    return (await this.#received(input)).value
  }

  async #take(): Promise<StoredInput | undefined> {
    if (this.#ready.length === 0) this.#ready = await usingRuntime((runtime) => this.#await(runtime))
    return this.#ready.shift()
  }

  /** The messages that are there; if there are none, those that come first. */
  async #await(runtime: Runtime): Promise<StoredInput[]> {
    const here = await this.#look(runtime)
    if (here.length > 0) return here
    const { timeoutSeconds = 3600, pollSeconds = 1 } = this.#options
    const { flow, task } = currentScope() ?? {}
    const { clock, pipeline } = runtime
    const deadline = clock.now() + timeoutSeconds * 1000
    const resourceId = `prefect.flow-run.${this.#flowRunId}`
    const looks = new Looks(runtime, {
      names: [FLOW_RUN_INPUT_CREATED],
      matches: ({ resource }) => resource['prefect.resource.id'] === resourceId,
      pollSeconds,
      // Only a server with a pipeline is Reeve's, which tells of inputs.
      isTold: (await pipeline?.isThere()) ?? false,
    })
    try {
      for (;;) {
        const left = (deadline - clock.now()) / 1000
        if (left <= 0) return []
        await looks.wait(left, (task ?? flow)?.stop.signal)
        looks.begin()
        const found = await this.#look(runtime)
        if (found.length > 0) return found
      }
    } finally {
      looks.end()
    }
  }

  async #look({ api }: Runtime): Promise<StoredInput[]> {
    const found = await api.call(filterFlowRunInput, {
      params: { id: this.#flowRunId },
      body: { prefix: `${prefixOf(this.#options.kind)}-`, limit: PAGE, exclude_keys: this.#seen },
    })
    for (const { key } of found) this.#seen.push(key)
    return found
  }

  async #received({ key, value: text, sender }: StoredInput): Promise<ReceivedInput<T>> {
    const { kind } = this.#options
    const whole = decodeJson(JSON.parse(text))
    const value = isWrapped(kind) ? (whole as { value: unknown }).value : whole
    const senderId = sender?.startsWith(SENDER) ? sender.slice(SENDER.length) : undefined
    const respond = async (answer: unknown, options: InputOptions = { kind }) => {
      if (senderId === undefined) throw new TypeError('Nobody can be answered: no flow run sent this message')
      await sendInput(senderId, answer, options)
    }
    if (!this.#schema) return { value: value as T, senderId, respond }
    const result = await validate(this.#schema, value)
    if ('value' in result) return { value: result.value, senderId, respond }
    throw new InvalidInputError(
      `The message '${key}' does not fit its schema: ${describeIssues(result.issues)}`,
    )
  }

  #timeout(): InputTimeoutError {
    const { timeoutSeconds = 3600 } = this.#options
    return new InputTimeoutError(`No message came within ${timeoutSeconds} seconds`)
  }
}

interface StoredInput {
  key: string
  value: string
  sender?: string | null | undefined
}

const SENDER = 'prefect.flow-run.'
const PAGE = 50
const PYTHON_TYPES: ReadonlySet<string> = new Set(['str', 'int', 'float', 'bool', 'dict', 'list'])

/** As Prefect's client begins the keys of messages. */
function prefixOf(kind: string | undefined): string {
  if (kind === undefined) return 'input-auto'
  return PYTHON_TYPES.has(kind) ? `${kind}automaticruninput-auto` : `${kind.toLowerCase()}-auto`
}

/** Messages that are no objects of a class travel in the field `value`. */
function isWrapped(kind: string | undefined): boolean {
  return kind === undefined || PYTHON_TYPES.has(kind)
}
