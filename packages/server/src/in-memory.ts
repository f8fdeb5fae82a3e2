import { createApp } from './app.ts'
import type { Clock } from './clock.ts'
import type { Context } from './context.ts'
import { openDatabase } from './database/open.ts'
import { prepareContext } from './prepare-context.ts'
import { SERVICES } from './services/all.ts'
import { Settings } from './settings.ts'

/** A server without a port and without timers: requests and services happen when they are called. */
export interface InMemoryServer {
  /** Answers requests to any host. */
  fetch: typeof fetch
  /** Lets every service pass once; gives the number of things they changed. */
  passServices(): Promise<number>
  /** When the services have something to do next, in milliseconds since 1970. */
  nextDue(): Promise<number | undefined>
  /** Seconds between passes of the services that cannot tell when they are due; Infinity without such. */
  readonly passEvery: number
  close(): Promise<void>
}

/** A server for tests, on a database in memory. `nowMs` is where its time comes from, in milliseconds since 1970. */
export async function openInMemoryServer(nowMs: () => number): Promise<InMemoryServer> {
  const settings = Settings.parse({ database: ':memory:', encryption_key: 'tests keep no secrets' })
  const context = await prepareContext(settings, await openDatabase(settings.database), clockFrom(nowMs))
  const app = createApp(context)
  await app.ready()
  return {
    async fetch(input, init = {}) {
      const url = new URL(String(input))
      init.signal?.throwIfAborted()
      const { statusCode, headers, rawPayload } = await app.inject({
        method: (init.method ?? 'GET') as 'GET',
        url: url.pathname + url.search,
        headers: Object.fromEntries(new Headers(init.headers)),
        ...(init.body != null && { payload: String(init.body) }),
      })
      const body = statusCode === 204 ? null : new Uint8Array(rawPayload)
      return new Response(body, { status: statusCode, headers: headers as Record<string, string> })
    },
    passServices: () => passAll(context),
    nextDue: () => nextDue(context),
    passEvery: Math.min(...SERVICES.filter(({ due }) => !due).map(({ every }) => every)),
    async close() {
      await app.close()
      await context.database.close()
    },
  }
}

/** Microseconds count the looks at the clock, which stay apart while its time stands still. */
function clockFrom(nowMs: () => number): Clock {
  let last = 0
  return { now: () => (last = Math.max(last + 1, Math.floor(nowMs()) * 1000)) }
}

async function passAll(context: Context): Promise<number> {
  let changed = 0
  for (const service of SERVICES) changed += await service.run(context, context.clock.now())
  return changed
}

async function nextDue({ database }: Context): Promise<number | undefined> {
  const times = await database.read(async (session) => {
    const due: number[] = []
    for (const service of SERVICES) due.push((await service.due?.(session)) ?? Infinity)
    return due
  })
  const first = Math.min(...times)
  return first === Infinity ? undefined : Math.ceil(first / 1000)
}
