import { pino } from 'pino'
import { createBus } from './bus.ts'
import type { Clock } from './clock.ts'
import type { Context, ModelContext } from './context.ts'
import type { Database } from './database/database.ts'
import { systemIds } from './ids.ts'
import { createHotPath } from './models/hot-path.ts'
import { SlotLines } from './models/slot-lines.ts'
import { openSealer } from './sealing-key.ts'
import { prepareBlocks } from './services/prepare-blocks.ts'
import type { Settings } from './settings.ts'

async function createContext(settings: Settings, database: Database, clock: Clock): Promise<Context> {
  const ids = systemIds
  const shared: ModelContext = {
    clock,
    ids,
    random: Math.random,
    settings,
    bus: createBus(),
    sealer: await openSealer(settings, database, { clock, ids }),
  }
  return {
    ...shared,
    database,
    hotPath: createHotPath(database, shared),
    slotLines: new SlotLines(database, shared),
    logger: pino({ level: settings.log_level, name: 'reeve' }),
  }
}

/** The context of a server on an open database, which is closed if that fails. */
export async function prepareContext(settings: Settings, database: Database, clock: Clock): Promise<Context> {
  try {
    const context = await createContext(settings, database, clock)
    await prepareBlocks(context)
    return context
  } catch (error) {
    await database.close()
    throw error
  }
}
