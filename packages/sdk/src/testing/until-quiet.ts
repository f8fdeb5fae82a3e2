/** Turns of the event loop without any sign of work after which nothing more is expected. */
const QUIET_TURNS = 12
/** Kinds of work that the process waits for and that ends by itself: files, names, hashes, compression. */
const WORK = /Req|Immediate|Job|Zlib|ConnectWrap/i

/**
 * Resolves when the process waits for nothing but time and network: no request is being answered, no file
 * is being read, and promises have settled.
 */
export async function untilQuiet(server: {
  readonly requests: number
  readonly inFlight: number
}): Promise<void> {
  let seen = server.requests
  for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
    const { isWorking } = await nextTurn()
    if (server.inFlight > 0 || server.requests !== seen || isWorking) quiet = -1
    seen = server.requests
  }
}

let turn: Promise<{ isWorking: boolean }> | undefined

/** One for all who look, since each would take the turn that another waits for to be work. */
function nextTurn(): Promise<{ isWorking: boolean }> {
  turn ??= new Promise((resolve) => {
    setImmediate(() => {
      turn = undefined
      resolve({ isWorking: isWorking() })
    })
  })
  return turn
}

function isWorking(): boolean {
  return process.getActiveResourcesInfo?.().some((kind) => WORK.test(kind)) ?? false
}
