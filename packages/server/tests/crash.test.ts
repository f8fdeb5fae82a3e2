import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { openPostgres } from '../src/database/postgres.ts'
import type { Session } from '../src/database/session.ts'
import { SqliteConnection } from '../src/database/sqlite-connection.ts'
import { Ledger } from './crash/ledger.ts'
import { startLoad } from './crash/load.ts'
import type { Round } from './crash/load.ts'
import { storedFaults } from './crash/verify.ts'
import { startPostgresServer } from './helpers/postgres-server.ts'
import { reeve, startServerProcess } from './helpers/server-process.ts'
import type { ServerProcess } from './helpers/server-process.ts'
import { seededRandom } from './helpers/test-context.ts'

const SEED = Number(process.env['REEVE_SEED'] ?? Date.now() % 1_000_000)
const random = seededRandom(SEED)
const SQLITE_ROUNDS = 25
const POSTGRES_ROUNDS = 10
/** Acknowledged writes before a kill may come: a round in which nothing was at stake proves nothing. */
const LEAST_WRITES = 100
const LONGEST_LOAD_MS = 20_000
const LONGEST_TEST_MS = 300_000

async function start(database: string): Promise<ServerProcess> {
  const server = await startServerProcess(reeve(database))
  onTestFinished(() => server.kill())
  return server
}

/** A new flow run and new limits, so that what an earlier round left behind is in nobody's way. */
async function prepareRound(origin: string): Promise<Round> {
  const make = async (path: string, body: object) => {
    const answer = await fetch(`${origin}/api${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect([path, answer.status]).toEqual([path, 201])
    return ((await answer.json()) as { id: string }).id
  }
  const flow_id = await make('/flows/', { name: `crash-${crypto.randomUUID()}` })
  const flowRunId = await make('/flow_runs/', { flow_id, state: { type: 'RUNNING' } })
  const tags = [crypto.randomUUID(), crypto.randomUUID()] as const
  await make('/v2/concurrency_limits/', { name: `tag:${tags[0]}`, limit: 6 })
  await make('/v2/concurrency_limits/', { name: `tag:${tags[1]}`, limit: 3 })
  return { origin, flowRunId, tags }
}

/** Waits until enough was acknowledged, and then a random moment longer. */
async function untilWorthKilling(ledger: Ledger): Promise<void> {
  const goal = ledger.writes + LEAST_WRITES
  const deadline = performance.now() + LONGEST_LOAD_MS
  while (ledger.writes < goal) {
    if (performance.now() > deadline)
      throw new Error(`Only ${ledger.writes} of ${goal} writes were acknowledged`)
    await delay(5)
  }
  await delay(random() * 250)
}

test(
  `on SQLite, ${SQLITE_ROUNDS} kills under load lose nothing that was acknowledged`,
  { timeout: LONGEST_TEST_MS },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reeve-crash-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const file = join(folder, 'reeve.db')
    const ledger = new Ledger()
    for (let round = 0; round < SQLITE_ROUNDS; round++) {
      const server = await start(file)
      const load = startLoad(await prepareRound(server.origin), ledger)
      await untilWorthKilling(ledger)
      await server.kill()
      await load.stop()
    }
    await start(file)
    const session = new SqliteConnection(file, { readOnly: true })
    expect(await storedFaults(session, ledger)).toEqual([])
    session.close()
    console.log(`SQLite: ${SQLITE_ROUNDS} kills, ${ledger.writes} acknowledged writes, seed ${SEED}`)
  },
)

const VICTIMS = ['server', 'database', 'both'] as const

test(
  `on PostgreSQL, ${POSTGRES_ROUNDS} kills of server, database or both lose nothing that was acknowledged`,
  { timeout: LONGEST_TEST_MS },
  async () => {
    const postgres = await startPostgresServer()
    onTestFinished(() => postgres.stop())
    const ledger = new Ledger()
    let server = await start(postgres.url)
    for (let round = 0; round < POSTGRES_ROUNDS; round++) {
      const victim = VICTIMS[round % VICTIMS.length]
      const load = startLoad(await prepareRound(server.origin), ledger)
      await untilWorthKilling(ledger)
      if (victim !== 'database') await server.kill()
      if (victim !== 'server') {
        await postgres.crash()
        await postgres.restart()
      }
      // A server that lives on must find its database again by itself.
      if (victim === 'database') await untilWorthKilling(ledger)
      await load.stop()
      if (victim !== 'database') server = await start(postgres.url)
    }
    const database = await openPostgres(postgres.url)
    const faults = await database.read((session: Session) => storedFaults(session, ledger))
    await database.close()
    expect(faults).toEqual([])
    console.log(`PostgreSQL: ${POSTGRES_ROUNDS} kills, ${ledger.writes} acknowledged writes, seed ${SEED}`)
  },
)
