import { readFile } from 'node:fs/promises'
import { sleepSeconds } from '../client/sleep.ts'
import { requireServerRuntime } from '../runtime-support.ts'
import { log } from '../logs/logger.ts'

interface LocalServer {
  /** Without a slash at the end; the API is under `/api`. */
  url: string
  close(): Promise<void>
}

/**
 * The server of a project's own SQLite file. One process runs it, and says where in a file beside the
 * database; others of the same project use that one, and take over when it has ended.
 */
export class EmbeddedServer {
  readonly #database: string
  /** By which requests name the server, whichever process runs it by then. */
  readonly url: string
  #current: string
  #own: LocalServer | undefined
  #finding: Promise<void> | undefined

  private constructor(database: string, { url, own }: Found) {
    this.#database = database
    this.url = url
    this.#current = url
    this.#own = own
  }

  /** Of the process that runs the server now. */
  get current(): string {
    return this.#current
  }

  static async open(database: string): Promise<EmbeddedServer> {
    return new EmbeddedServer(database, await find(database))
  }

  /** Sends to the process that runs the server now. */
  readonly fetch: typeof fetch = async (input, init) => {
    const target = String(input).replace(this.url, this.#current)
    try {
      return await fetch(target, init)
    } catch (error) {
      if (!this.#own && !init?.signal?.aborted) await this.#findAgain()
      throw error
    }
  }

  async close(): Promise<void> {
    await this.#own?.close()
  }

  /** The caller tries again by itself. */
  #findAgain(): Promise<void> {
    this.#finding ??= find(this.#database)
      .then(({ url, own }) => {
        this.#current = url
        this.#own = own
      })
      .finally(() => (this.#finding = undefined))
    return this.#finding
  }
}

interface Found {
  url: string
  own: LocalServer | undefined
}

/** Seconds in which a process that has the database, and may just be starting, says where its server is. */
const PATIENCE_SECONDS = 15

async function find(database: string): Promise<Found> {
  await requireServerRuntime()
  const { startLocalServer } = await import('@reeve/server/local').catch((cause: unknown) => {
    const advice = 'Set REEVE_API_URL to the address of a server, such as http://127.0.0.1:4200/api.'
    throw new Error(`The embedded server cannot be loaded. ${advice}`, { cause })
  })
  let said = false
  for (const deadline = Date.now() + PATIENCE_SECONDS * 1000; ; await sleepSeconds(0.1)) {
    try {
      const own = await startLocalServer({ database, port: 0 })
      return { url: own.url, own }
    } catch (error) {
      // Whichever process has the database says beside it where its server is, as soon as that answers.
      const url = await readFile(`${database}.url`, 'utf8').catch(() => undefined)
      if (url && (await isHealthy(url))) return { url, own: undefined }
      if (!isTaken(error)) throw cannotUse(database, error)
      if (Date.now() > deadline) throw error
      if (said || Date.now() < deadline - (PATIENCE_SECONDS - 1) * 1000) continue
      log.warn(`${(error as Error).message} Waits up to ${PATIENCE_SECONDS} s for it to answer.`)
      said = true
    }
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(5000) })).ok
  } catch {
    return false
  }
}

function cannotUse(database: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new Error(
    `The server inside of the process cannot use ${database} (${why}). Name a folder that it may write to in ` +
      'REEVE_HOME, or set REEVE_API_URL to the address of a server.',
    { cause },
  )
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'unavailable'
}
