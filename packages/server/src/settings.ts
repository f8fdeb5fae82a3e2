import { z } from 'zod'

const seconds = z.coerce.number().nonnegative()
const flag = z.union([z.boolean(), z.stringbool()])

/** Every setting with its default; durations in seconds, sizes in bytes. */
export const Settings = z.strictObject({
  host: z.string().default('127.0.0.1'),
  port: z.coerce.number().int().min(0).max(65_535).default(4200),
  /** Path of a SQLite file, or a `postgres://` URL. */
  database: z.string().min(1).default('reeve.db'),
  /** False: API, websockets and event ingestion only; nothing that acts by the clock. */
  services: flag.default(true),
  log_level: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('warn'),
  /** `user:password`: asked of every route and websocket but health. */
  api_auth_string: z.string().min(1).optional(),
  /** Asked for as a bearer token, beside or instead of the auth string. */
  api_key: z.string().min(1).optional(),
  /** Origins that a browser may call from, separated by commas; `*` is any. */
  cors_origins: z.string().default(''),
  max_body_bytes: z.coerce
    .number()
    .int()
    .positive()
    .default(16 * 1024 * 1024),
  max_parameter_bytes: z.coerce.number().int().nonnegative().default(524_288),
  /** After which a list, a count or a history is given up. */
  query_timeout_seconds: z.coerce.number().positive().default(10),
  default_limit: z.coerce.number().int().positive().default(200),
  /**
   * Seals the data of blocks: 32 bytes in base64, or any text. Several, separated by commas, change the key:
   * the first seals, the others still open. Without it a key is made beside the database.
   */
  encryption_key: z.string().min(1).optional(),
  tag_concurrency_slot_wait_seconds: seconds.default(10),
  /** What a Prefect 2 client is told to wait. */
  tag_concurrency_slot_wait_seconds_2: seconds.default(30),
  deployment_concurrency_slot_wait_seconds: seconds.default(30),
  maximum_concurrency_slot_wait_seconds: seconds.default(30),
  initial_deployment_lease_seconds: seconds.default(300),
  max_cache_key_length: z.coerce.number().int().positive().default(2000),
  event_retention_seconds: seconds.default(7 * 24 * 3600),
  /** An event whose JSON is larger is dropped, and the drop logged. */
  event_max_bytes: z.coerce.number().int().positive().default(1_500_000),
  /** How far back a live stream of events begins at most. */
  event_backfill_seconds: seconds.default(15 * 60),
})
export interface Settings extends z.infer<typeof Settings> {}
