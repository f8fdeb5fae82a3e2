/** What the SDK takes for granted beyond what every JavaScript has, with the Node that brought it. */
const NEEDED: readonly { what: string; since: string; isThere: () => boolean }[] = [
  { what: 'Promise.withResolvers', since: '22.13', isThere: () => 'withResolvers' in Promise },
  { what: 'fetch', since: '22.13', isThere: () => 'fetch' in globalThis },
  { what: 'AbortSignal.any', since: '22.13', isThere: () => 'any' in AbortSignal },
]

/** Throws, in one sentence, when the SDK cannot work on this runtime. */
export function requireRuntime(needed = NEEDED, version = process.version): void {
  const missing = needed.filter(({ isThere }) => !isThere())
  const [first] = missing
  if (!first) return
  const names = missing.map(({ what }) => what).join(', ')
  throw new Error(`reeve needs Node ${first.since} or later; this is ${version}, where ${names} is missing.`)
}

/** Throws when the server cannot run inside of this process: its SQLite needs a newer Node than the SDK does. */
export async function requireServerRuntime(version = process.version): Promise<void> {
  const sqlite = await import('node:sqlite').catch(() => undefined)
  if (sqlite && 'setReturnArrays' in sqlite.StatementSync.prototype) return
  throw new Error(
    `The server inside of the process needs Node 22.16 or later; this is ${version}, whose node:sqlite cannot return ` +
      'rows as arrays. Set REEVE_API_URL to the address of a server, such as http://127.0.0.1:4200/api.',
  )
}

requireRuntime()
