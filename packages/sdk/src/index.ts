import './runtime-support.ts'

export { type Flow, flow } from './flow.ts'
export { type GeneratorTask, type Task, task } from './task.ts'
export type { FlowOptions } from './engine/flow-options.ts'
export type { TaskOptions } from './engine/task-options.ts'
export { Future } from './engine/future.ts'
export { FutureList } from './engine/future-list.ts'
export { unmapped, type Unmapped } from './engine/map.ts'
export { asCompleted, wait } from './engine/waiting.ts'
export { State, RunError } from './engine/state.ts'
export { Cancelled, Completed, Crashed, Failed } from './engine/states.ts'
export {
  AbortedRun,
  CancelledRun,
  MissingContextError,
  ParameterError,
  PauseTimeoutError,
  SuspendedRun,
  TimeoutError,
  UpstreamError,
} from './engine/errors.ts'
export type { StateHook } from './engine/hooks.ts'
export { exponentialBackoff, type RetryDelay } from './engine/delays.ts'
export { type RunContext, runContext, tryRunContext } from './run-context.ts'
export { step, type StepOptions } from './step.ts'
export { sleep, type SleepOptions } from './sleep.ts'
export { type ReceivedEvent, waitForEvent, type WaitForEventOptions } from './wait-for-event.ts'
export type { Duration } from './durations.ts'
export { ChangedStepError, type ChangedSteps } from './engine/changed-step.ts'
export type { BackgroundRun, WaitOptions } from './background/background-run.ts'
export { MissingResultError } from './results/kept-result.ts'
export { serveTasks, type ServeTasksOptions } from './background/serve-tasks.ts'
export { type Deployment, type DeploymentOptions } from './deployments/deployment.ts'
export { type DeploymentRun } from './deployments/deployment-run.ts'
export type { Schedule } from './deployments/schedule.ts'
export { serve, type ServeOptions } from './deployments/serve.ts'
export { runDeployment, type RunDeploymentOptions } from './deployments/run-deployment.ts'
export { tags } from './tags.ts'
export { type ReeveClient, type ServerHandle, withServer } from './with-server.ts'
export { log, type Logger, makeLogger } from './logs/logger.ts'
export {
  cacheKey,
  CachePolicy,
  DEFAULT,
  FLOW_PARAMETERS,
  INPUTS,
  NONE,
  RUN_ID,
  TASK_SOURCE,
} from './cache/policy.ts'
export { jsonSerializer } from './results/json-serializer.ts'
export { compressed } from './results/compressed-serializer.ts'
export { localStorage } from './results/local-storage.ts'
export { memoryStorage } from './results/memory-storage.ts'
export { S3Error, s3Storage, type S3StorageOptions } from './results/s3-storage.ts'
export { type CleanedResults, cleanResults, type CleanResultsOptions } from './results/clean-results.ts'
export type { ResultStorage } from './results/storage.ts'
export { type Serializer, UnserializableError } from './results/serializer.ts'
export { ApiError, ConnectionError } from './client/api-error.ts'
export { artifact, type ArtifactOptions, type Progress, type Table } from './artifacts.ts'
export { variable } from './variables.ts'
export {
  block,
  type BlockOptions,
  type BlockType,
  loadBlock,
  MissingBlockError,
  type SaveBlockOptions,
  secret,
} from './blocks.ts'
export { emitEvent, type EventOptions, type EventResource } from './events.ts'
export {
  concurrency,
  type ConcurrencyOptions,
  rateLimit,
  type SlotOptions,
  SlotTimeoutError,
} from './concurrency.ts'
export { pauseFlowRun, type PauseOptions, resumeFlowRun, suspendFlowRun } from './pause.ts'
export {
  InputStream,
  InputTimeoutError,
  type InputOptions,
  InvalidInputError,
  type ReceivedInput,
  receiveInput,
  type ReceiveOptions,
  sendInput,
} from './inputs.ts'
export { transaction, type TransactionOptions } from './transactions.ts'
export { RolledBackError, type Transaction } from './engine/transaction.ts'
export { fileLocks, type LockManager, memoryLocks } from './locks.ts'
