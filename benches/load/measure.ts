import { HttpConnection } from '../../packages/server/tests/helpers/http-connection.ts'
import type { HttpAnswer } from '../../packages/server/tests/helpers/http-connection.ts'

/** What one kind of request came to. Times are in milliseconds. */
export interface Measurement {
  /** Answers of the expected status. */
  done: number
  seconds: number
  perSecond: number
  p50: number
  p99: number
  /** Every other answer by its status, and broken connections as `broken`. */
  others: { [status: string]: number }
}

/** Sends a request and waits for its answer; an answer of another status than `expected` counts apart. */
type Send = (
  method: string,
  path: string,
  body: string | undefined,
  expected: number,
) => Promise<HttpAnswer | undefined>

/** One turn of a client; false when it has nothing left to do. */
export type Turn = (send: Send) => Promise<boolean>

/** Lets clients take turns for some seconds, each on a connection of its own. */
export async function measure(
  origin: string,
  { clients, seconds }: { clients: number; seconds: number },
  turn: Turn,
): Promise<Measurement> {
  const latencies: number[] = []
  const others: Measurement['others'] = {}
  const count = (what: string | number) => (others[what] = (others[what] ?? 0) + 1)
  const connections = await Promise.all(Array.from({ length: clients }, () => HttpConnection.open(origin)))
  const started = performance.now()
  const until = started + seconds * 1000

  async function client(first: HttpConnection): Promise<void> {
    let connection = first
    const send: Send = async (method, path, body, expected) => {
      const sent = performance.now()
      try {
        const answer = await connection.request(method, path, body)
        if (answer.status === expected) latencies.push(performance.now() - sent)
        else count(answer.status)
        return answer
      } catch {
        count('broken')
        connection = await HttpConnection.open(origin)
        return undefined
      }
    }
    while (performance.now() < until && (await turn(send)));
    connection.close()
  }

  await Promise.all(connections.map(client))
  const elapsed = (performance.now() - started) / 1000
  const sorted = Float64Array.from(latencies).sort()
  return {
    done: sorted.length,
    seconds: elapsed,
    perSecond: sorted.length / elapsed,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    others,
  }
}

/** Of ascending numbers; NaN when there are none. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
