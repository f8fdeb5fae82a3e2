import { pino } from 'pino'
import type { Timestamp } from '@reeve/schemas/time'
import type { Clock } from '../../src/clock.ts'
import { createBus } from '../../src/bus.ts'
import type { Context, ModelContext } from '../../src/context.ts'
import type { Ids } from '../../src/ids.ts'
import { createHotPath } from '../../src/models/hot-path.ts'
import { SlotLines } from '../../src/models/slot-lines.ts'
import { createSealer, generateKey } from '../../src/models/sealing.ts'
import { Settings } from '../../src/settings.ts'
import { openTestDatabase } from './databases.ts'
import type { TestDialect } from './databases.ts'
import { START } from './start.ts'

export { START }

interface VirtualClock extends Clock {
  /** Moves time on by this many seconds. */
  advance(seconds: number): void
}

/** A clock which moves by a microsecond a look, and as far as it is told. */
function virtualClock(start: Timestamp = START): VirtualClock {
  let time = start
  return {
    now: () => ++time,
    advance: (seconds) => {
      time += Math.round(seconds * 1_000_000)
    },
  }
}

/** Ids that count up, so that a failing test reads the same each time. */
function countingIds(): Ids {
  let count = 0
  const make = (version: string) => {
    const digits = (++count).toString(16).padStart(12, '0')
    return `00000000-0000-${version}000-8000-${digits}`
  }
  return { random: () => make('4'), ordered: () => make('7') }
}

/** Numbers in [0, 1) from a seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

export interface TestContext {
  context: Context
  clock: VirtualClock
  close(): Promise<void>
}

/** A context on a new, empty database, with virtual time, counted ids and seeded chance. */
export async function createTestContext(
  dialect: TestDialect,
  settings: Partial<Settings> = {},
): Promise<TestContext> {
  const database = await openTestDatabase(dialect)
  const clock = virtualClock()
  const shared: ModelContext = {
    clock,
    ids: countingIds(),
    random: seededRandom(1),
    settings: Settings.parse({ encryption_key: 'a key for tests', ...settings }),
    bus: createBus(),
    sealer: createSealer(generateKey()),
  }
  const context: Context = {
    ...shared,
    database,
    hotPath: createHotPath(database, shared),
    slotLines: new SlotLines(database, shared),
    logger: pino({ level: 'silent' }),
  }
  return { context, clock, close: () => database.close() }
}
